package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A log that grew large goes on in a new file: Rotate. Nothing else changes. Lines are
// counted through all files, each line follows from the one before it also where that
// is the last one of another file, and heads and positions are of all files as one. The
// first line of a new file says which one it continues, for whoever has that file alone.

// ErrNothingToRotate says that the log has no lines in its present file.
var ErrNothingToRotate = errors.New("nothing was added to the audit log since a new file was begun")

// Rotate leaves the present file for good, with everything that was appended, and
// returns its name. The next line begins a new one.
func (a *Log) Rotate(day time.Time) (left string, err error) {
	if err := a.Sync(); err != nil {
		return "", err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.at.Lines == 0 {
		return "", ErrNothingToRotate
	}
	if a.dirty { // what was not written to its end is none of the file's
		if err := a.makeReadyLocked(); err != nil {
			return "", err
		}
	}
	if a.file != nil {
		if err := a.file.Close(); err != nil {
			return "", err
		}
		a.file = nil
	}
	left, err = a.storage.Rotate(day, a.at.Lines)
	switch {
	case err != nil:
		return "", fmt.Errorf("beginning a new file of the audit log: %w", err)
	case left == "":
		return "", ErrNothingToRotate
	}
	return left, nil
}

// continues is what the first line of a file says of the file before it.
const continues = "continues "

// Continues is the message of a line that begins a new file.
func Continues(left string, at Head) string {
	return fmt.Sprintf("%s%s, which ends with %s", continues, left, at)
}

// continued is the file that a line says it continues; empty if it says nothing.
func continued(text []byte) string {
	var e struct{ Action, Message string }
	if json.Unmarshal(text, &e) != nil || e.Action != Rotate {
		return ""
	}
	left, _, _ := strings.Cut(strings.TrimPrefix(e.Message, continues), ",")
	return left
}

// filed is a reader of several files that knows which one holds a byte.
type filed interface{ NameAt(offset int64) string }

// fileAt is the file of a log that holds the byte at an offset.
func fileAt(source Source, offset int64) string {
	r, _, err := source.Open()
	if err != nil {
		return source.String()
	}
	defer r.Close() //nolint:errcheck // only read
	if files, ok := r.(filed); ok {
		return files.NameAt(offset)
	}
	return source.String()
}
