package backend

import "time"

// Terms are what the holder of a lease keeps to beyond asking Held. Those of files
// on this machine are the zero value: the kernel ends a lease with its process,
// nothing that was synced is lost with the process, and writing down one intent
// costs next to nothing.
type Terms struct {
	// Window is how many intents are written down at once, ahead of their calls; 0:
	// each on its own, when its call is about to be sent. Within a window there is one
	// call for an order.
	Window int
	// Span is the time that the calls of a window may take under the call limit.
	Span time.Duration
	// Patience is how long after its intent was written down a call may be sent. One
	// that had no turn by then is given up as not sent.
	Patience time.Duration

	// Acquired is when the lease was acquired, with the reading of the steady clock.
	Acquired time.Time
	// Quiet is how long after Acquired nothing is written to the API: another holder
	// may not have ended by releasing the lease, and what it sent last can still take
	// effect, known to nobody.
	Quiet time.Duration
	// Settle is the larger of the settle of this holder and those before: calls of
	// other processes whose outcome is not known are reread when it has passed since
	// Acquired. 0: as the account says, since the call was found.
	Settle time.Duration
	// Lossy says that outcomes can be lost with the machine that saw them: a call of
	// a process that is gone may have been accepted, with an answer that nobody has
	// any more. It is repeated only when the account's read_lag has passed since
	// Acquired.
	Lossy bool
}
