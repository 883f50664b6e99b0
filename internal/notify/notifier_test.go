package notify

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A check every quarter of an hour, and what is told.
func TestOnceForEachChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for i, step := range []struct {
			seen []string
			told string // nothing: no message
		}{
			{[]string{"-a", "-b"}, ""},
			{[]string{"a", "-b"}, "+a"},
			{[]string{"a", "-b"}, ""},
			{[]string{"?a", "b"}, "+b"},
			{[]string{"a", "b"}, ""}, // unknown in between is no recovery
			{[]string{"?a", "-b"}, "-b"},
			{[]string{"-a", "-b"}, "-a"},
			{[]string{"?c"}, ""},
			{[]string{"c"}, "+c"},
			{nil, ""}, // c is watched no more
			{[]string{"-c"}, ""},
			{[]string{"c", "a"}, "+c +a"},
			{[]string{"-a", "c", "a", "?a"}, ""}, // seen several times: as wrong as at worst
			{[]string{"-a", "?a", "c", "d", "d"}, "+d"},
			{[]string{"-a", "-d", "-d", "-c"}, "-a -d -c"},
		} {
			before := len(w.receiver.posts)
			if problems := w.teller.Notify(t.Context(), looks(step.seen...)); problems != nil {
				t.Fatal(problems)
			}
			said := strings.Join(w.told()[before:], " | ")
			if said != step.told {
				t.Errorf("step %d, %v: told %q, want %q", i, step.seen, said, step.told)
			}
			time.Sleep(15 * time.Minute)
		}
	})
}

// Whatever is seen, and however the webhook behaves: when it is up at last,
// what it was told is what holds, and nothing was told twice.
func TestWhatIsToldIsWhatHolds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		looksMade := rapid.SliceOfN(rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 3, rapid.ID[string]), 1, 12).Draw(r, "looks")
		up := rapid.SliceOfN(rapid.Bool(), len(looksMade), len(looksMade)).Draw(r, "up")
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			var told []string
			wrong := map[string]bool{}
			for i, failing := range looksMade {
				wrong = map[string]bool{}
				for _, name := range failing {
					wrong[name] = true
				}
				var seen []string
				for _, name := range []string{"a", "b", "c"} {
					seen = append(seen, map[bool]string{false: "-"}[wrong[name]]+name)
				}
				delivered := up[i] || i == len(looksMade)-1
				w.receiver.script = []answer{{status: map[bool]int{true: 200, false: 403}[delivered]}}
				before := len(w.receiver.posts)
				w.teller.Notify(t.Context(), looks(seen...))
				if delivered {
					told = append(told, w.told()[before:]...)
				}
				time.Sleep(15 * time.Minute)
			}
			holds := map[string]bool{}
			for _, word := range strings.Fields(strings.Join(told, " ")) {
				if holds[word[1:]] == (word[0] == '+') && word[0] == '+' {
					continue // failed, recovered and failed again while the webhook was down
				}
				holds[word[1:]] = word[0] == '+'
			}
			for _, name := range []string{"a", "b", "c"} {
				if holds[name] != wrong[name] {
					t.Fatalf("%s is wrong: %t, but %v was told of %v, up %v", name, wrong[name], told, looksMade, up)
				}
			}
		})
	})
}

func TestWhatCouldNotBeDeliveredIsToldNextTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, answer{status: 404})
		problems := w.teller.Notify(t.Context(), looks("a"))
		if len(problems) != 1 || !strings.Contains(problems[0].Error(), `notify "ops" (hooks.example): the message could not be sent: it answered 404 Not Found; it will be sent next time`) {
			t.Errorf("%v", problems)
		}
		time.Sleep(15 * time.Minute)
		w.teller.Notify(t.Context(), looks("-a"))
		first := w.store.memory()["ops"].Undelivered
		if len(first) != 2 {
			t.Fatalf("%d events wait, want 2", len(first))
		}
		time.Sleep(15 * time.Minute)
		w.receiver.script = nil
		if problems := w.teller.Notify(t.Context()); problems != nil {
			t.Error(problems)
		}
		if diff := cmp.Diff([]string{"+a", "+a -a", "+a -a"}, w.told()); diff != "" {
			t.Error(diff)
		}
		if left := w.store.memory()["ops"].Undelivered; len(left) > 0 {
			t.Errorf("%v waits still", left)
		}
	})
}

// A webhook that is down for weeks, and feeds that come and go: what waits has
// a bound.
func TestWhatWaitsHasABound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, answer{status: 404})
		for range 50 {
			w.teller.Notify(t.Context(), looks("a", "-b"))
			time.Sleep(15 * time.Minute)
			w.teller.Notify(t.Context(), looks("-a", "b"))
			time.Sleep(15 * time.Minute)
		}
		var waits []string
		for _, u := range w.store.memory()["ops"].Undelivered {
			waits = append(waits, string(u.Event.Type)+" "+u.Event.FeedName)
		}
		want := []string{"feed_failed a", "feed_recovered b", "feed_recovered a", "feed_failed b"}
		if diff := cmp.Diff(want, waits); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFiveHundredFeedsAreOneMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var all []string
		for i := range 500 {
			all = append(all, fmt.Sprintf("feed-%03d", i))
		}
		w.teller.Notify(t.Context(), looks(all...))
		if told := w.told(); len(told) != 1 || strings.Count(told[0], "+") != 500 {
			t.Errorf("%d messages", len(told))
		}
	})
}

func TestEachBlockIsToldWhatItAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		recoveries := target("recoveries", JSON)
		recoveries.On = []Kind{FeedRecovered}
		recoveries.URL.Host = "other.example"
		w.teller.Targets = append(w.teller.Targets, recoveries)
		w.teller.Notify(t.Context(), looks("a"))
		w.teller.Notify(t.Context(), looks("-a"))
		var hosts []string
		for _, p := range w.receiver.posts {
			hosts = append(hosts, p.host)
		}
		if n := strings.Count(strings.Join(hosts, " "), "other"); n != 1 || len(hosts) != 3 {
			t.Errorf("told: %v", hosts)
		}
	})
}

// A block that can't be told anything misses nothing: it is told when it can.
func TestAProblemOfABlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.teller.Targets[0].Problem = errors.New("OPS_WEBHOOK is not set")
		w.teller.Targets[0].URL = nil
		problems := w.teller.Notify(t.Context(), looks("a"))
		if len(problems) != 1 || !strings.Contains(problems[0].Error(), `notify "ops": the message could not be sent: OPS_WEBHOOK is not set`) {
			t.Error(problems)
		}
		w.teller.Targets[0] = target("ops", JSON)
		w.teller.Notify(t.Context(), looks("a"))
		if diff := cmp.Diff([]string{"+a"}, w.told()); diff != "" {
			t.Error(diff)
		}
	})
}

// A block that is gone is forgotten; under its name, another one is told all
// that is wrong.
func TestABlockThatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		ops := w.teller.Targets
		w.teller.Notify(t.Context(), looks("a"))
		w.teller.Targets = nil
		w.teller.Notify(t.Context(), looks("a"))
		if m := w.store.memory(); len(m) > 0 {
			t.Errorf("remembered: %v", m)
		}
		w.teller.Targets = ops
		w.teller.Notify(t.Context(), looks("a"))
		if diff := cmp.Diff([]string{"+a", "+a"}, w.told()); diff != "" {
			t.Error(diff)
		}
	})
}

// A look that did not see everything forgets nothing, and other scopes are not
// touched by it.
func TestALookAtAPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.teller.Notify(t.Context(), looks("a", "b"))
		part := looks("b")
		part.Whole = false
		w.teller.Notify(t.Context(), part)
		w.teller.Notify(t.Context(), Look{Scope: "orders", Whole: true})
		w.teller.Notify(t.Context(), looks("a", "b"))
		if diff := cmp.Diff([]string{"+a +b"}, w.told()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAMemoryThatCantBeSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.err = errors.New("the disk is full")
		problems := w.teller.Notify(t.Context(), looks("a"))
		if len(problems) == 0 || !strings.Contains(problems[0].Error(), "it may be sent again: the disk is full") {
			t.Error(problems)
		}
		if diff := cmp.Diff([]string{"+a"}, w.told()); diff != "" {
			t.Error(diff)
		}
	})
}

// Two commands at once: the second leaves what it saw to the first, and nothing
// is told twice.
func TestTwoAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.receiver.release = make(chan struct{})
		done := make(chan struct{})
		go func() {
			w.teller.Notify(t.Context(), looks("a"))
			close(done)
		}()
		synctest.Wait()
		w.teller.Notify(t.Context(), looks("a", "b"))
		close(w.receiver.release)
		<-done
		if diff := cmp.Diff([]string{"+a", "+b"}, w.told()); diff != "" {
			t.Error(diff)
		}
	})
}

// A process that died while it delivered: its events come again, under the same
// ids, when its claim has run out.
func TestAClaimOfTheDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var died []Event
		w.store.Update(func(m Memory) {
			m.observe("ops", kinds, looks("a"))
			died = m.claim("ops", time.Now())
		})
		w.teller.Notify(t.Context())
		if len(w.receiver.posts) > 0 {
			t.Error("told while another process tells it")
		}
		time.Sleep(claimed)
		w.teller.Notify(t.Context())
		if len(w.receiver.posts) != 1 || !strings.Contains(string(w.receiver.posts[0].body), died[0].ID) {
			t.Errorf("%d messages, want one with the id %s", len(w.receiver.posts), died[0].ID)
		}
	})
}
