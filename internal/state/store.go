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
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/provenance"
)

// Options are what a Store needs from outside. Every field may be left out.
type Options struct {
	FS         disk.FS               // disk.OS
	Now        func() time.Time      // time.Now
	RandomID   func() string         // a random UUID; for lineages, runs without a name and locks
	Provenance provenance.Provenance // written into lock, journal and audit record
	Version    string                // of this gdfctl, written into the state file
}

// Store is the files of one state.
type Store struct {
	paths    Paths
	fs       disk.FS
	now      func() time.Time
	randomID func() string
	who      provenance.Provenance
	version  string
	rebuild  bool          // a state that is missing is made from the audit record
	signer   *audit.Signer // nil: heads of the audit record are not signed
	poll     time.Duration // between two looks at a lock that is taken
}

// NewStore returns the store of these files. It touches none of them.
func NewStore(paths Paths, opts Options) *Store {
	s := &Store{
		paths: paths, fs: opts.FS, now: opts.Now, randomID: opts.RandomID,
		who: opts.Provenance, version: opts.Version, poll: 100 * time.Millisecond,
	}
	if s.fs == nil {
		s.fs = disk.OS{}
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.randomID == nil {
		s.randomID = randomUUID
	}
	return s
}

// Signing returns the same store with a key for the heads of its audit record:
// Session.SignHead and ForceUnlock sign with it. A nil signer signs nothing.
func (s *Store) Signing(signer *audit.Signer) *Store {
	signing := *s
	signing.signer = signer
	return &signing
}

// Paths returns the files of the store.
func (s *Store) Paths() Paths { return s.paths }

// Read returns the state as it is now, with what the journal of a run says that
// is under way or was cut off. It takes no lock and changes no file. Where there
// is no state yet, it is empty and has serial 0. The error is a *disk.DamagedError or
// a *NewerError where a file can't be used.
func (s *Store) Read() (*State, []Notice, error) {
	if err := s.foreignJournal(); err != nil {
		return nil, nil, err
	}
	f, err := s.readFolded()
	if err != nil {
		return nil, nil, err
	}
	return f.state, f.notices, nil
}

// Rebuild makes a state that is missing from the audit record: what was applied
// to which order, and the numbers that were sent. What only the lost state knew,
// such as calls whose outcome was unknown, is not in it. It returns the number of
// orders, and a *LockedError while a run is under way. A state that is there is
// left as it is, and is an error.
func (s *Store) Rebuild(ctx context.Context) (int, []Notice, error) {
	for _, path := range []string{s.paths.State, s.paths.Journal} {
		if disk.Exists(s.fs, path) {
			return 0, nil, fmt.Errorf("%s is there: a state is only made again where there is none", path)
		}
	}
	again := *s
	again.rebuild = true
	x, err := again.Lock(ctx, "state rebuild", 0)
	if err != nil {
		return 0, nil, err
	}
	n := x.state.Len()
	return n, x.Notices(), errors.Join(x.Commit(), x.Close())
}

// Holder returns who wrote into the lock file last and did not say that they
// are through: a run under way, or one that did not end.
func (s *Store) Holder() (Holder, bool) {
	h := readHolder(s.paths.Lock)
	return h, h.ID != ""
}

// Lock makes the caller the one writer of the state, for as long as the session
// is not closed. Operation is what others are told about it. It waits up to
// timeout for another writer to end, and returns a *LockedError if that does
// not happen.
//
// What an earlier run left in its journal is in the state, and saved, when Lock
// returns; Session.Notices says so.
func (s *Store) Lock(ctx context.Context, operation string, timeout time.Duration) (*Session, error) {
	if err := s.foreignJournal(); err != nil { // before there is a lock file
		return nil, err
	}
	l, previous, err := s.acquire(ctx, operation, timeout)
	if err != nil {
		return nil, err
	}
	x, err := s.open(l, previous)
	if err != nil {
		return nil, errors.Join(err, l.release())
	}
	return x, nil
}

// ForceUnlock takes away a lock whose holder is gone, and records it. The
// kernel frees the lock of a process that ends, so that here it only clears
// what such a process left written; a lock that is held is refused with a
// *LockedError. It returns the holder that was cleared, if there was one.
func (s *Store) ForceUnlock(ctx context.Context, reason string) (Holder, []Notice, error) {
	x, err := s.Lock(ctx, audit.Unlock, 0)
	if held := (*LockedError)(nil); errors.As(err, &held) {
		return Holder{}, nil, fmt.Errorf("%w; that process is alive, and the kernel frees its lock when it ends", err)
	}
	if err != nil {
		return Holder{}, nil, err
	}
	previous := x.previous
	if previous.ID != "" {
		if err = x.recordUnlock(previous, reason); err == nil {
			_, err = x.SignHead()
		}
	}
	return previous, x.Notices(), errors.Join(err, x.Close())
}

func (s *Store) acquire(ctx context.Context, operation string, timeout time.Duration) (*lock, Holder, error) {
	return acquireLock(ctx, s.paths.Lock, Holder{
		ID: s.randomID(), Who: cmp.Or(s.who.Who, "unknown"), Host: s.who.Host, PID: os.Getpid(),
		Operation: operation, Since: utc(s.now()).Truncate(time.Second),
	}, timeout, s.poll)
}

// randomUUID is a version 4 UUID.
func randomUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
