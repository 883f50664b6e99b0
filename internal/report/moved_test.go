package report

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// The directories whose limits count are named, as many as a line has room for.
func TestLinesOfWhatWasMoved(t *testing.T) {
	for want, d := range map[string]spec.PolicyDiff{
		"Policy: main has no configuration here, so the default limits count too.":                                                          {Missing: true},
		"Policy: main has no configuration here, and a is gone or changed: its limits count too, and the default ones.":                     {Missing: true, MovedFrom: []string{"a"}},
		"Policy: main has no configuration here, and a, b are gone or changed: their limits count too, and the default ones.":               {Missing: true, MovedFrom: []string{"a", "b"}},
		"Policy: main has no configuration here, and a, b, c and 2 more are gone or changed: their limits count too, and the default ones.": {Missing: true, MovedFrom: []string{"a", "b", "c", "d", "e"}},
		"Policy: main has this state in a: what it allows there counts too.":                                                                {MovedFrom: []string{"a"}},
	} {
		d.Ref = "main"
		if got := PolicyLines(&d); len(got) != 1 || got[0] != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
