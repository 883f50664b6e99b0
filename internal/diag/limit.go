package diag

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
)

// MostOfAKind is how many diagnostics of one kind are shown one by one; the rest
// are counted.
const MostOfAKind = 50

// quotedName is what tells two diagnostics of one kind apart.
var quotedName = regexp.MustCompile(`"(?:[^"\\\\]|\\\\.)*"`)

// Limited sorts diagnostics by place, keeps the first of each kind and counts
// the rest. What has no place comes first.
func Limited(list List) List {
	slices.SortStableFunc(list, Compare)
	type kind struct {
		severity Severity
		summary  string
	}
	count := map[kind]int{}
	var kinds []kind
	var kept List
	for _, d := range list {
		k := kind{d.Severity, quotedName.ReplaceAllLiteralString(d.Summary, `"…"`)}
		if count[k] == 0 {
			kinds = append(kinds, k)
		}
		if count[k]++; count[k] <= MostOfAKind {
			kept = append(kept, d)
		}
	}
	for _, k := range kinds {
		if more := count[k] - MostOfAKind; more > 0 {
			kept = append(kept, &Diagnostic{Severity: k.severity, Summary: k.summary, Detail: fmt.Sprintf("… and %d more of this kind.", more)})
		}
	}
	return kept
}

// Compare orders diagnostics by file, line and column. What has no place comes
// first.
func Compare(a, b *Diagnostic) int {
	if a.Range == nil || b.Range == nil {
		return cmp.Compare(rank(a), rank(b))
	}
	return cmp.Or(cmp.Compare(a.Range.File, b.Range.File), cmp.Compare(a.Range.Start.Line, b.Range.Start.Line),
		cmp.Compare(a.Range.Start.Column, b.Range.Start.Column))
}

// rank puts what has no place before what has one.
func rank(d *Diagnostic) int {
	if d.Range == nil {
		return 0
	}
	return 1
}
