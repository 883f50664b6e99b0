package memlog

import (
	"context"
	"errors"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Call is one call of a Place.
type Call struct {
	Machine string // of the place
	Method  string // such as "Append"
	Prev    sharedlog.Position
	Record  sharedlog.Raw // of an Append
}

// Fault is what goes wrong with a call. The zero value is nothing.
type Fault struct {
	Before time.Duration // on the way to the store
	After  time.Duration // on the way back
	Err    error         // is returned instead, and nothing is executed
	Lost   Loss          // the call returns ErrNoAnswer
	// Late is how long after the call returned an ExecutedLate one takes effect. If it
	// is 0, it waits in Parked.
	Late time.Duration
}

// Loss is the outcome of a call without an answer.
type Loss int

// What can become of it.
const (
	NotLost      Loss = iota
	RequestLost       // it never takes effect
	AnswerLost        // it took effect
	ExecutedLate      // it will take effect
)

// ErrNoAnswer is returned by a call whose answer is lost.
var ErrNoAnswer = errors.New("no answer came")

// SetFaults sets what decides about each call before it is sent. It may use the
// store itself, so that something else happens first, and is called by all places
// at once. Nil ends all faults.
func (s *Store) SetFaults(decide func(Call) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = decide
}

// Parked is a call without an answer that is still on its way.
type Parked struct {
	Call
	execute func() error
}

// Parked are the calls that are still on their way, in the order in which they were
// made. They take effect when Execute is called, or never.
func (s *Store) Parked() []*Parked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.parked
}

// Execute lets the call take effect now. The error is the one that its caller does
// not hear.
func (p *Parked) Execute() error { return p.execute() }

// Place is how one machine sees the log.
func (s *Store) Place(machine string) *Place { return &Place{store: s, machine: machine} }

// call carries out one call as its fault says. execute runs with the lock held.
func (p *Place) call(ctx context.Context, c Call, execute func() error) error {
	c.Machine = p.machine
	s := p.store
	s.mu.Lock()
	closed, decide := p.closed, s.faults
	s.mu.Unlock()
	if closed {
		return errClosed
	}
	var f Fault
	if decide != nil {
		f = decide(c)
	}
	if err := wait(ctx, f.Before); err != nil {
		return err
	}
	locked := func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return execute()
	}
	reads := c.Method == "Read" || c.Method == "Start" || c.Method == "Get"
	switch {
	case f.Err != nil:
		return errors.Join(wait(ctx, f.After), f.Err)
	case f.Lost == RequestLost, f.Lost == ExecutedLate && reads:
		return errors.Join(wait(ctx, f.After), ErrNoAnswer)
	case f.Lost == ExecutedLate && f.Late > 0:
		defer time.AfterFunc(f.Late, func() { _ = locked() })
		return errors.Join(wait(ctx, f.After), ErrNoAnswer)
	case f.Lost == ExecutedLate:
		s.mu.Lock()
		s.parked = append(s.parked[:len(s.parked):len(s.parked)], &Parked{c, locked})
		s.mu.Unlock()
		return errors.Join(wait(ctx, f.After), ErrNoAnswer)
	}
	err := locked()
	if f.Lost == AnswerLost {
		err = ErrNoAnswer
	}
	if ended := wait(ctx, f.After); ended != nil {
		return ended // nobody waits for the answer any more
	}
	return err
}

// wait waits on the clock of the test.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
