package text

import (
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
)

func halfDone() apply.Event {
	return apply.Event{Type: apply.Progress, Done: 50_000, Failed: 12, Total: 100_000, PerSecond: 1.9, ETASeconds: 26_316}
}

func TestProgressInLines(t *testing.T) {
	var out strings.Builder
	v := NewApplyProgress(&out, Style{Width: DefaultWidth})
	v.Event(halfDone(), time.Unix(0, 0))
	v.Event(apply.Event{Type: apply.Progress, Done: 3, Total: 9}, time.Unix(0, 0)) // nothing is known of the pace
	v.Event(apply.Event{Type: apply.ChangeFailed, Order: &order.Ref{Source: "Amazon", SourceNumber: "112-1"}, Action: order.Ship, Message: "no"}, time.Unix(0, 0))
	v.Event(apply.Event{Type: apply.Progress, Message: "waiting"}, time.Unix(0, 0))
	want := `50,000 of 100,000 done, 12 failed, 1.9/s, about 7 h 18 min left
3 of 9 done
  ! Amazon 112-1 ship: no
  … waiting
`
	if out.String() != want {
		t.Errorf("is\n%s\nwant\n%s", out.String(), want)
	}
}

// A line that is as wide as the terminal or wider breaks, and is not taken away
// when it is drawn anew.
func TestTheBarFitsTheTerminal(t *testing.T) {
	for width, want := range map[int]string{
		100: "━━━━━━━━━━━━━━━─────────────── 50,000 of 100,000 done, 12 failed, 1.9/s, about 7 h 18 min left",
		80:  "━━━━━━━──────── 50,000 of 100,000 done, 12 failed, 1.9/s, about 7 h 18 min left",
		60:  "50,000 of 100,000 done, 12 failed, about 7 h 18 min left",
		50:  "50,000 of 100,000 done, about 7 h 18 min left",
		40:  "━━━━━━━━──────── 50,000 of 100,000 done",
		20:  "50,000 of 100,000 d",
		1:   "",
	} {
		var out strings.Builder
		v := NewApplyProgress(&out, Style{Terminal: true, Width: width})
		v.Event(halfDone(), time.Unix(1, 0))
		drawn, ok := strings.CutPrefix(out.String(), "\r\x1b[K")
		if !ok || drawn != want {
			t.Errorf("at %d columns: %q, want %q", width, drawn, want)
		}
		if n := cells.StringWidth(drawn); n >= max(width, 1) {
			t.Errorf("at %d columns it takes %d", width, n)
		}
	}
}

// The bar is taken away before a line is written in its place.
func TestTheBarGivesWay(t *testing.T) {
	var out strings.Builder
	v := NewApplyProgress(&out, Style{Terminal: true, Width: 80})
	v.Event(halfDone(), time.Unix(1, 0))
	v.Event(apply.Event{Type: apply.Throttled, Message: "slow down"}, time.Unix(1, 1))
	v.Done()
	if !strings.HasSuffix(out.String(), " left\r\x1b[K  … slow down\n") {
		t.Errorf("%q", out.String())
	}
}
