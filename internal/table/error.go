package table

import (
	"errors"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Error is what makes a file, or the rest of it, unreadable. It quotes no cell.
type Error struct {
	File string // as in Row; the pattern where no file was found
	Line int    // 1-based; 0 for the whole file
	Err  error  // what is wrong and what to do
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %v", safetext.Line(e.File), e.Err)
	}
	return fmt.Sprintf("%s:%d: %v", safetext.Line(e.File), e.Line, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// placed is err as an *Error of the file called name.
func placed(name string, err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{File: name, Err: err}
}
