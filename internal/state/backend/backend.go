package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// Part is one of the things that are kept of a state.
type Part int

// The parts. Only the journal and the snapshot are needed to go on after a crash.
const (
	Snapshot   Part = iota // the orders as of the last commit: replaced as a whole
	Journal                // the records of the run under way: created, added to, removed
	Closed                 // closed orders: added to, seldom replaced
	Audit                  // the audit log: added to only
	SignedHead             // the signed end of the audit log: replaced as a whole
	Late                   // outcomes of runs whose journal is folded already: added to, removed
)

// Backend is a place where one state is kept.
type Backend interface {
	// Name is what messages call a part: a path, or an address.
	Name(Part) string
	// Files are the names of files that belong to the state, and that nothing
	// else may write to.
	Files() []string

	// Refresh brings what Open shows to one later moment. Until it is called again, or
	// a lease is taken, all parts are as of that moment.
	Refresh(ctx context.Context) error
	// Open opens a part for reading, and returns its size. The error is
	// fs.ErrNotExist if there is no such part yet, and a *disk.DamagedError if it
	// can't be this state's own.
	Open(Part) (disk.Reader, int64, error)
	// Begun reports whether a snapshot was ever kept here, also if it is gone.
	Begun() bool
	// Damaged is the error for a part that can't be used, with the way back.
	Damaged(p Part, reason string) *disk.DamagedError

	// Lock makes the caller the one writer. It waits for another one to end as long
	// as the request says, and then returns a *LockedError. It also returns the
	// holder before, if that one ended without releasing the lease.
	Lock(context.Context, Request) (Lease, Holder, error)
	// Break takes the lease from a holder that nothing but a record names, and
	// returns who that was: the next one may lock at once, and writes when it is
	// certain that the former one does not. Where a holder can be seen to be alive,
	// it takes nothing: Lock says so. only is the ID of the one holder to take it from;
	// another one is a *LockedError. It can be empty.
	Break(ctx context.Context, by Holder, only, reason string) (Holder, error)
	// Holder is who said last that they hold the lease and did not release it: a
	// run under way, or one that was cut off.
	Holder() Holder
	// Position names the moment that the parts are as of; zero where moments have no
	// names.
	Position() Position
	// Unchanged reports whether what is kept is what it was at a position: whatever
	// was recorded since then is about leases alone. Where moments have no names it is
	// not asked.
	Unchanged(context.Context, Position) (bool, error)
	// Check finds out whether a state can be kept here. It touches no part, takes
	// no lease that a run could want, and leaves nothing behind.
	Check() error
	// Close removes what was made to read the parts.
	Close() error
}

// ErrNoFiles says that a part is not kept in files of its own.
var ErrNoFiles = errors.New("it is not kept in files of its own")

// Position names a moment of a state that several machines share.
type Position struct {
	N    int64  `json:"n"`
	Hash string `json:"hash"`
}

// String is how messages name a position: the number, and the beginning of the hash.
func (p Position) String() string { return fmt.Sprintf("%d@%.12s", p.N, p.Hash) }

// Lease is the right to write. Its methods may be called from several
// goroutines, but each part is written by one at a time.
type Lease interface {
	// Held returns a *FencedError if the lease was lost, and an *UncertainError if
	// it may have been: then nothing may be sent. It answers at once. Outcomes of calls
	// that were begun before are written all the same: they take the lease from nobody.
	Held() error
	// Busy says that the holder does something, or waits for that long. A holder that
	// says nothing for a quarter of an hour is one that does nothing, and may lose the
	// lease.
	Busy(wait time.Duration)
	// Wanted reports whether another one waits for the lease, and this holder had it
	// long enough: at the end of its window it commits, releases the lease and locks
	// again, behind the other one.
	Wanted() bool
	// Terms are what the holder keeps to; they don't change.
	Terms() Terms
	// Create makes a part that must not be there. That it was made is durable.
	Create(Part) (Records, error)
	// Append opens a part, or makes it, so that every Write goes to its end. That
	// it was made is durable.
	Append(Part) (disk.Writer, error)
	// Truncate cuts off the end of a part, durably: a write that was cut off.
	Truncate(p Part, size int64) error
	// RotateAudit begins a new file of the audit log, durably, and returns the name of the
	// one that it leaves, which is never written again: empty if nothing was in it. Open
	// goes on showing all of them as one, Append goes to the new one. line is the last one
	// there is, and orders the files. The error is ErrNoFiles where the log is not kept in
	// files.
	RotateAudit(day time.Time, line int) (left string, err error)
	// Replace puts what write writes instead of a part, whole and durable. An
	// error of write leaves the part as it was and is returned.
	Replace(p Part, write func(io.Writer) error) error
	// Remove removes a part, durably. That it is not there is no error.
	Remove(Part) error
	// Together makes durable what write does to the parts at once, at its end, where
	// the backend can: that the Snapshot is among it says that all parts belong
	// together. Nothing that write does is durable before.
	Together(write func() error) error
	// Arrived returns what was added to Late since the last call, or since the lease
	// was taken: outcomes that a former holder recorded only now.
	Arrived() []byte
	// DropLate removes the beginning of the Late part, which the state holds by now.
	DropLate(size int64) error
	// EndWithin bounds everything that is still to be made durable, Release among it:
	// whoever is stopped has no longer. Nothing waits for a pace from now on. What can't
	// be recorded by then stays on this machine, and Release says where.
	EndWithin(time.Duration)
	// Owes completes a move with what the place asks of its next holder, and with the
	// places where the state was before.
	Owes(*Move)
	// Leave says that the state moved, which is the last thing that the place ever takes.
	// Nothing may be written afterward. The error is ErrArrived if something came late
	// that was not folded: then the state is still here.
	Leave(Move) error
	// Release gives the lease back. Nothing may be written afterward.
	Release() error
}

// Records is a part that is being written. Callers that add records at the same
// time share one Write and one Sync: where a Sync is a round trip, what is added
// meanwhile is the next window.
type Records interface {
	disk.Writer
	// Keep makes what was written durable on this machine at least, and everywhere
	// before long: enough for an outcome, which takes nothing from anybody if it comes
	// late. Sync makes it durable where the next holder will look for it, wherever
	// that one runs.
	Keep() error
	// InPlace reports whether the records are where the next reader will look for
	// them, with all that Sync made durable.
	InPlace() bool
}
