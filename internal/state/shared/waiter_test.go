package shared

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Whoever waits takes over when the holder said nothing for 3 minutes of the waiting
// process, whatever its clocks do meanwhile.
func TestAWaiterWhoseClocksJump(t *testing.T) {
	for name, c := range map[string]struct {
		jump  func(*clocks, shop)
		after time.Duration // it takes over, and a look more
	}{
		"nothing happens":                   {func(*clocks, shop) {}, 3 * time.Minute},
		"the wall clock is set forward":     {func(c *clocks, _ shop) { c.set(time.Hour) }, 3 * time.Minute},
		"the wall clock is set back":        {func(c *clocks, _ shop) { c.set(-time.Hour) }, 4 * time.Minute},
		"its machine is suspended":          {func(c *clocks, _ shop) { c.suspend(time.Hour) }, 3 * time.Minute},
		"suspended, and the clock set back": {func(c *clocks, _ shop) { c.suspend(time.Hour); c.set(-2 * time.Hour) }, 4 * time.Minute},
		"another server takes over":         {func(_ *clocks, s shop) { s.Failover(0) }, 4 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t)
				a := locked(t, s.machine(t, "A", newClocks()), backend.Request{})
				a.abort() // killed
				clocks := newClocks()
				b := s.machine(t, "B", clocks)
				time.AfterFunc(time.Minute, func() { c.jump(clocks, s) })
				began := time.Now()
				l := locked(t, b, backend.Request{Holder: backend.Holder{ID: "B"}, Wait: time.Hour})
				if took := time.Since(began); took < c.after || took > c.after+2*pollTime {
					t.Errorf("it takes over after %s, want %s", took, c.after)
				}
				fatal(t, l.Release())
			})
		})
	}
}

// A holder that lives is taken over by nobody, however long they wait and whatever
// their clocks do.
func TestAHolderThatLivesIsNotTakenOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		a := locked(t, s.machine(t, "A", newClocks()), backend.Request{})
		clocks := newClocks()
		for i := range 20 {
			time.AfterFunc(time.Duration(i)*41*time.Second, func() { clocks.suspend(time.Hour); clocks.set(-30 * time.Minute) })
		}
		b := s.machine(t, "B", clocks)
		_, _, err := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "B"}, Wait: 15 * time.Minute})
		if held := (*backend.LockedError)(nil); !errors.As(err, &held) || held.Holder.ID != "A" {
			t.Errorf("error %v", err)
		}
		fatal(t, a.Held())
		fatal(t, a.Release())
	})
}

// Who waits hears of a later time of taking over now and then only: a holder that works
// writes a record every few seconds.
func TestAWaiterIsNotToldOfEachRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		l := locked(t, s.machine(t, "a", newClocks()), backend.Request{})
		told := make(chan backend.Waiting, 1000)
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			_, _, _ = s.machine(t, "b", newClocks()).Lock(ctx, backend.Request{
				Holder: backend.Holder{ID: "B"}, Wait: 10 * time.Minute, Waiting: func(w backend.Waiting) { told <- w },
			})
		}()
		for range 150 { // 5 minutes
			time.Sleep(2 * time.Second)
			fatal(t, l.append(t.Context(), func() (*sharedlog.Record, error) { return &sharedlog.Record{Kind: sharedlog.Renew}, nil }, nil))
		}
		if n := len(told); n < 2 || n > 6 {
			t.Errorf("it was told %d times in 5 minutes", n)
		}
		stop()
		synctest.Wait()
	})
}
