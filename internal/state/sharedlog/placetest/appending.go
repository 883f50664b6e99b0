package placetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

func testNoLog(t *testing.T, f Fixture) {
	p := f.open(t)
	for _, after := range []int64{-1, 0, 7} {
		_, err := p.Read(t.Context(), after)
		wantError(t, fmt.Sprintf("reading behind %d", after), err, sharedlog.ErrNoLog)
	}
	_, err := p.Start(t.Context())
	wantError(t, "where to start", err, sharedlog.ErrNoLog)
	if name := p.String(); name == "" || strings.ContainsAny(name, "\n") {
		t.Errorf("the place is called %q", name)
	}
	prev := sharedlog.Position{N: 4, Hash: sharedlog.HashOf([]byte("4"))}
	must(t, p.Prepare(t.Context()))
	wantTaken(t, p.Append(t.Context(), prev, recordBehind(prev, "first", "no log")), prev)
	_, err = p.Read(t.Context(), -1)
	wantError(t, "reading after that", err, sharedlog.ErrNoLog)
}

func testBegunOnce(t *testing.T, f Fixture) {
	w := f.begun(t, 0)
	first := w.add(t)
	other := &writer{Place: f.open(t), name: "other", end: sharedlog.Before}
	must(t, other.Prepare(t.Context()))
	wantTaken(t, other.push(t, other.record("begun again")), sharedlog.Before)
	wantRecords(t, other, []sharedlog.Raw{first})
}

func testProve(t *testing.T, f Fixture) {
	p := f.open(t)
	must(t, p.Prepare(t.Context()))
	_, err := p.Prove(t.Context())
	must(t, err)
	_, err = p.Read(t.Context(), -1)
	wantError(t, "reading after a proof", err, sharedlog.ErrNoLog)

	w := &writer{Place: p, name: "first", end: sharedlog.Before}
	records := []sharedlog.Raw{w.add(t), w.add(t)}
	_, err = p.Prove(t.Context())
	must(t, err)
	wantRecords(t, f.open(t), records)
	records = append(records, w.add(t))
	wantRecords(t, p, records)
}

func testRecords(t *testing.T, f Fixture) {
	w := f.begun(t, 0)
	reader := f.open(t)
	var records []sharedlog.Raw
	for range 5 {
		records = append(records, w.add(t))
		wantRecords(t, reader, records) // at once, also by who has read before
	}
	for _, after := range []int64{4, 5, 40} {
		page, err := reader.Read(t.Context(), after)
		must(t, err)
		if len(page.Records) > 0 {
			t.Errorf("behind %d there is record %d", after, page.Records[0].N)
		}
	}
}

func testPages(t *testing.T, f Fixture) {
	w := f.begun(t, 0)
	var records []sharedlog.Raw
	for range f.Records {
		records = append(records, w.add(t))
	}
	reader := f.open(t)
	wantRecords(t, reader, records)
	for _, after := range []int64{0, int64(f.Records) / 2, int64(f.Records) - 2} {
		if got := readAll(t, reader, after); len(got) != f.Records-1-int(after) {
			t.Errorf("%d records behind %d, expected %d", len(got), after, f.Records-1-int(after))
		}
	}
}

func testOnlyBehindTheEnd(t *testing.T, f Fixture) {
	w := f.begun(t, 0)
	var records []sharedlog.Raw
	for range 4 {
		records = append(records, w.add(t))
	}
	foreign := sharedlog.HashOf([]byte("another record"))
	for name, prev := range map[string]sharedlog.Position{
		"the beginning":           sharedlog.Before,
		"an old end":              records[1].Position(),
		"the end but one":         records[2].Position(),
		"the end by another hash": {N: 3, Hash: foreign},
		"no hash":                 {N: 3},
		"the hash of another one": {N: 3, Hash: records[2].Position().Hash},
		"a number too high":       {N: 4, Hash: records[3].Position().Hash},
		"a number far too high":   {N: 40, Hash: foreign},
	} {
		t.Run(name, func(t *testing.T) {
			for who, p := range map[string]sharedlog.Place{"who appended": w, "who read nothing": f.open(t)} {
				wantTaken(t, p.Append(t.Context(), prev, recordBehind(prev, who, name)), prev)
			}
			wantRecords(t, w, records)
		})
	}
	records = append(records, w.add(t))
	wantRecords(t, f.open(t), records)
}

func testTwoWriters(t *testing.T, f Fixture) {
	w := f.begun(t, 1)
	writers := []*writer{f.another(t, "ann", w), f.another(t, "ben", w)}
	won := map[string]int{}
	for round := range f.Rounds {
		prev := writers[0].end
		errs := make([]error, len(writers))
		records := make([]sharedlog.Raw, len(writers))
		var wg sync.WaitGroup
		for i, w := range writers {
			records[i] = w.record(fmt.Sprint("round ", round))
			wg.Go(func() { errs[i] = w.insist(t.Context(), records[i]) })
		}
		wg.Wait()
		page := readPage(t, writers[round%2], prev.N)
		if len(page.Records) != 1 {
			t.Fatalf("round %d: %d records were added", round, len(page.Records))
		}
		winners := 0
		for i, w := range writers {
			there := page.Records[0].Position() == records[i].Position()
			var taken *sharedlog.TakenError
			switch {
			case errs[i] == nil && !there:
				t.Fatalf("round %d: %s: its record is not there, although no error says so", round, w.name)
			case errs[i] != nil && !errors.As(errs[i], &taken):
				t.Fatalf("round %d: %s: %v", round, w.name, errs[i])
			case there:
				winners++
				won[w.name]++
			}
			w.end = page.Records[0].Position()
		}
		if winners != 1 {
			t.Fatalf("round %d: %d winners", round, winners)
		}
	}
	if got := readAll(t, w, -1); len(got) != f.Rounds+1 {
		t.Errorf("%d records after %d rounds", len(got), f.Rounds)
	}
	t.Logf("rounds won: %v", won)
}

// insist repeats an append as long as nobody knows what became of it.
func (w *writer) insist(ctx context.Context, r sharedlog.Raw) error {
	for attempt := 1; ; attempt++ {
		err := w.Append(ctx, w.end, r)
		var taken *sharedlog.TakenError
		if err == nil || errors.As(err, &taken) || attempt == 20 {
			return err
		}
	}
}

func testRepeated(t *testing.T, f Fixture) {
	w := f.begun(t, 0)
	records := []sharedlog.Raw{w.add(t), w.add(t)}
	prev := w.end
	again := w.add(t)
	records = append(records, again)
	for who, p := range map[string]sharedlog.Place{"the writer": w, "the writer, started again": f.open(t)} {
		if err := p.Append(t.Context(), prev, again); err != nil { // nil: it is the last one
			t.Log(who)
			wantTaken(t, err, prev)
		}
	}
	wantRecords(t, f.open(t), records)
	records = append(records, w.add(t))
	for _, p := range []sharedlog.Place{w, f.open(t)} {
		wantTaken(t, p.Append(t.Context(), prev, again), prev)
	}
	wantRecords(t, w, records)
	w.add(t)
}
