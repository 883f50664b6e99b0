//go:build !race

package memory

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Whatever is kept in a log, and in whatever order, is what a file would say.
func TestALogIsWhatAFileWouldBe(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		notes := &lines{}
		kept := []Memory{File(filepath.Join(dir, fmt.Sprint(n))), Log("log", notes)}
		now := noon
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes")) * time.Minute)
			account, feed := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "account"), rapid.SampledFrom([]string{"x", "y"}).Draw(t, "feed")
			total := rapid.IntRange(0, 2).Draw(t, "total")
			step := rapid.IntRange(0, 6).Draw(t, "step")
			for _, m := range kept {
				var err error
				switch step {
				case 0, 1, 2, 3:
					err = m.UpdateFeedHistory(func(h *FeedHistory) {
						a := h.Account("e", account)
						a.CheckedAt = now
						for _, id := range []string{feed, "z"}[:1+total%2] {
							r := a.Record(id)
							r.Name, r.SeenAt = "feed "+id, now
							r.Observe(FeedObservation{SeenAt: now, Status: "Completed", Score: float64(total)})
						}
						h.SetWatched(json.RawMessage(fmt.Sprintf(`{"total":%d}`, total)))
					})
				case 4:
					err = m.UpdateFeedHistory(func(h *FeedHistory) {
						if _, ok := h.accounts["e"][account]; ok {
							delete(h.Account("e", account).Feeds, feed)
						}
					})
				case 5:
					err = m.UpdateLearned(func(l *Learned) { l.SetAccount("e", account, LearnedAccount{PageCap: total, At: now}) })
				case 6:
					err = m.UpdateNotified(func(json.RawMessage) (json.RawMessage, error) {
						if total == 0 {
							return nil, nil
						}
						return json.RawMessage(fmt.Sprint(total)), nil
					})
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			var all [2]members
			for i, m := range kept {
				read, err := m.in.read()
				if err != nil {
					t.Fatal(err)
				}
				d, err := documentOf(read)
				if err == nil {
					all[i], err = d.members()
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(texts(all[0]), texts(all[1])); diff != "" {
				t.Fatalf("(-file +log)\n%s\n%s", diff, notes.text)
			}
		}
	})
}

// Weeks of checks of a shop's feeds, every quarter of an hour, stays short, and a
// check that saw nothing new adds next to nothing.
func TestALogStaysShort(t *testing.T) {
	defer func(was int) { roomToAdd = was }(roomToAdd)
	roomToAdd = 4 << 10
	notes := &lines{}
	m := Log("log", notes)
	const feeds, day = 10, 96
	longest, added := 0, 0
	for check := range 12 * day {
		at := noon.Add(time.Duration(check) * 15 * time.Minute)
		before := len(notes.text)
		must(t, m.UpdateFeedHistory(func(h *FeedHistory) {
			a := h.Account("https://api.godatafeed.com", "main")
			a.CheckedAt = at
			for i := range feeds {
				r := a.Record(fmt.Sprintf("5e0f6f0a%022d=", i))
				r.Name, r.SeenAt = fmt.Sprintf("Amazon US - Feed %d", i), at
				o := observation(0, check/day)
				o.SeenAt, o.CompiledAt = at, noon.Add(time.Duration((check+i)/day)*24*time.Hour)
				r.Observe(o)
			}
		}))
		longest = max(longest, len(notes.text))
		if check%day == 30 { // no feed was compiled
			added = max(added, len(notes.text)-before)
		}
	}
	all, err := fold(notes.text)
	must(t, err)
	short, err := newDocument().linesTo(all)
	must(t, err)
	if most := 3*len(short) + roomToAdd; longest > most {
		t.Errorf("it got %d bytes long, and holds %d", longest, len(short))
	}
	if added > 300 {
		t.Errorf("a check that saw nothing new adds %d bytes", added)
	}
	if notes.whole == 0 {
		t.Error("it was never made short")
	}
}
