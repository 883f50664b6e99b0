package pglog

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// A standby takes over that lacks the last records. Their writer, who goes on, is
// refused, and everybody sees which log is left.
func TestAFailoverThatLosesRecords(t *testing.T) {
	for lost := 1; lost <= 3; lost++ {
		t.Run(fmt.Sprint(lost), func(t *testing.T) {
			t.Parallel()
			pair := stores.PostgresPair(t)
			db := pair.Database(t)
			url := db.Through(pair.Proxy.Address)
			w := begun(t, url, 0)
			var kept []sharedlog.Raw
			add := func() sharedlog.Raw {
				r := w.next()
				must(t, w.push(t, r))
				return r
			}
			for range 3 {
				kept = append(kept, add())
			}
			was, err := w.Read(t.Context(), 0)
			must(t, err)
			w.timeline = was.Timeline
			before := w.end
			kept = append(kept, add())
			atStandby := *db
			atStandby.PostgresServer = pair.Standby

			pair.Disconnect(t)
			isStandby(t, open(t, db.Through(pair.Standby.Address)), w.end)
			if _, err := open(t, db.Through(pair.Standby.Address+","+pair.Address)).Read(t.Context(), -1); err != nil {
				t.Errorf("with both servers in the url, the primary was not found: %v", err)
			}
			left := w.end
			for range lost {
				add()
			}
			pair.Promote(t)

			var timeline *sharedlog.TimelineError
			if err := w.answer(t, w.next()); !errors.As(err, &timeline) || timeline.Was != was.Timeline || timeline.Is == was.Timeline {
				t.Fatalf("the writer's next record: error %v", err)
			}
			// Nor does a record count that reached the standby, and is repeated because
			// its answer was lost: others may not have.
			if err := w.Append(t.Context(), before, kept[len(kept)-1]); !errors.As(err, &timeline) {
				t.Errorf("a record that is in the log: error %v", err)
			}
			reader := open(t, url)
			page, err := reader.Read(t.Context(), -1)
			must(t, err)
			if page.Timeline != timeline.Is || len(page.Records) != len(kept) || page.Records[len(kept)-1].Position() != left {
				t.Errorf("%d records are left on timeline %s, expected %d on %s", len(page.Records), page.Timeline, len(kept), timeline.Is)
			}
			wantRecords(t, &atStandby, kept...)

			// Not even behind the end that is left.
			w.end = left
			if err := w.push(t, w.next()); !errors.As(err, &timeline) {
				t.Errorf("a record for the former timeline: error %v", err)
			}
			w.timeline = page.Timeline
			r := w.next()
			must(t, w.push(t, r))
			wantRecords(t, &atStandby, append(kept, r)...)
		})
	}
}

// isStandby checks that a standby is neither read nor written, whatever it has.
func isStandby(t *testing.T, p *Place, end sharedlog.Position) {
	t.Helper()
	w := &writer{Place: p, end: end}
	_, read := p.Read(t.Context(), -1)
	_, start := p.Start(t.Context())
	_, proof := p.Prove(t.Context())
	for what, err := range map[string]error{
		"append": w.push(t, w.next()), "trim": p.Trim(t.Context(), 2), "put": p.Put(t.Context(), "hash", []byte("value")),
		"prepare": p.Prepare(t.Context()), "prove": proof,
	} {
		var refused *sharedlog.RefusedError
		if !errors.As(err, &refused) || !strings.Contains(refused.Reason, "standby") {
			t.Errorf("%s on a standby: error %v", what, err)
		}
	}
	for what, err := range map[string]error{"read": read, "start": start} {
		if err == nil || !strings.Contains(err.Error(), "standby") {
			t.Errorf("%s on a standby: error %v", what, err)
		}
	}
}
