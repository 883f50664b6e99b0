package text

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/samples"
)

const statusAt80 = `
Needs you
    3 refused by the marketplace      oldest 2 h                  gdfctl verify
    1 PULL PARCEL 1Z999AA10000000050  Amazon 112-1234567-1234560
    1 PULL PARCEL 1Z999AA10000000051  Amazon 112-1234567-1234561
    1 PULL PARCEL 1Z999AA10000000052  Amazon 112-1234567-1234562
    1 PULL PARCEL 1Z999AA10000000053  Amazon 112-1234567-1234563
    1 PULL PARCEL 1Z999AA10000000054  Amazon 112-1234567-1234564
    2 more to pull
      gdfctl status --pull-list
    2 outcome unknown                 oldest 14 h                 gdfctl apply
    1 Walmart, not acknowledged       oldest 5 h of 4 h
      gdfctl orders list --status new --source Walmart
    1 feed fails                      checked 3 h ago
      gdfctl feeds check
Waiting
1,041 accepted, not shown yet         oldest 25 min               gdfctl verify
    1 call in progress                oldest 1 s
    6 Walmart, not acknowledged       oldest 3 h 10 min of 4 h
      gdfctl orders list --status new --source Walmart
Not in any table
  37+ new orders                      oldest 3 d 4 h
      gdfctl orders list --unclaimed --status new
Not known: new orders of account eu
4 calls.
`

func statusText(t *testing.T, s Style, r *report.Status) string {
	t.Helper()
	var out strings.Builder
	if err := Status(&out, s, r); err != nil {
		t.Fatal(err)
	}
	return "\n" + out.String()
}

func TestStatusFitsTheTerminal(t *testing.T) {
	for width, want := range map[int]string{0: statusAt80, 80: statusAt80} {
		if diff := cmp.Diff(want, statusText(t, Style{Width: width}, samples.Morning())); diff != "" {
			t.Errorf("at %d columns (-want +got):\n%s", width, diff)
		}
	}
	for _, width := range []int{30, 40, 50, 60, 80, 120} {
		for line := range strings.Lines(statusText(t, Style{Width: width}, samples.Morning())) {
			line = strings.TrimRight(line, "\n")
			if strings.HasSuffix(line, " ") || displayWidth(line) > width && !strings.HasPrefix(strings.TrimSpace(line), "gdfctl") && !strings.Contains(line, "1Z") && !strings.Contains(line, "112-") {
				t.Errorf("at %d columns: %q", width, line)
			}
		}
	}
}

func TestAStatusOfNothing(t *testing.T) {
	got := statusText(t, Style{}, report.NewStatus(time.Unix(0, 0), true, 0))
	if want := "\nNothing needs you, and nothing waits.\nThe API was not asked: new orders are not looked at.\n"; got != want {
		t.Errorf("%q", got)
	}
}
