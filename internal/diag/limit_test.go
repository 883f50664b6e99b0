package diag

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Whatever is found in whatever order, the first of each kind are shown, and the
// others counted.
func TestLimited(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list List
		for i := range rapid.IntRange(0, 4*MostOfAKind).Draw(t, "diagnostics") {
			d := &Diagnostic{
				Severity: rapid.SampledFrom([]Severity{Error, Warning}).Draw(t, "severity"),
				Summary:  rapid.SampledFrom([]string{"a", `b "x"`, `b "y"`}).Draw(t, "summary"), Detail: fmt.Sprint(i),
			}
			if line := rapid.IntRange(0, 30).Draw(t, "line"); line > 0 {
				d.Range = &Range{File: "f", Start: Pos{Line: line}}
			}
			list = append(list, d)
		}
		var want List
		sorted := slices.Clone(list)
		slices.SortStableFunc(sorted, Compare)
		counts := map[kind]int{}
		var kinds []kind
		for _, d := range sorted {
			k := kindOf(d)
			if counts[k]++; counts[k] == 1 {
				kinds = append(kinds, k)
			}
			if counts[k] <= MostOfAKind {
				want = append(want, d)
			}
		}
		for _, k := range kinds {
			if counts[k] > MostOfAKind {
				want = append(want, &Diagnostic{Severity: k.severity, Summary: k.summary, Detail: fmt.Sprintf("… and %d more of this kind.", counts[k]-MostOfAKind)})
			}
		}
		if diff := cmp.Diff(want, Limited(list)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
