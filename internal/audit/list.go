package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"
	"unicode/utf8"
)

// Filter chooses records. An empty field chooses all.
type Filter struct {
	Any    string // one of the order's numbers, old or new, without case
	RunID  string // of the run that made the call, or learned its outcome
	Action string
	Since  time.Time // at or after
	Until  time.Time // before
}

func (f Filter) chooses(r *Entry) bool {
	switch {
	case f.RunID != "" && r.RunID != f.RunID && r.SettledBy != f.RunID,
		f.Action != "" && r.Action != f.Action,
		!f.Since.IsZero() && r.At.Before(f.Since),
		!f.Until.IsZero() && !r.At.Before(f.Until):
		return false
	}
	if f.Any == "" {
		return true
	}
	for _, name := range r.names() {
		if strings.EqualFold(name, f.Any) {
			return true
		}
	}
	return false
}

// mark is what the line of every chosen record holds, in lower case: the last
// word of the order's number. It is empty where it could be written otherwise in
// JSON.
func (f Filter) mark() []byte {
	word := []byte(strings.ToLower(f.Any[strings.LastIndexByte(f.Any, ' ')+1:]))
	for _, b := range word {
		if (b < 'a' || b > 'z') && (b < '0' || b > '9') && b != '-' && b != '_' {
			return nil
		}
	}
	return word
}

// sieve passes by most lines that are not chosen without decoding them,
// which takes fifteen times as long.
type sieve struct {
	mark  []byte
	lower []byte // of a line, used again
}

func (v *sieve) mayHold(text []byte) bool {
	if len(v.mark) == 0 {
		return true
	}
	v.lower = v.lower[:0]
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return true // two of these are k and s in another case
		}
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		v.lower = append(v.lower, b)
	}
	return bytes.Contains(v.lower, v.mark)
}

// List reads the chosen entries, oldest first. It does not verify them: Verify
// does. A line that is not an entry ends the list with an error, unless it
// does not hold the number that is looked for.
func List(source Source, filter Filter) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		number := 0
		sieve := sieve{mark: filter.mark()}
		_, err := eachLine(source, func(text []byte) error {
			number++
			if !sieve.mayHold(text) {
				return nil
			}
			var e Entry
			if err := json.Unmarshal(text, &e); err != nil {
				return fmt.Errorf("%s: line %d is not an entry: %w", source, number, err)
			}
			if filter.chooses(&e) && !yield(e, nil) {
				return errStop
			}
			return nil
		})
		if err != nil {
			yield(Entry{}, err)
		}
	}
}

// Any goes through the log until check finds an entry or does not want to go on.
// It is for finding out whether there is an entry of some kind; a line that is
// not an entry ends it quietly.
func Any(source Source, check func(*Entry) (found, goOn bool)) (bool, error) {
	found := false
	_, err := eachLine(source, func(text []byte) error {
		var e Entry
		if json.Unmarshal(text, &e) != nil {
			return errStop
		}
		is, goOn := check(&e)
		if found = goOn && is; found || !goOn {
			return errStop
		}
		return nil
	})
	return found, err
}
