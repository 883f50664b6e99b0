package pglog

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// open opens the log of a database as another machine would.
func open(t testing.TB, url string) *Place {
	t.Helper()
	place, mistake := Configured(sharedlog.Block{Attributes: map[string]string{"url": url}, Log: sharedlog.State})
	if mistake != nil {
		t.Fatal(mistake.Detail)
	}
	t.Cleanup(func() { _ = place.Close() })
	return place.(*Place)
}

// writer appends records, each of which is like no other.
type writer struct {
	*Place
	end      sharedlog.Position
	timeline string
	n        int
}

// begun is a log that holds so many records.
func begun(t testing.TB, url string, records int) *writer {
	t.Helper()
	w := &writer{Place: open(t, url), end: sharedlog.Before}
	must(t, w.Prepare(t.Context()))
	for range records {
		must(t, w.push(t, w.next()))
	}
	return w
}

func (w *writer) next() sharedlog.Raw {
	w.n++
	return sharedlog.Raw{
		N: w.end.N + 1, Kind: "outcomes", At: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Timeline: w.timeline,
		Data: fmt.Appendf(nil, `{"n":%d,"what":"%p %d"}`+"\n", w.end.N+1, w, w.n),
	}
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

// answer repeats an append until its outcome is known, and returns that.
func (w *writer) answer(t testing.TB, r sharedlog.Raw) error {
	t.Helper()
	for range 20 {
		if err := w.push(t, r); err == nil || !unclear(err) {
			return err
		}
	}
	t.Fatal("20 attempts told nothing")
	return nil
}

// insist repeats an append as a holder of the lease does: until it is known what
// became of it. It reports whether the record is in the log.
func (w *writer) insist(t testing.TB, r sharedlog.Raw) bool {
	t.Helper()
	var taken *sharedlog.TakenError
	switch err := w.answer(t, r); {
	case err == nil:
		return true
	case !errors.As(err, &taken):
		t.Fatal(err)
	}
	page, err := w.Read(t.Context(), r.N-1)
	must(t, err)
	return len(page.Records) > 0 && page.Records[0].Position() == r.Position()
}

// wantRecords checks what a database holds, down to its tables.
func wantRecords(t testing.TB, db *stores.Database, want ...sharedlog.Raw) {
	t.Helper()
	var expected []string
	for _, r := range want {
		expected = append(expected, fmt.Sprint(r.N, " ", string(r.Data)))
	}
	got := db.Query(t, `SELECT n || ' ' || convert_from(data, 'UTF8') FROM gdfctl.record WHERE name = 'main' ORDER BY n`)
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Errorf("records (-expected +found)\n%s", diff)
	}
	end := db.Query(t, `SELECT n || ' ' || hash FROM gdfctl.head WHERE name = 'main'`)
	last := want[len(want)-1].Position()
	if diff := cmp.Diff([]string{fmt.Sprint(last.N, " ", last.Hash)}, end); diff != "" {
		t.Errorf("the end (-expected +found)\n%s", diff)
	}
}

// wantUnclear checks that an error says nothing of whether the record is there.
func wantUnclear(t testing.TB, err error) {
	t.Helper()
	if err == nil || !unclear(err) {
		t.Errorf("error %v, expected one that leaves the outcome open", err)
	}
}

func unclear(err error) bool {
	var taken *sharedlog.TakenError
	var refused *sharedlog.RefusedError
	var timeline *sharedlog.TimelineError
	return !errors.As(err, &taken) && !errors.As(err, &refused) && !errors.As(err, &timeline)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
