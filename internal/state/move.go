package state

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// errLeft says that a state moved away in this session.
var errLeft = errors.New("the state moved to another place")

// MoveOptions are what a move needs beside where it goes.
type MoveOptions struct {
	// ReadLag is how long a call of a process that is gone can be accepted without reads
	// showing it: the largest of the accounts.
	ReadLag time.Duration
	// Waiting is called before the move waits until calls of former runs can't take
	// effect any more.
	Waiting func(until time.Time)
}

// mostCopies is how often a state is copied again because outcomes came meanwhile.
const mostCopies = 5

// copyTime is how long a copy may take without a sign of life beyond those of the lease.
const copyTime = 30 * time.Minute

// Leave moves the state to another place, up to the record that says so here: the
// state goes on there when the target was activated. Whatever cuts it off before that
// record, the state is still here. It returns the move as both places name it.
func (x *Session) Leave(ctx context.Context, to backend.Target, m backend.Move, o MoveOptions) (backend.Move, error) {
	m.ID = cmp.Or(m.ID, x.store.randomID())
	if err := x.recordAside(audit.StateMigrate, "", fmt.Sprintf("from %s to %s", m.From.Place, m.To.Place)); err != nil {
		return m, err
	}
	if !to.Keeps() {
		if err := x.waitOut(ctx, o); err != nil {
			return m, err
		}
	}
	for range mostCopies {
		if err := x.copyTo(ctx, to, &m); err != nil {
			return m, err
		}
		err := x.lease.Leave(m)
		if err == nil {
			x.mu.Lock()
			x.left = true
			x.mu.Unlock()
		}
		if !errors.Is(err, backend.ErrArrived) {
			return m, err
		}
	}
	return m, backend.ErrArrived
}

// copyTo saves what is known, and has the target receive it. What came there is
// compared with what is here.
func (x *Session) copyTo(ctx context.Context, to backend.Target, m *backend.Move) error {
	x.lease.Busy(copyTime)
	if err := x.Commit(); err != nil {
		return err
	}
	if _, err := x.SignHead(); err != nil {
		return err
	}
	for _, p := range []backend.Part{backend.Journal, backend.Late} {
		if x.store.exists(p) {
			return fmt.Errorf("%s is there, though the state was saved: nothing was moved", x.store.backend.Name(p))
		}
	}
	m.Origin = x.state.Lineage()
	x.lease.Owes(m)
	if err := to.Receive(ctx, m, x.holder, x.store.backend.Open, x.Held); err != nil {
		return err
	}
	for _, p := range backend.Moving {
		here, err := sumOf(x.store.backend.Open, p)
		if err != nil {
			return err
		}
		there, err := sumOf(to.Received, p)
		if err != nil {
			return err
		}
		if here != there {
			return fmt.Errorf("%s did not come to %s as it is: nothing was moved", x.store.backend.Name(p), m.To.Place)
		}
	}
	return x.Held()
}

// sumOf is the hash of a part, or empty where there is none.
func sumOf(contents backend.Contents, p backend.Part) (string, error) {
	r, size, err := contents(p)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, io.NewSectionReader(r, 0, size))
	return string(sum.Sum(nil)), errors.Join(err, r.Close())
}

// waitOut waits here for what the target would not keep to: until calls of former runs
// can't take effect any more, and, where the outcome of one is not known, until reads
// certainly show it.
func (x *Session) waitOut(ctx context.Context, o MoveOptions) error {
	terms := x.lease.Terms()
	wait := terms.Quiet
	if terms.Lossy && len(x.state.openIntents()) > 0 {
		wait = max(wait, terms.Settle, o.ReadLag)
	}
	left := wait - time.Since(terms.Acquired)
	if wait == 0 || left <= 0 {
		return nil
	}
	if o.Waiting != nil {
		o.Waiting(x.store.now().Add(left))
	}
	x.lease.Busy(left)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(left):
		return nil
	}
}
