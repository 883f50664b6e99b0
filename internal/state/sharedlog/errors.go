package sharedlog

import (
	"errors"
	"fmt"
)

// ErrNoLog says that no log was begun in a place.
var ErrNoLog = errors.New("no state was begun here")

// ErrTrimmed says that the next record is gone: a reader begins again at the
// newest snapshot.
var ErrTrimmed = errors.New("the next records were trimmed")

// TakenError says that a log does not end where a record was to be appended.
type TakenError struct {
	Place string
	Prev  Position
}

func (e *TakenError) Error() string {
	return fmt.Sprintf("%s does not end with record %s", e.Place, e.Prev)
}

// RefusedError says that a place does not let anything be written, or not even
// read, and what to do.
type RefusedError struct {
	Place  string
	Read   bool // it can't be read
	Reason string
	Remedy string
}

func (e *RefusedError) Error() string {
	what := "written to"
	if e.Read {
		what = "read"
	}
	text := fmt.Sprintf("%s can't be %s: %s", e.Place, what, e.Reason)
	if e.Remedy != "" {
		text += "\n" + e.Remedy
	}
	return text
}

// TimelineError says that another server of a place took over: what was appended
// last can be lost.
type TimelineError struct {
	Place   string
	Was, Is string
}

func (e *TimelineError) Error() string {
	return fmt.Sprintf("%s failed over to another server (timeline %s, before it %s): the last records can be lost", e.Place, e.Is, e.Was)
}
