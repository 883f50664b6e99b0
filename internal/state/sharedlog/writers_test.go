package sharedlog_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// Two writers append while calls are slow, get lost, or take effect when nobody thinks
// of them any more. What each of them was told is what the log says, and no writer ever
// tries another record in a place that is not taken.
func TestTwoWritersAndAllFaults(t *testing.T) {
	for seed := range uint64(300) {
		synctest.Test(t, func(t *testing.T) { twoWriters(t, seed) })
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func twoWriters(t *testing.T, seed uint64) {
	s, _ := begun(t)
	w := &wires{t: t, store: s, random: rand.New(rand.NewPCG(seed, 0)), tried: map[string]string{}, told: map[string]bool{}} //nolint:gosec // a test
	s.SetFaults(w.fault)
	var writers sync.WaitGroup
	for _, name := range []string{"a", "b"} {
		writers.Go(func() { w.write(name, 6) })
	}
	writers.Wait()
	s.SetFaults(nil)
	time.Sleep(2 * time.Minute) // what is on its way arrives
	synctest.Wait()
	in := ids(t, s)
	for id, appended := range w.told {
		n := 0
		for _, is := range in {
			if is == id {
				n++
			}
		}
		if appended && n != 1 || !appended && n != 0 {
			t.Errorf("the writer of %s was told %v, and the log has it %d times: %v", id, appended, n, in)
		}
	}
	if len(in) != 1+2*6 {
		t.Errorf("the log has %v", in)
	}
}

// wires are what is between the writers and the store.
type wires struct {
	t     *testing.T
	store *memlog.Store

	mu     sync.Mutex
	random *rand.Rand
	tried  map[string]string // what a machine tried last, by machine and number
	told   map[string]bool   // whether a record was appended, by its id
}

func (w *wires) fault(c memlog.Call) memlog.Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c.Machine != "a" && c.Machine != "b" {
		return memlog.Fault{}
	}
	if c.Method == "Append" {
		place, data := fmt.Sprint(c.Machine, c.Record.N), string(c.Record.Data)
		taken := slices.ContainsFunc(w.store.Records(), func(r sharedlog.Raw) bool { return r.N == c.Record.N })
		if before, ok := w.tried[place]; ok && before != data && !taken {
			w.t.Errorf("%s tries another record in place %d, which is not taken", c.Machine, c.Record.N)
		}
		w.tried[place] = data
	}
	pause := func() time.Duration { return time.Duration(w.random.Int64N(int64(3 * time.Second))) }
	f := memlog.Fault{Before: pause(), After: pause()}
	switch w.random.IntN(8) {
	case 0, 1:
		f.Lost = memlog.AnswerLost
	case 2:
		f.Lost = memlog.RequestLost
	case 3:
		f.Lost, f.Late = memlog.ExecutedLate, time.Second+time.Duration(w.random.Int64N(int64(time.Minute)))
	case 4:
		f.After = 40 * time.Second // longer than an attempt
	}
	return f
}

// write appends records at the end of the log. Its time for each is short.
func (w *wires) write(name string, records int) {
	c := chain(w.store, name)
	for records > 0 {
		entries, _, err := c.From(w.t.Context(), 0)
		if err != nil {
			continue
		}
		r := want(sharedlog.Want)
		ctx, cancel := context.WithTimeout(w.t.Context(), 15*time.Second)
		_, err = c.Append(ctx, entries[len(entries)-1].Position, r)
		cancel()
		appended := err == nil
		if unclear := (*sharedlog.UnclearError)(nil); errors.As(err, &unclear) {
			if _, appended, err = c.Settle(w.t.Context()); err != nil {
				w.t.Errorf("%s: %v", name, err)
			}
		} else if taken := (*sharedlog.TakenError)(nil); err != nil && !errors.As(err, &taken) {
			w.t.Errorf("%s: %v", name, err)
		}
		w.mu.Lock()
		w.told[r.ID] = appended
		w.mu.Unlock()
		if appended {
			records--
		}
	}
}
