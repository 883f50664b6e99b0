package text

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/state"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// shippedEntry is an order that was shipped at noon, and as a read after it
// shows it.
func shippedEntry(id string, seen order.Status, verified bool) *state.Entry {
	values := order.Values{Status: order.Shipped, Tracking: "1Z", Carrier: "UPS"}
	e := &state.Entry{
		Key:      state.Key{Endpoint: "sandbox", Account: "main", ID: id},
		Ref:      order.Ref{ID: id, Source: "Amazon", SourceNumber: "112-" + id},
		Applied:  &state.Applied{Action: order.Ship, Values: values, At: noon, RunID: "r1", Seq: 1, Attempt: 1},
		Observed: &state.Observed{Values: order.Values{Status: seen}, At: noon.Add(time.Minute)},
	}
	if seen == order.Shipped {
		e.Observed.Values = values
	}
	if verified {
		e.Verified = noon.Add(time.Hour)
	}
	return e
}

func TestStateList(t *testing.T) {
	unknown := shippedEntry("d", order.Shipped, true)
	unknown.Intents = []state.Intent{{Action: order.Correct}}
	open := shippedEntry("e", order.New, false)
	open.Applied = nil
	unread := shippedEntry("f", order.New, false)
	unread.Observed.At = noon.Add(-time.Minute)
	entries := []*state.Entry{
		shippedEntry("a", order.Processing, false), shippedEntry("b", order.Shipped, false),
		shippedEntry("c", order.Shipped, true), unknown, open, unread,
	}
	list := report.NewState("", 1, entries, nil)
	var out strings.Builder
	if err := StateList(&out, Style{}, list); err != nil {
		t.Fatal(err)
	}
	want := `
ACCOUNT  ORDER         ID  LAST ACTION  APPLIED AT            STATUS
main     Amazon 112-a  a   ship         2026-11-20 12:00:00Z  pending
main     Amazon 112-b  b   ship         2026-11-20 12:00:00Z  applied
main     Amazon 112-c  c   ship         2026-11-20 12:00:00Z  verified
main     Amazon 112-d  d   ship         2026-11-20 12:00:00Z  unknown
main     Amazon 112-e  e   –            –                     open
main     Amazon 112-f  f   ship         2026-11-20 12:00:00Z  applied
`
	if diff := cmp.Diff(want[1:], out.String()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("6 orders: 1 unknown, 1 pending, 2 applied, 1 verified, 1 open.", list.Counts()); diff != "" {
		t.Error(diff)
	}
}
