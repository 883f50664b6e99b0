package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// schedules is what agents are to do by themselves from now on.
func (v *planView) schedules() {
	for _, line := range report.ScheduleLines(v.p.PolicyRef) {
		v.printf("%s\n", unusual(v.s, line))
	}
}

// unusual is what else is not so on other days.
func (v *planView) unusual() {
	if v.p.Unusual == nil {
		return
	}
	for _, line := range v.p.Unusual.Lines()[len(report.ScheduleLines(v.p.PolicyRef)):] {
		v.printf("%s\n", unusual(v.s, line))
	}
}

func unusual(s Style, line string) string {
	return s.yellow(s.flow("", "  ", " ", strings.Fields(safetext.Line(line))))
}

// PolicyRef prints how the policy differs from that of the commit that it is to be
// merged into.
func PolicyRef(w io.Writer, s Style, d *spec.PolicyDiff) {
	for _, line := range report.PolicyLines(d) {
		fmt.Fprintln(w, unusual(s, line))
	}
}
