package memory

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/compilation"
)

func observation(minute, total int) FeedObservation {
	return FeedObservation{
		SeenAt: noon.Add(time.Duration(minute) * time.Minute), Status: "Completed", CompiledAt: noon.Add(-time.Hour), Counts: &compilation.Counts{Total: total},
	}
}

func TestFeedHistoryIsKept(t *testing.T) {
	file := File(filepath.Join(t.TempDir(), "gdfctl.feeds.json"))
	h, unreadable := file.FeedHistory()
	if unreadable != nil || len(h.Account("e", "a").Feeds) > 0 || h.Watched() != nil {
		t.Errorf("a file that is not there: %v %v", h, unreadable)
	}
	must(t, file.UpdateFeedHistory(func(h *FeedHistory) {
		a := h.Account("e", "a")
		a.CheckedAt, a.WholePage = noon, 6
		r := a.Record("id=")
		r.Name = "Feed"
		r.Observe(observation(0, 10))
		r.Content = &FeedContent{Of: "x", At: noon, Rows: 3, Cells: []CellsResult{{Check: "unique", Column: "id", Count: 1, FirstLine: 2}}}
		h.SetWatched(json.RawMessage(`{"at":"x"}`))
	}))
	h, unreadable = file.FeedHistory()
	want := &FeedAccount{CheckedAt: noon, WholePage: 6, Feeds: map[string]*FeedRecord{"id=": {
		Name:         "Feed",
		Observations: []FeedObservation{{SeenAt: noon, CheckedAt: noon, Status: "Completed", CompiledAt: noon.Add(-time.Hour), Counts: &compilation.Counts{Total: 10}}},
		Content:      &FeedContent{Of: "x", At: noon, Rows: 3, Cells: []CellsResult{{Check: "unique", Column: "id", Count: 1, FirstLine: 2}}},
	}}}
	if diff := cmp.Diff(want, h.Account("e", "a")); diff != "" || unreadable != nil {
		t.Error(diff, unreadable)
	}
	var watched map[string]string
	if json.Unmarshal(h.Watched(), &watched) != nil || watched["at"] != "x" {
		t.Errorf("watched: %s", h.Watched())
	}
}

// What a check, an apply and a reader of the API keep at the same moment is all
// there afterwards.
func TestNobodysMembersAreLost(t *testing.T) {
	file := File(filepath.Join(t.TempDir(), "gdfctl.feeds.json"))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			err := file.UpdateFeedHistory(func(h *FeedHistory) {
				h.Account("e", "a").Record(fmt.Sprint("feed", i)).Observe(observation(0, i))
			})
			if err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			err := file.UpdateNotified(func(was json.RawMessage) (json.RawMessage, error) {
				n := 0
				_ = json.Unmarshal(was, &n)
				return json.Marshal(n + 1)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	h, _ := file.FeedHistory()
	if n := len(h.Account("e", "a").Feeds); n != 8 {
		t.Errorf("%d feeds are left of 8", n)
	}
	data, err := os.ReadFile(file.in.String())
	must(t, err)
	var members struct{ Notified int }
	if json.Unmarshal(data, &members) != nil || members.Notified != 8 {
		t.Errorf("notified %d times of 8", members.Notified)
	}
}

func TestObserve(t *testing.T) {
	var r FeedRecord
	steps := []struct {
		name   string
		change func(*FeedObservation)
		kept   int
	}{
		{"the first", func(*FeedObservation) {}, 1},
		{"nothing new", func(*FeedObservation) {}, 1},
		{"submitted again", func(o *FeedObservation) { o.SubmittedAt = noon }, 1},
		{"another spelling of the status", func(o *FeedObservation) { o.Status = "COMPLETED" }, 1},
		{"another status", func(o *FeedObservation) { o.Status = "Failed" }, 2},
		{"other counts", func(o *FeedObservation) { o.Counts = &compilation.Counts{Total: 2} }, 3},
		{"no counts", func(o *FeedObservation) { o.Counts = nil }, 4},
		{"compiled", func(o *FeedObservation) { o.CompiledAt = noon }, 5},
		{"a look that was overtaken", func(o *FeedObservation) { o.SeenAt = noon }, 5},
	}
	for i, step := range steps {
		o := observation(i, 1)
		step.change(&o)
		r.Observe(o)
		if len(r.Observations) != step.kept {
			t.Fatalf("%s: %d observations, want %d", step.name, len(r.Observations), step.kept)
		}
	}
	if first := r.Observations[0]; !first.SeenAt.Equal(noon) || !first.CheckedAt.Equal(noon.Add(3*time.Minute)) || !first.SubmittedAt.Equal(time.Time{}) {
		t.Errorf("the first observation: %+v", first)
	}
}

func TestAHeaderIsKeptUntilTheNextCompilation(t *testing.T) {
	var r FeedRecord
	o := observation(0, 1)
	o.HeaderHash = "abc"
	r.Observe(o)
	r.Observe(observation(1, 1))
	if r.newest().HeaderHash != "abc" {
		t.Errorf("it is %q", r.newest().HeaderHash)
	}
}

// Whatever is observed, there are never more observations than are kept, and
// the newest is what the last look showed.
func TestObservationsAreBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r FeedRecord
		for i := range rapid.IntRange(1, 100).Draw(t, "looks") {
			o := observation(i, rapid.IntRange(0, 2).Draw(t, "total"))
			o.CompiledAt = noon.Add(time.Duration(rapid.IntRange(0, i).Draw(t, "compiled")) * time.Minute)
			r.Observe(o)
			if n := len(r.Observations); n > maxObservations || n == 0 {
				t.Fatalf("%d observations", n)
			}
			if newest := r.newest(); !newest.Same(o) || !newest.CheckedAt.Equal(o.SeenAt) {
				t.Fatalf("newest %+v, observed %+v", newest, o)
			}
		}
	})
}

func TestADamagedHistoryBeginsAnew(t *testing.T) {
	for name, data := range map[string]string{
		"cut": `{"history": {"e": {"a"`, "of another kind": `{"history": 7, "learned": {"e": {"a": {"page_cap": 5}}}}`, "a list": `[]`, "empty": "",
	} {
		file := File(filepath.Join(t.TempDir(), "gdfctl.feeds.json"))
		must(t, os.WriteFile(file.in.String(), []byte(data), 0o600))
		h, unreadable := file.FeedHistory()
		if unreadable == nil || len(h.Account("e", "a").Feeds) != 0 {
			t.Errorf("%s: unreadable %v", name, unreadable)
		}
		must(t, file.UpdateFeedHistory(func(h *FeedHistory) { h.Account("e", "a").Record("x") }))
		if h, unreadable = file.FeedHistory(); unreadable != nil || len(h.Account("e", "a").Feeds) != 1 {
			t.Errorf("%s: afterwards %v", name, unreadable)
		}
		if name == "of another kind" {
			l, _ := file.Learned()
			if known, _ := l.Account("e", "a"); known.PageCap != 5 {
				t.Error("what was learned is lost")
			}
		}
	}
}

func FuzzFeedHistory(f *testing.F) {
	f.Add([]byte(`{"history":{"e":{"a":{"checked_at":"2026-11-20T12:00:00Z","whole_page":6,"feeds":{"x":{"name":"n","seen_at":"2026-11-20T12:00:00Z","observations":[{"seen_at":"2026-11-20T12:00:00Z","checked_at":"2026-11-20T12:00:00Z","status":"Failed","counts":null}],"content":{"of":"x","rows":-1,"cells":[{}]}}}}}},"watched":null}`))
	f.Add([]byte(`{"history":{"e":null,"f":{"a":null,"b":{"feeds":null},"c":{"feeds":{"x":null}}}},"learned":{}}`))
	f.Add([]byte(`{"history":{"e":{"a":{"feeds":{"x":{"observations":[{"seen_at":"9999-12-31T23:59:59Z","compiled_at":"0001-01-02T00:00:00Z"}]}}}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m := members{}
		if json.Unmarshal(data, &m) != nil || m == nil {
			m = members{}
		}
		h, _ := historyOf(m)
		for _, accounts := range h.accounts {
			for _, a := range accounts {
				for _, r := range a.Feeds {
					r.Observe(observation(0, 1))
				}
			}
		}
		if h.keepIn(m) != nil {
			return // a date out of all range
		}
		again, err := historyOf(m)
		if err != nil {
			t.Fatalf("what was kept can't be read: %v", err)
		}
		kept := members{}
		must(t, again.keepIn(kept))
		if string(kept[historyMember]) != string(m[historyMember]) {
			t.Errorf("kept twice it is another:\n%s\n%s", m[historyMember], kept[historyMember])
		}
	})
}
