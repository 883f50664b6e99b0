package shared

import (
	"fmt"
	"strconv"
	"time"
)

// hastened is by how much the times of a lease are shorter than what is promised. Only
// the linker sets it, for the program that the acceptance tests run, so that a lease
// ends within a test: -ldflags '-X …/internal/state/shared.hastened=30'. Neither
// environment nor flags change it.
var hastened string

// Hasten is a time that the lease rests on, in this build. Times that several parts of
// the program compare are shorter by the same factor.
func Hasten(d time.Duration) time.Duration { return d / hastenedBy }

// hastenPace is the pace of a place in this build. An append to a place that has one takes
// no less time than ever, and others must come between two of a holder, also on a busy machine.
func hastenPace(d time.Duration) time.Duration { return max(Hasten(d), min(d, 2*time.Second)) }

var hastenedBy = func() time.Duration {
	if hastened == "" {
		return 1
	}
	n, err := strconv.Atoi(hastened)
	if err != nil || n < 1 {
		panic(fmt.Sprintf("built with hastened=%s: not a factor", hastened))
	}
	return time.Duration(n)
}()

var (
	// leaseTime is how long a holder counts as alive without a record.
	leaseTime = Hasten(3 * time.Minute)
	// certainAtLeast is how long a lease with long calls is certain at least.
	certainAtLeast = Hasten(time.Minute)
	// margin is what is left of a lease at the end of the last call.
	margin = Hasten(10 * time.Second)
	// defaultCall and defaultSettle are for who does not say.
	defaultCall   = Hasten(time.Minute)
	defaultSettle = Hasten(2 * time.Minute)
	// defaultReadLag is for who recovers a log and does not say.
	defaultReadLag = Hasten(15 * time.Minute)
	// pollTime is between two looks of a waiter.
	pollTime = Hasten(3 * time.Second)
	// tellTime is between two messages to who waits for one holder.
	tellTime = Hasten(time.Minute)
	// yieldTime is how long a free lease is left to one that goes first.
	yieldTime = 4 * pollTime
	// renewTime is how old the last record of a holder gets.
	renewTime = Hasten(45 * time.Second)
	// idleTime is after how long without a sign of work the lease is not renewed.
	idleTime = Hasten(15 * time.Minute)
	// wantedAfter is how long a holder has the lease before it gives way.
	wantedAfter = Hasten(2 * time.Minute)
	// windowSpan is of how many seconds the calls of a window are, and windowPatience
	// how long they may wait for their turn.
	windowSpan     = Hasten(30 * time.Second)
	windowPatience = Hasten(5 * time.Minute)
)

// gatherTime is how long lines wait for others where each append counts: the outcomes of
// a short run come at once, and are in its snapshot before long.
const gatherTime = 250 * time.Millisecond

// endTime bounds what is done when a lease ends.
const endTime = 20 * time.Second
