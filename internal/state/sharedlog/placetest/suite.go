package placetest

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Fixture is one log, in which nothing was begun, and what its place is able to do.
type Fixture struct {
	// Open opens the log as another machine would. The suite closes what it opened.
	Open func(t *testing.T) sharedlog.Place
	// Records is how many records a log of some length has: where appending is slow,
	// fewer; where reading comes in pages, more than one holds. Default: 250.
	Records int
	// Rounds is how often two writers race. Default: 100.
	Rounds int
	// KeepsAll says that nothing is ever removed: neither records nor values.
	KeepsAll bool
	// Deferred says that what is removed goes with the next append.
	Deferred bool
	// Failover lets another server take over that has not got the last records. It
	// is nil where that can't happen.
	Failover func(t *testing.T, lost int)
}

// Run runs the suite. fixture makes a fresh log for each test.
func Run(t *testing.T, fixture func(t *testing.T) Fixture) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, f Fixture)
	}{
		{"where nothing was begun", testNoLog},
		{"a log is begun once", testBegunOnce},
		{"the place keeps its promises, and proving that leaves nothing", testProve},
		{"records are read as they were appended", testRecords},
		{"a long log is read without gaps", testPages},
		{"only behind the end", testOnlyBehindTheEnd},
		{"of two writers one wins", testTwoWriters},
		{"an append that is repeated adds one record", testRepeated},
		{"what was trimmed is gone, and the rest stays", testTrim},
		{"where a record was removed nothing is appended", testTrimmedSlots},
		{"trimming while others append and read", testTrimmingMeanwhile},
		{"a reader starts at the newest snapshot", testStart},
		{"values", testValues},
		{"a large value", testLargeValue},
		{"values that nothing names are swept when they are old", testSweep},
		{"a clock", testClock},
		{"contexts that end", testContexts},
		{"closing", testClosing},
		{"a failover shows in the timeline", testFailover},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := fixture(t)
			if f.Records == 0 {
				f.Records = 250
			}
			if f.Rounds == 0 {
				f.Rounds = 100
			}
			test.run(t, f)
		})
	}
}

func (f Fixture) open(t *testing.T) sharedlog.Place {
	t.Helper()
	p := f.Open(t)
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// begun is a log that holds so many records.
func (f Fixture) begun(t *testing.T, records int) *writer {
	t.Helper()
	w := &writer{Place: f.open(t), name: "first", end: sharedlog.Before}
	must(t, w.Prepare(t.Context()))
	for range records {
		w.add(t)
	}
	return w
}

// writer appends to a log of which it knows the end.
type writer struct {
	sharedlog.Place
	name string
	end  sharedlog.Position
}

// another opens the log as a writer that knows the same end, and has read it.
func (f Fixture) another(t *testing.T, name string, w *writer) *writer {
	t.Helper()
	o := &writer{Place: f.open(t), name: name, end: w.end}
	if w.end.N >= 0 {
		if page := readPage(t, o, w.end.N-1); page.Records[0].Position() != w.end {
			t.Fatalf("the log ends with %s, expected %s", page.Records[0].Position(), w.end)
		}
	}
	return o
}

// record is the next one of a writer. It names the hash of the one before it, as
// every record does, and is like no other one.
func (w *writer) record(what string) sharedlog.Raw {
	return recordBehind(w.end, w.name, what)
}

func recordBehind(prev sharedlog.Position, name, what string) sharedlog.Raw {
	return sharedlog.Raw{
		N:    prev.N + 1,
		Data: fmt.Appendf(nil, `{"n":%d,"prev":%q,"writer":%q,"what":%q,"text":"Müller & Söhne <b>"}`+"\n", prev.N+1, prev.Hash, name, what),
		Kind: "outcomes", At: time.Date(2026, 11, 22, 12, 0, int(prev.N+1), 0, time.UTC),
	}
}

// add appends the next record.
func (w *writer) add(t testing.TB) sharedlog.Raw {
	t.Helper()
	r := w.record("next")
	must(t, w.push(t, r))
	return r
}

func (w *writer) addSnapshot(t testing.TB) sharedlog.Raw {
	t.Helper()
	r := w.record("snapshot")
	r.Kind, r.Snapshot = "snapshot", true
	must(t, w.push(t, r))
	return r
}

// push appends a record in one attempt.
func (w *writer) push(t testing.TB, r sharedlog.Raw) error {
	t.Helper()
	err := w.Append(t.Context(), w.end, r)
	if err == nil {
		w.end = r.Position()
	}
	return err
}

// readPage reads one page, which must hold something.
func readPage(t testing.TB, p sharedlog.Place, after int64) sharedlog.Page {
	t.Helper()
	page, err := p.Read(t.Context(), after)
	must(t, err)
	if len(page.Records) == 0 {
		t.Fatalf("nothing is behind record %d", after)
	}
	return page
}

// readAll reads to the end, and checks that no record is left out, also not behind a
// page that says it is the last one.
func readAll(t testing.TB, p sharedlog.Place, after int64) []sharedlog.Raw {
	t.Helper()
	var records []sharedlog.Raw
	for ended := false; ; {
		page, err := p.Read(t.Context(), after)
		must(t, err)
		if len(page.Records) == 0 {
			return records
		}
		if ended {
			t.Fatalf("record %d is behind the end", after+1)
		}
		ended = page.End
		for _, r := range page.Records {
			if r.N != after+1 {
				t.Fatalf("record %d follows record %d", r.N, after)
			}
			after = r.N
		}
		records = append(records, page.Records...)
	}
}

// wantRecords reads the log from its beginning.
func wantRecords(t testing.TB, p sharedlog.Place, want []sharedlog.Raw) {
	t.Helper()
	got := readAll(t, p, -1)
	if len(got) != len(want) {
		t.Fatalf("%d records, expected %d", len(got), len(want))
	}
	for i := range want {
		if got[i].N != want[i].N || !bytes.Equal(got[i].Data, want[i].Data) {
			t.Errorf("record %d is %s, expected %s", got[i].N, got[i].Data, want[i].Data)
		}
	}
}

// wantTaken checks that an append lost, and says to what.
func wantTaken(t testing.TB, err error, prev sharedlog.Position) {
	t.Helper()
	var taken *sharedlog.TakenError
	if !errors.As(err, &taken) {
		t.Errorf("appending behind %s: error %v, expected a TakenError", prev, err)
	} else if taken.Prev != prev || taken.Place == "" {
		t.Errorf("appending behind %s: the error speaks of %q, %s", prev, taken.Place, taken.Prev)
	}
}

func wantError(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, expected %v", what, err, want)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
