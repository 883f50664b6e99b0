package shared

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// certainUntil fails unless a lease is certain to that moment, and not from it on.
func certainUntil(t *testing.T, l *lease, end time.Time) {
	t.Helper()
	time.Sleep(time.Until(end) - time.Second)
	if err := l.Held(); err != nil {
		t.Errorf("a second before: %v", err)
	}
	time.Sleep(time.Second)
	if err := (*backend.UncertainError)(nil); !errors.As(l.Held(), &err) {
		t.Errorf("the lease is held without being certain: %v", l.Held())
	}
}

// A call that is sent in the last moment of certainty ends before others take over,
// and 10 seconds are left.
func TestALeaseIsCertainForWhatACallLeavesOfIt(t *testing.T) {
	for call, certain := range map[time.Duration]time.Duration{
		time.Minute:      110 * time.Second,
		30 * time.Second: 140 * time.Second,
		4 * time.Minute:  time.Minute, // of a lease of 5 min 10 s
		0:                110 * time.Second,
	} {
		t.Run(call.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				l := locked(t, newShop(t).machine(t, "A", newClocks()), backend.Request{Call: call})
				l.abort() // it does not renew any more
				certainUntil(t, l, began.Add(certain))
			})
		})
	}
}

// The age of a lease is that of the beginning of its last append: others count from
// what they read, and that can have been there long before the answer.
func TestTheAgeOfALeaseCountsFromTheBeginningOfTheAppend(t *testing.T) {
	slow := func(c memlog.Call) memlog.Fault {
		if c.Method == "Append" {
			return memlog.Fault{Before: 5 * time.Second, After: 20 * time.Second}
		}
		return memlog.Fault{}
	}
	t.Run("acquire", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newShop(t)
			s.SetFaults(slow)
			began := time.Now()
			l := locked(t, s.machine(t, "A", newClocks()), backend.Request{})
			l.abort()
			certainUntil(t, l, began.Add(110*time.Second))
		})
	})
	t.Run("renew", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newShop(t)
			began := time.Now()
			l := locked(t, s.machine(t, "A", newClocks()), backend.Request{})
			s.SetFaults(slow)
			time.Sleep(75 * time.Second) // it was renewed from 45 s to 70 s
			l.abort()
			certainUntil(t, l, began.Add(155*time.Second))
		})
	})
	t.Run("found out later", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newShop(t)
			l := locked(t, s.machine(t, "A", newClocks()), backend.Request{})
			began := time.Now()
			lost := true
			s.SetFaults(func(c memlog.Call) memlog.Fault {
				if c.Method == "Append" && lost {
					lost = false
					return memlog.Fault{Lost: memlog.AnswerLost, After: 25 * time.Second}
				}
				return memlog.Fault{}
			})
			time.Sleep(80 * time.Second)
			l.abort()
			certainUntil(t, l, began.Add(155*time.Second))
		})
	})
}

// While an append has no answer another writer may have come first, however young the
// record before it is.
func TestNothingIsSentWhileAnAppendIsUnclear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		l := locked(t, s.machine(t, "A", newClocks()), backend.Request{})
		s.SetFaults(func(c memlog.Call) memlog.Fault {
			if c.Method == "Append" {
				return memlog.Fault{Lost: memlog.RequestLost}
			}
			return memlog.Fault{}
		})
		time.Sleep(46 * time.Second)
		err := l.Held()
		if uncertain := (*backend.UncertainError)(nil); !errors.As(err, &uncertain) || !strings.Contains(err.Error(), "no answer") {
			t.Errorf("its renewal has no answer, and it may send: %v", err)
		}
		s.SetFaults(nil)
		time.Sleep(15 * time.Second)
		fatal(t, l.Held())
		fatal(t, l.Release())
	})
}

// A holder goes by the clock that shows most.
func TestAHolderWhoseClocksJump(t *testing.T) {
	for name, jump := range map[string]func(*clocks){
		"the machine was suspended":         func(c *clocks) { c.suspend(2 * time.Minute) },
		"the wall clock was set forward":    func(c *clocks) { c.set(2 * time.Minute) },
		"suspended, and the clock set back": func(c *clocks) { c.suspend(2 * time.Minute); c.set(-time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClocks()
				l := locked(t, newShop(t).machine(t, "A", c), backend.Request{})
				fatal(t, l.Held())
				jump(c)
				if uncertain := (*backend.UncertainError)(nil); !errors.As(l.Held(), &uncertain) {
					t.Errorf("it may send: %v", l.Held())
				}
				time.Sleep(46 * time.Second) // at the next renewal it is certain again
				fatal(t, l.Held())
			})
		})
	}
	t.Run("the wall clock was set back", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, began := newClocks(), time.Now()
			l := locked(t, newShop(t).machine(t, "A", c), backend.Request{})
			l.abort()
			c.set(-time.Hour)
			certainUntil(t, l, began.Add(110*time.Second))
		})
	})
}

// A run that does nothing for 15 minutes stops renewing, and others take over. What it
// waits for on purpose counts as work.
func TestRenewingEndsWithTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		l := locked(t, s.machine(t, "A", newClocks()), backend.Request{Settle: 2 * time.Minute})
		renewed := func(d time.Duration) int {
			before := s.kinds(sharedlog.Renew)
			time.Sleep(d)
			return s.kinds(sharedlog.Renew) - before
		}
		if n := renewed(16 * time.Minute); n < 20 {
			t.Errorf("renewed %d times in 16 minutes", n)
		}
		l.Busy(0)
		if n := renewed(14 * time.Minute); n < 17 {
			t.Errorf("renewed %d times in the 14 minutes after work", n)
		}
		l.Busy(time.Hour)
		if n := renewed(74 * time.Minute); n < 90 {
			t.Errorf("renewed %d times in an hour of waiting", n)
		}
		time.Sleep(2 * time.Minute)
		if n := renewed(time.Hour); n > 0 {
			t.Errorf("renewed %d times without work", n)
		}
		if uncertain := (*backend.UncertainError)(nil); !errors.As(l.Held(), &uncertain) {
			t.Errorf("it may send: %v", l.Held())
		}
		b := s.machine(t, "B", newClocks())
		other := locked(t, b, backend.Request{Holder: backend.Holder{ID: "B"}, Wait: time.Hour})
		fatal(t, other.Release())
	})
}
