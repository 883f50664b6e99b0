package shared

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Options are what a Backend needs beside its place.
type Options struct {
	// Dir is the directory of the configuration: what this machine remembers of the
	// state is beside it, in .gdfctl.
	Dir string
	// Lineage says which state it is: the attribute state of the block.
	Lineage string
	// Key returns a secret of this machine that nothing in Dir can hold: what is found
	// there is proved with it. Where there is none, this process has one of its own.
	Key func() []byte
	// Recovering is set by the command alone that accepts a log which is not what this
	// machine read before. Whoever locks it then writes nothing to the API for a lease and
	// for as long as reads can lag: what was sent is not in the log any more.
	Recovering bool
	ReadLag    time.Duration // 0: a quarter of an hour

	// Former is the place where this machine wrote the state before; empty: here, or
	// nowhere. Unless the state came from there, all is refused with Stray.
	Former string
	Stray  error

	Clock    Clock         // its zero value: SystemClock
	RandomID func() string // for records; nil: random
}

// Backend keeps a state in a log.
type Backend struct {
	place sharedlog.Place
	log   *sharedlog.Chain
	opts  Options
	clock Clock

	mu     gate   // guards what follows, and the files of the view
	dir    folder // empty until something is read
	work   *workspace
	values *values
	view   *view // nil until something is read

	receiving bool // a state that is on its way here is no error

	remembered sharedlog.Position // what is written down of how far the log was read
	rollback   *Rollback          // nil: the log is what it was; only found out when recovering
}

// New returns the backend of the state in a place. It touches nothing of it.
func New(place sharedlog.Place, o Options) *Backend {
	if o.RandomID == nil {
		o.RandomID = randomID
	}
	if o.Clock.Steady == nil {
		o.Clock = SystemClock()
	}
	if o.ReadLag <= 0 {
		o.ReadLag = defaultReadLag
	}
	return &Backend{place: place, log: sharedlog.Open(place, o.RandomID), opts: o, clock: o.Clock, mu: newGate()}
}

// WrongLineageError says that a place keeps another state than the configuration
// names, or none.
type WrongLineageError struct {
	Place        string
	Want, Found  string // Found is empty where there is none
	Unconfigured bool   // the block does not say which state it is
}

func (e *WrongLineageError) Error() string {
	switch {
	case e.Unconfigured && e.Found != "":
		return fmt.Sprintf("the backend block does not say which state it is, and %s keeps one. If it is yours, add to the block: state = %q", e.Place, e.Found)
	case e.Unconfigured:
		return fmt.Sprintf("the backend block does not say which state it is, and %s keeps none. Begin one with: gdfctl state init", e.Place)
	case e.Found == "":
		return fmt.Sprintf("%s keeps no state, and the configuration names state %q: was it deleted, renamed, or is this another repository? Nothing was sent. "+
			"`gdfctl state init` begins a new state; an older one is not in it", e.Place, e.Want)
	}
	return fmt.Sprintf("%s keeps state %q, and the configuration names state %q: was it deleted, renamed, or is this another repository? Nothing was sent", e.Place, e.Found, e.Want)
}

// Name implements backend.Backend.
func (b *Backend) Name(p backend.Part) string {
	return fmt.Sprintf("%s (%s)", b.place, map[backend.Part]string{
		backend.Snapshot: "orders", backend.Journal: "journal", backend.Closed: "closed orders", backend.Audit: "audit log",
		backend.SignedHead: "signed head", backend.Late: "late outcomes",
	}[p])
}

// Files implements backend.Backend.
func (b *Backend) Files() []string { return nil }

// Refresh implements backend.Backend.
func (b *Backend) Refresh(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refreshLocked(ctx)
}

func (b *Backend) refreshLocked(ctx context.Context) error {
	if err := b.pullLocked(ctx); err != nil {
		return err
	}
	return b.copyLocked(ctx)
}

// readTime bounds reading where the caller sets no bound.
const readTime = 10 * time.Minute

// Open implements backend.Backend. Who did not say as of when reads as of now.
func (b *Backend) Open(p backend.Part) (disk.Reader, int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.readLocked(); err != nil {
		return nil, 0, err
	}
	return b.view.open(partNames[p])
}

// readLocked reads the log if nothing was read yet, and makes the copies.
func (b *Backend) readLocked() error {
	ctx, cancel := context.WithTimeout(context.Background(), readTime)
	defer cancel()
	if b.view == nil {
		return b.refreshLocked(ctx)
	}
	return b.copyLocked(ctx)
}

// Begun implements backend.Backend.
func (b *Backend) Begun() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.readLocked() == nil && b.view.Begun
}

// Position implements backend.Backend.
func (b *Backend) Position() backend.Position {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.view == nil {
		return backend.Position{}
	}
	return backend.Position(b.view.at)
}

// Holder implements backend.Backend.
func (b *Backend) Holder() backend.Holder {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.readLocked() != nil || !b.view.held() {
		return backend.Holder{}
	}
	return backend.Holder(b.view.fold.Holder)
}

// Check implements backend.Backend: it reads the log.
func (b *Backend) Check() error {
	ctx, cancel := context.WithTimeout(context.Background(), readTime)
	defer cancel()
	return b.Refresh(ctx)
}

// Damaged implements backend.Backend.
func (b *Backend) Damaged(p backend.Part, reason string) *disk.DamagedError {
	return &disk.DamagedError{
		Path: b.Name(p), Reason: reason,
		Remedy: "Nothing was changed. Put the place back to how it was before, from its history or a backup, and accept where it ends then with: gdfctl state recover",
	}
}

// Close implements backend.Backend.
func (b *Backend) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var err error
	if b.work != nil {
		err = b.work.remove()
		b.work, b.view, b.dir = nil, nil, ""
	}
	return errors.Join(err, b.place.Close())
}
