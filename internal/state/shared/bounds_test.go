package shared

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// forge appends a record as somebody else's program would: this one appends none that
// no reader believes.
func (s shop) forge(t *testing.T, r *sharedlog.Record) {
	t.Helper()
	place := s.Place("forger")
	entries, timeline, err := sharedlog.Open(place, randomID).From(t.Context(), 0)
	fatal(t, err)
	last := entries[len(entries)-1].Position
	r.N, r.Prev, r.ID, r.Timeline = last.N+1, last.Hash, randomID(), timeline
	if r.Kind == sharedlog.Acquire {
		r.Epoch = r.N
	}
	line, err := json.Marshal(r)
	fatal(t, err)
	fatal(t, place.Append(t.Context(), last, sharedlog.Raw{
		N: r.N, Data: append(line, '\n'), Kind: string(r.Kind), Snapshot: r.Kind == sharedlog.Snapshot, Timeline: timeline,
	}))
}

// Whoever can write to the place can append a record that asks for a wait of years. It
// is refused, and so is a snapshot that says there was one.
func TestNoRecordAsksForYears(t *testing.T) {
	const year = 365 * 24 * 60 * 60 * 1000
	by := &sharedlog.Writer{ID: "forger", Who: "mallory"}
	terms := func(lease, call, settle int64) *sharedlog.Terms {
		return &sharedlog.Terms{LeaseMS: lease, CallMS: call, SettleMS: settle}
	}
	acquire := func(of *sharedlog.Terms) []*sharedlog.Record {
		return []*sharedlog.Record{{Kind: sharedlog.Acquire, By: by, Terms: of}}
	}
	snapshot := func(of string) []*sharedlog.Record {
		held := acquire(terms(180_000, 60_000, 120_000))[0]
		return []*sharedlog.Record{held, {Kind: sharedlog.Snapshot, Epoch: 2, Fold: json.RawMessage(of)}}
	}
	for name, forged := range map[string][]*sharedlog.Record{
		"lease_ms":        acquire(terms(year, 60_000, 120_000)),
		"call_ms":         acquire(terms(180_000, year, 120_000)),
		"settle_ms":       acquire(terms(180_000, 60_000, year)),
		"a large number":  acquire(terms(180_000, 60_000, math.MaxInt64)),
		"less than none":  acquire(terms(180_000, 60_000, -1)),
		"no lease":        acquire(terms(-1, 60_000, 120_000)),
		"left_ms":         {{Kind: sharedlog.Acquire, By: by, Terms: terms(180_000, 60_000, 120_000), LeftMS: year}},
		"a snapshot":      snapshot(`{"epoch":2,"holder":{"id":"forger","who":"mallory"},"lease_ms":180000,"settle_ms":31536000000}`),
		"a long lease":    snapshot(`{"epoch":2,"holder":{"id":"forger","who":"mallory"},"lease_ms":31536000000,"settle_ms":120000}`),
		"left of a fold":  snapshot(`{"epoch":2,"holder":{"id":"forger","who":"mallory"},"lease_ms":180000,"left_ms":31536000000}`),
		"an older of its": append(acquire(terms(180_000, 60_000, 120_000)), &sharedlog.Record{Kind: sharedlog.Snapshot, Epoch: 2, Older: 3, Fold: json.RawMessage(`{"epoch":2}`)}),
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			for _, r := range forged {
				s.forge(t, r)
			}
			b := New(s.Place("a"), Options{Dir: t.TempDir(), Lineage: s.lineage})
			defer b.Close()
			err, damaged := b.Refresh(t.Context()), (*sharedlog.DamagedError)(nil)
			if !errors.As(err, &damaged) {
				t.Fatalf("the record is believed: %v", err)
			}
			if strings.Contains(name, "_ms") && !strings.Contains(err.Error(), "its "+name+" asks for") {
				t.Errorf("the error does not say what it asks for: %v", err)
			}
		})
	}
}

// A request that no reader would believe is refused before it is on record: it would
// keep all others from the state.
func TestNoRequestAsksForYears(t *testing.T) {
	s := newShop(t)
	b := New(s.Place("a"), Options{Dir: t.TempDir(), Lineage: s.lineage})
	defer b.Close()
	if _, _, err := b.Lock(t.Context(), backend.Request{Settle: 365 * 24 * time.Hour}); err == nil {
		t.Fatal("a settle of a year was put on record")
	}
	commits(t, b, 1)
}
