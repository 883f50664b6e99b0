package state

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// Options are what a Store needs from outside. Every field may be left out.
type Options struct {
	Now        func() time.Time      // time.Now
	RandomID   func() string         // a random UUID; for lineages, runs without a name and leases
	Provenance provenance.Provenance // written into lease, journal and audit log
	Version    string                // of this gdfctl, written into the state file
}

// Store is one state, wherever it is kept.
type Store struct {
	backend  backend.Backend
	now      func() time.Time
	randomID func() string
	who      provenance.Provenance
	version  string
	rebuild  bool          // a state that is missing is made from the audit log
	signer   *audit.Signer // nil: heads of the audit log are not signed
}

// NewStore returns the store of the state that is kept there. It touches nothing
// of it.
func NewStore(b backend.Backend, opts Options) *Store {
	s := &Store{backend: b, now: opts.Now, randomID: opts.RandomID, who: opts.Provenance, version: opts.Version}
	if s.now == nil {
		s.now = time.Now
	}
	if s.randomID == nil {
		s.randomID = randomUUID
	}
	return s
}

// Signing returns the same store with a key for the heads of its audit log:
// Session.SignHead and ForceUnlock sign with it. A nil signer signs nothing.
func (s *Store) Signing(signer *audit.Signer) *Store {
	signing := *s
	signing.signer = signer
	return &signing
}

// Refresh brings what is read to one later moment, where others may have written
// meanwhile.
func (s *Store) Refresh(ctx context.Context) error { return s.backend.Refresh(ctx) }

// Read returns the state as it is now, with what the journal of a run says that
// is under way or was cut off. It takes no lock and changes no file. Where there
// is no state yet, it is empty and has serial 0. The error is a *disk.DamagedError or
// a *NewerError where a file can't be used.
func (s *Store) Read() (*State, []Notice, error) {
	f, err := s.readFolded()
	if err != nil {
		return nil, nil, err
	}
	return f.state, f.notices, nil
}

// Rebuild makes a state that is missing from the audit log: what was applied
// to which order, and the numbers that were sent. What only the lost state knew,
// such as calls whose outcome was unknown, is not in it. It returns the number of
// orders, and a *backend.LockedError while a run is under way. A state that is there is
// left as it is, and is an error.
func (s *Store) Rebuild(ctx context.Context) (int, []Notice, error) {
	for _, p := range []backend.Part{backend.Snapshot, backend.Journal} {
		if s.exists(p) {
			return 0, nil, fmt.Errorf("%s is there: a state is only made again where there is none", s.backend.Name(p))
		}
	}
	return s.make(ctx, "state rebuild")
}

// Begin makes a state of no orders where there is none. It is an error where anything
// is left of one.
func (s *Store) Begin(ctx context.Context) ([]Notice, error) {
	if left := s.Left(); left != "" {
		return nil, fmt.Errorf("%s is there: a state is only begun where there is none", left)
	}
	_, notices, err := s.make(ctx, "state init")
	return notices, err
}

// Left names something that is there of a state, whole or not; it is empty where there
// never was one.
func (s *Store) Left() string {
	for _, p := range []backend.Part{backend.Snapshot, backend.Journal, backend.Audit, backend.Closed} {
		if s.exists(p) {
			return s.backend.Name(p)
		}
	}
	if s.backend.Begun() {
		return "the backup of " + s.backend.Name(backend.Snapshot)
	}
	return ""
}

// make writes a state that is missing, of what the audit log says.
func (s *Store) make(ctx context.Context, operation string) (int, []Notice, error) {
	again := *s
	again.rebuild = true
	x, err := again.Lock(ctx, LockRequest{Operation: operation})
	if err != nil {
		return 0, nil, err
	}
	n := x.state.Len()
	return n, x.Notices(), errors.Join(x.Commit(), x.Close())
}

// Holder returns who wrote into the lock file last and did not say that they
// are through: a run under way, or one that did not end.
func (s *Store) Holder() (backend.Holder, bool) {
	h := s.backend.Holder()
	return h, h.ID != ""
}

// LockRequest asks for the right to write a state. All but Operation may be left
// out.
type LockRequest struct {
	Operation string        // what others read about it
	Wait      time.Duration // for another writer to end
	Settle    time.Duration // the largest of the accounts that are written to
	Lag       time.Duration // likewise, how late reads show a call
	Call      time.Duration // how long a call takes at most
	Calls     int           // how many calls will be made, about
	Waiting   func(backend.Waiting)
	Warn      func(text string) // see backend.Request
	Reason    string            // see backend.Request
	// Still is asked once the lease is held and before anything is put in order: what
	// the caller goes by must still be so. Its error gives the lease back. It can be nil.
	Still func(context.Context) error
}

// Lock makes the caller the one writer of the state, for as long as the session
// is not closed. It returns a *backend.LockedError if another writer does not end
// in time.
//
// What an earlier run left in its journal is in the state, and saved, when Lock
// returns; Session.Notices says so. When ctx ends, the session has Grace left to make
// things durable.
func (s *Store) Lock(ctx context.Context, req LockRequest) (*Session, error) {
	holder := s.Holding(req.Operation)
	lease, previous, err := s.backend.Lock(ctx, backend.Request{
		Holder: holder, Wait: req.Wait, Settle: req.Settle, Lag: req.Lag, Call: req.Call, Calls: req.Calls, Waiting: req.Waiting, Warn: req.Warn,
		Reason: req.Reason,
	})
	if err != nil {
		return nil, err
	}
	calm := context.AfterFunc(ctx, func() { lease.EndWithin(Grace) })
	if req.Still != nil {
		err = req.Still(ctx)
	}
	var x *Session
	if err == nil {
		x, err = s.open(lease, holder, previous)
	}
	if err != nil {
		defer calm()
		return nil, errors.Join(err, lease.Release())
	}
	x.calm = calm
	return x, nil
}

// Grace is how long a session has when its run is stopped: CI runners kill ten
// seconds after their first signal, and eight are promised.
const Grace = 7500 * time.Millisecond

// Holding is this process as the holder of a lease, for that operation.
func (s *Store) Holding(operation string) backend.Holder {
	return backend.Holder{
		ID: s.randomID(), Who: cmp.Or(s.who.Who, "unknown"), Host: s.who.Host, PID: os.Getpid(),
		Operation: operation, Since: utc(s.now()).Truncate(time.Second),
	}
}

// ForceUnlock removes a lock whose holder is gone, and records it. On one machine
// the kernel frees the lock of a process that ends, so that here it only clears
// what such a process left written, and a lock that is held is refused with a
// *backend.LockedError. Where several machines share a state, the lease is broken.
// It returns the holder that was cleared, if there was one.
// only is the ID of the one lock to remove; it can be empty.
func (s *Store) ForceUnlock(ctx context.Context, req LockRequest, only string) (*Unlocked, []Notice, error) {
	req.Operation = audit.Unlock
	broken, err := s.backend.Break(ctx, s.Holding(audit.Unlock), only, req.Reason)
	if err != nil {
		return nil, nil, err
	}
	x, err := s.Lock(ctx, req)
	held := (*backend.LockedError)(nil)
	if errors.As(err, &held) && broken.ID == "" {
		return nil, nil, fmt.Errorf("%w; that process is alive, and the kernel frees its lock when it ends", err)
	}
	if err != nil && held != nil { // another run was first; the log alone says that the lock was removed
		return &Unlocked{Holder: broken, Next: held.Holder}, nil, nil
	}
	if err != nil {
		return &Unlocked{Holder: broken}, nil, err
	}
	previous := x.previous
	if previous.ID == "" {
		previous = broken
	}
	if previous.ID != "" {
		if err = x.recordUnlock(previous, req.Reason); err == nil {
			_, err = x.SignHead()
		}
	}
	return &Unlocked{Holder: previous, Quiet: x.Terms().Quiet}, x.Notices(), errors.Join(err, x.Close())
}

// Unlocked is a lock that was removed.
type Unlocked struct {
	Holder backend.Holder // the zero value: there was none
	Quiet  time.Duration  // how long from now nothing is sent, by whoever locks next
	Next   backend.Holder // who locked it meanwhile; the zero value: nobody
}

// Files are the names of files that belong to the state, and that nothing else
// may write to.
func (s *Store) Files() []string { return s.backend.Files() }

// Position names the moment that was read last, where the place of the state names
// moments.
func (s *Store) Position() backend.Position { return s.backend.Position() }

// Close removes what was made to read the state. The store is not used any more.
func (s *Store) Close() error { return s.backend.Close() }

// Name is what messages call the state: a path, or an address.
func (s *Store) Name() string { return s.backend.Name(backend.Snapshot) }

// SignedHead is what messages call the place of the signed head.
func (s *Store) SignedHead() string { return s.backend.Name(backend.SignedHead) }

// Check finds out whether a state can be kept here. It touches nothing of it.
func (s *Store) Check() error { return s.backend.Check() }

func (s *Store) exists(p backend.Part) bool {
	r, _, err := s.backend.Open(p)
	if err != nil {
		return false
	}
	_ = r.Close()
	return true
}

// randomUUID is a version 4 UUID.
func randomUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
