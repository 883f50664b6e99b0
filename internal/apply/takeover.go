package apply

import (
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/words"
)

// A state that several machines share can be taken over from one that stopped.
// What that one sent last can still take effect, and reads can show it late.

// emitRest says, once, that nothing is written to the API yet.
func (l *lane) emitRest(now time.Time) {
	if !now.Before(l.silent) || l.silent.Equal(l.saidRest) || l.queue.len() == 0 {
		return
	}
	l.saidRest = l.silent
	l.run.emit(Event{Type: Progress, Account: l.account.Name, Message: fmt.Sprintf(
		"waiting %s, until %s: the run before did not end properly, and what it sent last can still take effect",
		words.Duration(l.silent.Sub(now)), l.clockTime(l.silent))})
}

// clockTime is a time of today as people say it.
func (l *lane) clockTime(t time.Time) string {
	zone := time.UTC
	if l.account.Timezone != nil {
		zone = l.account.Timezone
	}
	return t.In(zone).Format("15:04 MST")
}

// proves reports whether a read that shows an order as before a call proves that
// the call had no effect. Where the answers of a lost machine are lost with it, calls of
// it that were accepted are many, and reads can take long to show them.
func (l *lane) proves(t *task) bool {
	return !t.inherited || !l.terms.Lossy || !l.run.Now().Before(l.provedFrom(t))
}

// provedFrom is when a read proves that.
func (l *lane) provedFrom(t *task) time.Time {
	return t.found.Add(l.lag())
}

// lag is how long reads can take to show what a lost machine did.
func (l *lane) lag() time.Duration {
	return max(l.account.ReadLag, l.settle())
}

// doubt rereads an order when a read of it proves something.
func (l *lane) doubt(t *task) {
	if !t.doubted {
		t.doubted = true
		l.run.emitUnknown(t, fmt.Sprintf("a call of an earlier run shows no effect yet, but reads can be late (read_lag): "+
			"it can be repeated after %s", l.clockTime(l.provedFrom(t))))
	}
	l.later(t, l.provedFrom(t).Sub(l.run.Now()))
}

// endedBefore says why the outcome of a call is not known when the run ends.
func (l *lane) endedBefore(t *task) string {
	if t.doubted {
		return fmt.Sprintf("the outcome of the call is unknown: it shows no effect, but reads can be late (read_lag); "+
			"run apply again and let it run: begun now, it can repeat the call after %s", l.clockTime(l.run.Now().Add(l.lag())))
	}
	return "the run ended before the outcome of the call was known; run apply again to find it out"
}
