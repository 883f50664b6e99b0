package state

import (
	"errors"
	"fmt"
)

// ErrIntentOpen is returned for a change to an order for which another call's
// outcome is not known.
var ErrIntentOpen = errors.New("the outcome of an earlier call for this order is not known yet")

// ErrNoIntent is returned when an outcome is recorded for a call that was not
// begun or has its outcome already.
var ErrNoIntent = errors.New("no open call of that number")

// ErrNoEntry is returned when an order is to be removed that is not kept.
var ErrNoEntry = errors.New("the state has no such order")

// NewerError says that a file was written by a gdfctl that came after this one.
type NewerError struct {
	Path    string
	Version int // of the file
	Known   int // the newest that this gdfctl reads
	Writer  string
}

func (e *NewerError) Error() string {
	writer := "a newer gdfctl"
	if e.Writer != "" {
		writer += " (" + e.Writer + ")"
	}
	return fmt.Sprintf("%s was written by %s: it has version %d, and this one reads up to %d. Install that gdfctl or a later one; nothing was changed",
		e.Path, writer, e.Version, e.Known)
}
