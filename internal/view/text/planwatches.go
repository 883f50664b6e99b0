package text

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/watch"
	"github.com/gdfctl/gdfctl/internal/words"
)

// PlanWatches prints, below a plan, what the latest check of feeds found: the
// feeds that fail or warn, and how many do not. A report without a time says
// that there was no check.
func PlanWatches(w io.Writer, s Style, latest watch.Report, now time.Time) error {
	if latest.At.IsZero() {
		_, err := fmt.Fprintf(w, "\n%s\n", s.faint("Feeds: not checked yet; `gdfctl feeds check` does."))
		return err
	}
	all := report.FeedsOf(latest.Results)
	head := fmt.Sprintf("Feeds, as seen %s ago: %s.", words.Age(now.Sub(latest.At)), all.Tally().Words())
	var out strings.Builder
	fmt.Fprintf(&out, "\n%s\n", s.bold(s.wrapped("", head)))
	wrong := all.In(report.Failing, report.Warning)
	for i, f := range wrong {
		if i == firstOfGroup {
			fmt.Fprintf(&out, "    %s\n", s.faint(fmt.Sprintf("… and %s more; `gdfctl feeds check` says more", number(len(wrong)-i))))
			break
		}
		out.WriteString(inBrief(s, f) + "\n")
	}
	for _, a := range latest.Unread() {
		fmt.Fprintf(&out, "%s\n", s.yellow(s.wrapped("", "Account "+a.Name+" could not be read at the latest check: what is known of its feeds is older.")))
	}
	_, err := io.WriteString(w, out.String())
	return err
}
