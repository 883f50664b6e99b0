package published

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

func on(log *memlog.Store, machine string) *Store { return New(log.Place(machine), time.Now) }

// plan is a plan of that name, as long as it is said to be.
func plan(name string, size int) (Entry, []byte) {
	saved := bytes.Repeat([]byte(name+" is shipped\n"), size/(len(name)+12)+1)
	return Entry{Hash: sharedlog.HashOf([]byte(name)), ConfigHash: "c-" + name, Head: name, Changes: 1}, saved
}

func publish(t *testing.T, s *Store, name string, size int) Entry {
	t.Helper()
	e, saved := plan(name, size)
	if err := s.Publish(t.Context(), e, saved); err != nil {
		t.Fatalf("publishing %s: %v", name, err)
	}
	return e
}

func heads(t *testing.T, s *Store) []string {
	t.Helper()
	plans, err := s.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range plans {
		all = append(all, e.Head)
	}
	return all
}

// What was published comes back byte for byte, whatever its size, on every machine.
func TestWhatIsPublishedIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := memlog.New()
		for _, size := range []int{1, pieceSize - 1, pieceSize, 3*pieceSize + 5} {
			e, saved := plan(fmt.Sprintf("p%d", size), size)
			if err := on(log, "a").Publish(t.Context(), e, saved); err != nil {
				t.Fatal(err)
			}
			other := on(log, "b")
			found, err := other.Find(t.Context(), e.Hash[:12])
			if err != nil {
				t.Fatal(err)
			}
			got, err := other.Open(t.Context(), found)
			if err != nil || !bytes.Equal(got, saved) {
				t.Errorf("a plan of %d bytes came back as %d bytes: %v", len(saved), len(got), err)
			}
		}
		if want, got := []string{"p1", "p1048575", "p1048576", "p3145733"}, heads(t, on(log, "b")); !slices.Equal(want, got) {
			t.Error(cmp.Diff(want, got))
		}
	})
}

func TestNothingIsPublishedYet(t *testing.T) {
	log := memlog.New()
	s := on(log, "a")
	if plans, err := s.List(t.Context()); err != nil || len(plans) != 0 {
		t.Errorf("%v, %v", plans, err)
	}
	if _, err := s.Find(t.Context(), "ab"); err == nil || !strings.Contains(err.Error(), `"ab"`) {
		t.Error(err)
	}
	if there, err := s.Discard(t.Context(), "ab", "ann", "mistake"); there || err != nil {
		t.Errorf("%v, %v", there, err)
	}
	if err := s.Trim(t.Context(), time.Now()); err != nil || len(log.Records()) != 0 {
		t.Errorf("trimming began a log: %v, %d records", err, len(log.Records()))
	}
}

// Many publish at once, and answers get lost: each plan is there once.
func TestPublishingAtOnceAndWithoutAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := memlog.New()
		losses := []memlog.Loss{memlog.AnswerLost, memlog.NotLost, memlog.RequestLost, memlog.NotLost}
		var mu sync.Mutex
		calls := map[string]int{} // by machine
		log.SetFaults(func(c memlog.Call) memlog.Fault {
			if c.Method != "Append" {
				return memlog.Fault{}
			}
			mu.Lock()
			defer mu.Unlock()
			n := calls[c.Machine]
			calls[c.Machine]++
			return memlog.Fault{Before: time.Duration(n%3) * time.Second, Lost: losses[n%len(losses)]}
		})
		done := make(chan error)
		for i := range 8 {
			go func() {
				e, saved := plan(fmt.Sprint(i), 10)
				done <- on(log, fmt.Sprint(i)).Publish(context.Background(), e, saved)
			}()
		}
		for range 8 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		log.SetFaults(nil)
		got := heads(t, on(log, "x"))
		slices.Sort(got)
		if want := []string{"0", "1", "2", "3", "4", "5", "6", "7"}; !slices.Equal(want, got) {
			t.Error(cmp.Diff(want, got))
		}
		if records := len(log.Records()); records != 9 {
			t.Errorf("8 plans and the beginning are %d records", records)
		}
	})
}

// A log that anybody can write to holds what nobody can read: that is passed over.
func TestRecordsOfOthersArePassedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := memlog.New()
		s := on(log, "a")
		publish(t, s, "good", 10)
		for _, line := range []string{
			"not json\n", `{"kind":"plan"}` + "\n", `{"kind":"plan","plan":{"hash":"../../x","values":["y"]}}` + "\n", `{"kind":"newer","x":1}` + "\n",
			`{"kind":"plan","plan":{"hash":"` + strings.Repeat("ab", 32) + `","values":[]}}` + "\n",
			forged(strings.Repeat("ab", 32), "", strings.Repeat("cd", 32)),                          // published at no time
			forged(strings.Repeat("ab", 32), "9999-12-31T23:59:59-23:00", strings.Repeat("cd", 32)), // in the year 10000
			forged(strings.Repeat("AB", 32), "2026-11-27T12:00:00Z", strings.Repeat("cd", 32)),      // can't be found to be discarded
			forged(strings.Repeat("ab", 32), "2026-11-27T12:00:00Z", "../../../x"),
		} {
			f, err := s.read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := log.Place("b").Append(t.Context(), f.end, sharedlog.Raw{N: f.end.N + 1, Data: []byte(line)}); err != nil {
				t.Fatal(err)
			}
		}
		publish(t, s, "better", 10)
		if want, got := []string{"good", "better"}, heads(t, s); !slices.Equal(want, got) {
			t.Error(cmp.Diff(want, got))
		}
	})
}

// forged is an entry as somebody may write it who can push.
func forged(hash, at, value string) string {
	if at != "" {
		at = `,"published_at":"` + at + `"`
	}
	return `{"kind":"plan","plan":{"hash":"` + hash + `"` + at + `,"head":"forged","values":["` + value + `"]}}` + "\n"
}

// A piece that was altered behind its name is never handed out.
func TestAnAlteredPieceIsRefused(t *testing.T) {
	log := memlog.New()
	s := on(log, "a")
	e, saved := plan("p", 10)
	e.Values = []string{sharedlog.HashOf(saved)}
	if err := log.Place("a").Put(t.Context(), e.Values[0], []byte("altered")); err != nil {
		t.Skip("this place compares values itself")
	}
	if got, err := s.Open(t.Context(), e); err == nil {
		t.Errorf("%q was handed out", got)
	}
}

// Plans go when their time is over or somebody discards them, and whoever reads
// meanwhile finds the others.
func TestDiscardedAndTrimmed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := memlog.New()
		s := on(log, "a")
		var all []Entry
		for i := range 6 {
			all = append(all, publish(t, s, fmt.Sprint(i), 10))
			time.Sleep(24 * time.Hour)
		}
		if there, err := s.Discard(t.Context(), all[4].Hash, "ann", "wrong branch"); !there || err != nil {
			t.Errorf("%v, %v", there, err)
		}
		for range 3 { // the first list is the one that stays behind for readers
			if err := s.Trim(t.Context(), time.Now().Add(-84*time.Hour)); err != nil {
				t.Fatal(err)
			}
			if want, got := []string{"3", "5"}, heads(t, s); !slices.Equal(want, got) {
				t.Error(cmp.Diff(want, got))
			}
			time.Sleep(time.Minute)
		}
		if records := len(log.Records()); records != 9 {
			t.Errorf("trimming with nothing to trim wrote something: %d records", records)
		}
		time.Sleep(30 * 24 * time.Hour)
		last := publish(t, s, "last", 10)
		if err := s.Trim(t.Context(), time.Now().Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		if want, got := []string{"last"}, heads(t, on(log, "b")); !slices.Equal(want, got) {
			t.Error(cmp.Diff(want, got))
		}
		if records := len(log.Records()); records != 4 {
			t.Errorf("%d records are left of record 0, two lists and the last plan", records)
		}
		found, err := s.Find(t.Context(), last.Hash)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Open(t.Context(), found); err != nil {
			t.Error(err)
		}
	})
}
