package backend

import "time"

// FewCalls is how many calls a run makes at most that others let go first.
const FewCalls = 200

// Request asks for a lease.
type Request struct {
	Holder Holder
	Wait   time.Duration // for another holder to end; 0: not at all
	Settle time.Duration // the largest of the accounts that the holder writes to
	Lag    time.Duration // how late reads show a call, at most
	Call   time.Duration // how long one of its calls takes at most
	Calls  int           // how many calls it will make, about; 0: not known
	Reason string        // why people change the state, for the records of what they change
	// Waiting is called with who holds the lease, again when that is another
	// one, and now and then when the time is a later one. It can be nil.
	Waiting func(Waiting)
	// Warn is called with what people should look at and nothing waits for. It can be nil.
	Warn func(text string)
}

// Waiting is what is known while a lease is waited for.
type Waiting struct {
	Holder Holder    // who has it
	Until  time.Time // when it is taken over if the holder shows no sign of life until then; zero where that is not known
}
