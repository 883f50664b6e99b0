package placetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// trims leaves out a test on a place that keeps everything.
func (f Fixture) trims(t *testing.T) {
	t.Helper()
	if f.KeepsAll {
		t.Skip("this place keeps everything")
	}
}

// trim removes the records before one, now.
func (f Fixture) trim(t *testing.T, w *writer, before int64) {
	t.Helper()
	must(t, w.Trim(t.Context(), before))
	if f.Deferred {
		w.add(t)
	}
}

func testTrim(t *testing.T, f Fixture) {
	f.trims(t)
	w := f.begun(t, 0)
	var records []sharedlog.Raw
	for range 12 {
		records = append(records, w.add(t))
	}
	f.trim(t, w, 1) // nothing
	if got := readAll(t, f.open(t), -1)[:12]; len(got) != 12 {
		t.Fatal("trimming before record 1 removed something")
	}
	f.trim(t, w, 8)
	for _, p := range []sharedlog.Place{w, f.open(t)} {
		if page := readPage(t, p, -1); page.Records[0].Position() != records[0].Position() || len(page.Records) != 1 {
			t.Errorf("the first page holds %d records, expected record 0 alone", len(page.Records))
		}
		for after := range int64(7) {
			_, err := p.Read(t.Context(), after)
			wantError(t, fmt.Sprintf("reading behind %d", after), err, sharedlog.ErrTrimmed)
		}
		for after := int64(7); after <= 10; after++ {
			if got := readAll(t, p, after); got[0].Position() != records[after+1].Position() {
				t.Errorf("behind %d there is %s", after, got[0].Position())
			}
		}
	}
	w.add(t)
	f.trim(t, w, 5) // less than before
	f.trim(t, w, w.end.N)
	_, err := f.open(t).Read(t.Context(), w.end.N-2)
	if !f.Deferred {
		wantError(t, "reading what was trimmed last", err, sharedlog.ErrTrimmed)
	}
	w.add(t)
	if page := readPage(t, f.open(t), w.end.N-1); page.Records[0].Position() != w.end {
		t.Errorf("the log ends with %s, expected %s", page.Records[0].Position(), w.end)
	}
}

// A writer that was stopped for a week believes in an end that is gone, and
// everything behind it too.
func testTrimmedSlots(t *testing.T, f Fixture) {
	f.trims(t)
	const kept = 7
	w := f.begun(t, 0)
	var stale []*writer
	for n := range 10 {
		w.add(t)
		if n <= kept {
			stale = append(stale, f.another(t, fmt.Sprint("stopped at ", n), w))
		}
	}
	f.trim(t, w, kept)
	before := readAll(t, f.open(t), kept-1)
	for _, s := range append(stale, &writer{Place: f.open(t), name: "beginner", end: sharedlog.Before}) {
		wantTaken(t, s.push(t, s.record("woke up")), s.end)
		wantTaken(t, s.push(t, s.record("again")), s.end)
	}
	for _, p := range []sharedlog.Place{stale[0], f.open(t)} {
		if page := readPage(t, p, -1); len(page.Records) != 1 {
			t.Errorf("record %s is behind record 0", page.Records[1].Data)
		}
		for after := range int64(kept - 1) {
			_, err := p.Read(t.Context(), after)
			wantError(t, fmt.Sprintf("reading behind %d", after), err, sharedlog.ErrTrimmed)
		}
		if got := readAll(t, p, kept-1); len(got) != len(before) || got[0].Position() != before[0].Position() {
			t.Errorf("the log holds %d records, expected %d", len(got), len(before))
		}
	}
	w.add(t)
	f.trim(t, w, w.end.N)
}

// One holder appends and trims what is old, while those who know older ends append
// behind them, and others read from wherever they are.
func testTrimmingMeanwhile(t *testing.T, f Fixture) {
	f.trims(t)
	w := f.begun(t, 3)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var stale []*writer
	for i := range 3 {
		stale = append(stale, f.another(t, fmt.Sprint("stopped ", i), w))
	}
	w.add(t)
	var wg sync.WaitGroup
	for _, s := range stale {
		wg.Go(func() { s.appendAtOldEnds(ctx, t) })
		reader := f.open(t)
		wg.Go(func() { follow(ctx, t, reader) })
	}
	for i := range f.Records / 5 {
		w.addSnapshot(t)
		for range 4 {
			w.add(t)
		}
		if i%2 == 1 {
			must(t, w.Trim(t.Context(), w.end.N-4)) // the last snapshot
		}
	}
	stop()
	wg.Wait()
	got := readAll(t, f.open(t), w.end.N-2)
	if len(got) != 2 || got[1].Position() != w.end {
		t.Errorf("the log does not end with what was appended last")
	}
}

// appendAtOldEnds believes in an end that is old, and then in the next one that it
// can read.
func (w *writer) appendAtOldEnds(ctx context.Context, t *testing.T) {
	for attempt := 0; ctx.Err() == nil; attempt++ {
		r := w.record(fmt.Sprint("old end ", attempt))
		err := w.insist(ctx, r)
		var taken *sharedlog.TakenError
		if ctx.Err() == nil && !errors.As(err, &taken) {
			t.Errorf("%s: appending behind the old end %s: error %v", w.name, w.end, err)
			return
		}
		if attempt%8 != 7 {
			continue
		}
		start, err := w.Start(ctx)
		if err != nil {
			continue
		}
		page, err := w.Read(ctx, start-1)
		if err == nil && len(page.Records) >= 2 { // the last one is no old end
			w.end = page.Records[0].Position()
		}
	}
}

// follow reads the log as it grows, and checks that each record names the one
// before it.
func follow(ctx context.Context, t *testing.T, p sharedlog.Place) {
	at := sharedlog.Before
	for ctx.Err() == nil {
		page, err := p.Read(ctx, at.N)
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, sharedlog.ErrTrimmed):
			start, err := p.Start(ctx)
			if err != nil && ctx.Err() == nil {
				t.Errorf("where to start: %v", err)
				return
			}
			at = sharedlog.Position{N: start - 1} // its record is gone, and so is its hash
			continue
		case err != nil:
			t.Errorf("reading behind %s: %v", at, err)
			return
		}
		for _, r := range page.Records {
			var said struct {
				N    int64
				Prev string
			}
			if err := json.Unmarshal(r.Data, &said); err != nil || said.N != at.N+1 || r.N != said.N || at.Hash != "" && said.Prev != at.Hash {
				t.Errorf("%s follows %s", r.Data, at)
				return
			}
			at = r.Position()
		}
	}
}

func testStart(t *testing.T, f Fixture) {
	w := f.begun(t, 0)
	want := func(n int64) {
		t.Helper()
		for _, p := range []sharedlog.Place{w, f.open(t)} {
			if got, err := p.Start(t.Context()); got != n || err != nil {
				t.Errorf("readers start at %d, %v, expected %d", got, err, n)
			}
		}
	}
	w.add(t)
	want(0)
	w.add(t)
	want(0)
	w.addSnapshot(t)
	want(2)
	w.add(t)
	want(2)

	// A snapshot that came too late is none.
	late := f.another(t, "late", w)
	r := late.record("snapshot")
	r.Kind, r.Snapshot = "snapshot", true
	w.add(t)
	wantTaken(t, late.push(t, r), late.end)
	want(2)
	w.add(t)
	w.addSnapshot(t)
	want(6)
	if !f.KeepsAll {
		f.trim(t, w, 6)
		want(6)
	}
	must(t, late.Close())
}
