package placetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// calls are all that a place can be asked for, on a log of three records.
func calls(ctx context.Context, p sharedlog.Place, end sharedlog.Position) map[string]error {
	hash := sharedlog.HashOf([]byte("value"))
	_, proved := p.Prove(ctx)
	_, read := p.Read(ctx, -1)
	_, start := p.Start(ctx)
	_, got := p.Get(ctx, hash)
	return map[string]error{
		"Prepare": p.Prepare(ctx),
		"Prove":   proved,
		"Append":  p.Append(ctx, end, recordBehind(end, "ended", "too late")),
		"Read":    read,
		"Start":   start,
		"Trim":    p.Trim(ctx, 1),
		"Put":     p.Put(ctx, hash, []byte("value")),
		"Get":     got,
		"Sweep":   p.Sweep(ctx, func(string) bool { return true }, time.Time{}),
	}
}

func testContexts(t *testing.T, f Fixture) {
	w := f.begun(t, 3)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	err := w.Append(canceled, w.end, w.record("canceled"))
	var taken *sharedlog.TakenError
	if err == nil || errors.As(err, &taken) {
		t.Errorf("appending with a context that has ended: error %v, expected one that says nothing of the log", err)
	}
	for _, call := range []func() error{
		func() error { _, err := w.Read(canceled, -1); return err },
		func() error { _, err := w.Start(canceled); return err },
		func() error { _, err := w.Get(canceled, sharedlog.HashOf(nil)); return err },
		func() error { return w.Put(canceled, sharedlog.HashOf(nil), nil) },
	} {
		if err := call(); err == nil {
			t.Error("a call whose context had ended returned no error")
		} else if errors.Is(err, sharedlog.ErrNoLog) || errors.Is(err, sharedlog.ErrTrimmed) {
			t.Errorf("a call whose context had ended: %v", err)
		}
	}
	if got := readAll(t, w, -1); len(got) != 3 {
		t.Errorf("%d records, expected 3", len(got))
	}
	w.add(t) // the place goes on
	wantRecords(t, f.open(t), readAll(t, w, -1))
}

func testClosing(t *testing.T, f Fixture) {
	w := f.begun(t, 3)
	other := f.another(t, "other", w)
	must(t, w.Close())
	for name, err := range calls(t.Context(), w, w.end) {
		if err == nil {
			t.Errorf("%s on a closed place returned no error", name)
		}
	}
	_ = w.Close() // twice
	if got := readAll(t, other, -1); len(got) != 3 {
		t.Errorf("%d records, expected 3", len(got))
	}
	other.add(t)

	// Nothing that was never used needs to be closed, or can't be.
	must(t, f.Open(t).Close())
}

func testFailover(t *testing.T, f Fixture) {
	w := f.begun(t, 4)
	was := readPage(t, w, 2)
	r := w.record("on its timeline")
	r.Timeline = was.Timeline
	must(t, w.push(t, r))
	if f.Failover == nil {
		t.Skip("no server takes over from another one here")
	}
	if was.Timeline == "" {
		t.Fatal("the pages don't say on which timeline the place is")
	}
	f.Failover(t, 1)
	other := &writer{Place: f.open(t), name: "other", end: was.Records[0].Position()}
	is := readPage(t, other, 2)
	if is.Timeline == was.Timeline || is.Timeline == "" {
		t.Errorf("the timeline is %q after a failover, and was %q before it", is.Timeline, was.Timeline)
	}
	if len(is.Records) != 1 || is.Records[0].Position() != other.end {
		t.Fatalf("the log ends with record %d", is.Records[len(is.Records)-1].N)
	}
	r = other.record("on the former timeline")
	r.Timeline = was.Timeline
	var timeline *sharedlog.TimelineError
	if err := other.push(t, r); !errors.As(err, &timeline) || timeline.Was != was.Timeline || timeline.Is != is.Timeline {
		t.Errorf("appending on the former timeline: error %v", err)
	}
	if got := readAll(t, other, -1); len(got) != 4 {
		t.Errorf("%d records, expected 4", len(got))
	}
	r.Timeline = is.Timeline
	must(t, other.push(t, r))
	other.add(t) // on whichever
}

// testClock asks what time it is in the place, where it says so. It is on this machine.
func testClock(t *testing.T, f Fixture) {
	p := f.Open(t)
	clocked, ok := p.(sharedlog.Clocked)
	if !ok {
		t.Skip("it has no clock")
	}
	must(t, p.Prepare(t.Context()))
	at, err := clocked.Clock(t.Context())
	must(t, err)
	if off := time.Until(at).Abs(); !at.IsZero() && off > time.Minute {
		t.Errorf("it is %s there", at)
	}
}
