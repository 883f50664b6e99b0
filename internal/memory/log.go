package memory

import (
	"encoding/json"
	"fmt"
)

// Notes are lines that machines share: package reconcile makes them of a state's.
type Notes interface {
	// Read returns what was noted.
	Read() ([]byte, error)
	// Note adds lines to what was noted by now, or puts them instead. Where another one
	// noted something first, build is called again.
	Note(build func(now []byte) (lines []byte, whole bool, err error)) error
}

// Log is the memory that machines share, as notes of a place. Each line says how
// something is now, so that what one machine notes takes nothing from what another one
// did. Lines are added until they are some times as long as what they come to.
func Log(name string, notes Notes) Memory { return Memory{log{name, notes}} }

type log struct {
	name  string
	notes Notes
}

// roomToAdd is how long the lines may be beyond twice what they come to.
var roomToAdd = 128 << 10

func (l log) String() string { return l.name }

func (l log) read() (members, error) {
	lines, err := l.notes.Read()
	if err != nil {
		return nil, err
	}
	d, err := fold(lines)
	if err != nil {
		return nil, err
	}
	return d.members()
}

func (l log) update(change func(members) error) error {
	return l.notes.Note(func(now []byte) (lines []byte, whole bool, err error) {
		before, damage := fold(now)
		m, err := before.members()
		if err != nil {
			return nil, false, err
		}
		if err := change(m); err != nil {
			return nil, false, err
		}
		after, err := documentOf(m)
		if err != nil {
			return nil, false, err
		}
		if damage == nil {
			if lines, err = before.linesTo(after); err != nil || len(lines) == 0 {
				return nil, false, err
			}
			if len(now)+len(lines) <= roomToAdd {
				return lines, false, nil
			}
		}
		all, err := (&document{}).linesTo(after)
		if err == nil && damage == nil && len(now)+len(lines) <= roomToAdd+2*len(all) {
			return lines, false, nil
		}
		return all, true, err
	})
}

// document is all that is kept, as far as lines tell it apart.
type document struct {
	feeds    *FeedHistory
	learned  *Learned
	notified json.RawMessage
}

func documentOf(m members) (*document, error) {
	h, err := historyOf(m)
	if err != nil {
		return nil, fmt.Errorf("the history of feeds: %w", err)
	}
	l, err := learnedOf(m)
	if err != nil {
		return nil, fmt.Errorf("what was learned of the API: %w", err)
	}
	return &document{feeds: h, learned: l, notified: m[notifiedMember]}, nil
}

// members never returns nil but with an error.
func (d *document) members() (members, error) {
	m := members{}
	if d.feeds != nil {
		if err := d.feeds.keepIn(m); err != nil {
			return nil, err
		}
	}
	if d.learned != nil {
		own, err := json.Marshal(d.learned.accounts)
		if err != nil {
			return nil, err
		}
		m[learnedMember] = own
	}
	if d.notified != nil {
		m[notifiedMember] = d.notified
	}
	return m, nil
}
