package spec

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// DiagnosticsOfAKind is how many diagnostics of one kind are told one by one;
// the rest is counted.
const DiagnosticsOfAKind = 50

// quotedName is what tells two diagnostics of one kind apart.
var quotedName = regexp.MustCompile(`"(?:[^"\\\\]|\\\\.)*"`)

// limited sorts diagnostics by place, keeps the first of each kind and counts
// the rest. What has no place comes first.
func limited(diags hcl.Diagnostics) hcl.Diagnostics {
	slices.SortStableFunc(diags, func(a, b *hcl.Diagnostic) int {
		if a.Subject == nil || b.Subject == nil {
			return cmp.Compare(rank(a), rank(b))
		}
		return placeOf(*a.Subject).compare(placeOf(*b.Subject))
	})
	type kind struct {
		severity hcl.DiagnosticSeverity
		summary  string
	}
	count := map[kind]int{}
	var kinds []kind
	var kept hcl.Diagnostics
	told := false
	for _, d := range diags {
		if d == toldAlready {
			told = true
			continue
		}
		k := kind{d.Severity, quotedName.ReplaceAllLiteralString(d.Summary, `"…"`)}
		if count[k] == 0 {
			kinds = append(kinds, k)
		}
		if count[k]++; count[k] <= DiagnosticsOfAKind {
			kept = append(kept, d)
		}
	}
	for _, k := range kinds {
		if more := count[k] - DiagnosticsOfAKind; more > 0 {
			kept = append(kept, &hcl.Diagnostic{Severity: k.severity, Summary: k.summary, Detail: fmt.Sprintf("… and %d more of this kind.", more)})
		}
	}
	if told && !kept.HasErrors() {
		kept = append(kept, toldAlready)
	}
	return kept
}

// rank puts what has no place before what has one.
func rank(d *hcl.Diagnostic) int {
	if d.Subject == nil {
		return 0
	}
	return 1
}
