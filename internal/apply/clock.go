package apply

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/plan"
)

// moment is a point in time on two clocks. The steady one can't be set, but on
// most systems it stands still while the machine sleeps. The wall clock counts
// that sleep, but people and time servers set it.
type moment struct{ steady, wall time.Time }

// momentOf takes the wall time out of a time that may carry both.
func momentOf(t time.Time) moment { return moment{t, t.Round(0)} }

// clock is the run's two clocks. What must not be underestimated, the age of a
// read, goes by the one that shows more: moment and age. What must not be
// overestimated, the waiting time of a call, goes by the steady one
// alone: Options.Now.
type clock struct{ steady, wall func() time.Time }

func (c clock) moment() moment { return moment{c.steady(), c.wall().Round(0)} }

// age is how long ago m was, never less than it really is unless somebody set
// the wall clock back while the machine slept.
func (c clock) age(m moment) time.Duration {
	now := c.moment()
	return max(now.steady.Sub(m.steady), now.wall.Sub(m.wall))
}

const (
	// beginning is how old a read may be when its task is begun, counted back
	// from plan.Freshness: time for a call that waits its turn under the limit.
	beginning = plan.Freshness - plan.WindowTime
	// connecting is likewise for a call that is about to be sent: a new
	// connection and its encryption may take so long.
	connecting = 2 * godatafeed.ConnectTimeout
)

// fresh reports whether a call that is sent within that time may rest on what
// was read of the task's order.
func (c clock) fresh(t *task, within time.Duration) bool {
	return !t.readAt.steady.IsZero() && c.age(t.readAt)+within <= plan.Freshness
}
