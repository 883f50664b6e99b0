package memory

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"
)

// What is taken from another place is what was seen last, of each account. It can be
// taken again, and a clock stays with its machine.
func TestWhatIsTakenAlong(t *testing.T) {
	was, now := File(filepath.Join(t.TempDir(), "was.json")), Log("log", &lines{})
	see := func(m Memory, account, feed string, at time.Time) {
		t.Helper()
		if err := m.UpdateFeedHistory(func(h *FeedHistory) {
			a := h.Account("e", account)
			a.CheckedAt = at
			a.Record(feed).Name = feed
		}); err != nil {
			t.Fatal(err)
		}
	}
	see(was, "a", "of the former place", noon)
	see(was, "b", "of the former place", noon)
	see(now, "b", "seen since", noon.Add(time.Hour))
	for m, l := range map[Memory]LearnedAccount{was: {PageCap: 100, ClockOffset: time.Minute, At: noon}, now: {PageCap: 50, At: noon.Add(-time.Hour)}} {
		if err := m.UpdateLearned(func(all *Learned) { all.SetAccount("e", "a", l) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := was.UpdateNotified(func(json.RawMessage) (json.RawMessage, error) { return json.RawMessage(`{"sent":1}`), nil }); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := now.Take(was); err != nil {
			t.Fatal(err)
		}
		h, err := now.FeedHistory()
		if err != nil {
			t.Fatal(err)
		}
		if a, b := h.Account("e", "a").Feeds, h.Account("e", "b").Feeds; len(a) != 1 || a["of the former place"] == nil || len(b) != 1 || b["seen since"] == nil {
			t.Errorf("a %v, b %v", a, b)
		}
		l, err := now.Learned()
		if known, _ := l.Account("e", "a"); err != nil || known.PageCap != 100 || known.ClockOffset != 0 {
			t.Errorf("learned %+v, %v", known, err)
		}
		if string(now.Notified()) != `{"sent":1}` {
			t.Errorf("notified %s", now.Notified())
		}
	}
}
