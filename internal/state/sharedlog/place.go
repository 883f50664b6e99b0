package sharedlog

import (
	"context"
	"time"
)

// Place keeps one log, and values under their hashes. It knows nothing of what
// records say. Its methods may be called from several goroutines.
//
// Reading never changes what is kept, and never needs a right to write.
type Place interface {
	// String is what messages call the place. It holds no credential.
	String() string

	// Prepare makes what the log needs and is not there yet, such as tables. It is
	// called by `state init` alone.
	Prepare(context.Context) error
	// Prove tries, with real writes that it cleans up, that the place keeps its
	// promises: that it can be written to, and that of two conditional writes one is
	// refused. What it returns beside an error are warnings, each a sentence or two for
	// a person.
	Prove(context.Context) (warnings []string, err error)

	// Append puts a record directly behind prev, in one attempt: whatever libraries
	// do by themselves to repeat a request is off. When it returns nil, the record is
	// durable, and was the last one of the log at some moment between the call and its
	// answer, whichever attempt put it there. The error is
	//   - a *TakenError if the log did not end with prev. This attempt added nothing, and
	//     never will; whether an earlier one of the same record did is for the caller to
	//     read;
	//   - a *RefusedError if the place does not let it be written: this attempt wrote
	//     nothing, and never will;
	//   - a *TimelineError if the place is not on the record's timeline: likewise;
	//   - any other error if it is not known whether the record is, or will be, in the log.
	// Values that were put before are durable too when it returns nil.
	Append(ctx context.Context, prev Position, r Raw) error
	// Read returns records behind the one with the number after, without a gap: at
	// least the next one, if there is any; more where that costs little. The error is
	// ErrTrimmed if the next one is gone while later ones are there, ErrNoLog if
	// nothing was ever begun here. A page is empty if the log ends with the record
	// after, or before it.
	Read(ctx context.Context, after int64) (Page, error)
	// Start is the number of the newest record that was appended with Snapshot set, or 0
	// if there is none. The error is ErrNoLog if there is no log.
	Start(context.Context) (int64, error)
	// Trim removes the records 1 to before-1 in ascending order, each removal
	// answered before the next begins. Record 0 stays, and before is a record that is
	// there or was trimmed. Nothing can be appended where a record was removed. A
	// place that removes all of them at once may do it with its next Append.
	Trim(ctx context.Context, before int64) error

	// Put keeps a value under its hash, also if it is there already: one that nothing
	// names yet could be about to be swept. It is durable when the next Append
	// returns nil.
	Put(ctx context.Context, hash string, value []byte) error
	// Get returns a value. The caller compares its hash. The error is fs.ErrNotExist if
	// it is not there.
	Get(ctx context.Context, hash string) ([]byte, error)
	// Sweep removes the values that were put before a time and that kept does not
	// keep. A place may know that time by the day only, keep them for a day longer, and
	// remove them with its next Append.
	Sweep(ctx context.Context, kept func(hash string) bool, before time.Time) error

	// Pace is the least time between two appends that the place is good for; 0: one
	// after the other.
	Pace() time.Duration
	Close() error
}

// Clocked is a Place that says what time it is there.
type Clocked interface {
	// Clock returns the time there at some moment of the call, to the second; zero where
	// the place does not say.
	Clock(context.Context) (time.Time, error)
}

// Raw is a record as a place keeps it.
type Raw struct {
	N        int64
	Data     []byte    // one line of JSON, with its newline
	Kind     string    // of the record, for names that people read
	At       time.Time // by its writer's clock, for names that people read
	Snapshot bool      // a reader can begin with this one
	// Timeline is what the place must be on for the record to be appended, as a Page
	// said; empty: it doesn't matter.
	Timeline string
	// Readable are names of files under which people find values of a snapshot, where
	// the place has files: the hashes of the values that a file consists of, by its
	// path.
	Readable map[string][]string
}

// Position is the position of the record.
func (r Raw) Position() Position { return Position{r.N, HashOf(r.Data)} }

// Page is what one Read returned.
type Page struct {
	Records []Raw // with N and Data; the rest may be empty
	// End says that nothing was behind these records when they were looked for, so that
	// nobody needs to ask. Where it is false, that is not known.
	End bool
	// Timeline names the history that the place is on. It changes where another
	// server takes over, and with it the newest records can be lost. Empty where that
	// can't happen.
	Timeline string
}
