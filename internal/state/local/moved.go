package local

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// notice stands in the file of a state that moved away, or is on its way here.
type notice struct {
	Version  int           `json:"version"` // comes first, as in a state
	Moved    *backend.Move `json:"moved,omitempty"`
	Incoming *backend.Move `json:"incoming,omitempty"`
}

const (
	// noticeVersion is no version of a state, and above all that a gdfctl knows which
	// does not know of notices: to it, the state was written by a newer one, and it
	// refuses to do anything.
	noticeVersion = 1000
	// longestNotice bounds what is looked at in each opening of a state. A state that is
	// as short is read twice.
	longestNotice = 1 << 16
)

// notice returns nil where the file is a state, or is not there. What is wrong with it
// otherwise shows where it is read as a state.
func (b *Backend) notice() *notice {
	r, size, err := b.files.Open(b.State)
	if err != nil {
		return nil
	}
	if size > longestNotice {
		_ = r.Close()
		return nil
	}
	text, _, err := disk.ReadAll(r, size, nil)
	n := &notice{}
	if err != nil || !bytes.Contains(text, []byte(`"version": 1000,`)) || json.Unmarshal(text, n) != nil || n.Version != noticeVersion {
		return nil
	}
	return n
}

// stands refuses a state that is not here.
func (b *Backend) stands() error {
	n := b.notice()
	switch {
	case n == nil:
		return nil
	case n.Moved != nil:
		return &backend.MovedError{Place: b.State, Move: *n.Moved}
	case n.Incoming != nil:
		return &backend.MovedError{Place: b.State, Move: *n.Incoming, Incoming: true}
	}
	return &disk.DamagedError{Path: b.State, Reason: "it does not say where the state is", Remedy: "Nothing was changed."}
}

func (n *notice) writeTo(w io.Writer) error {
	n.Version = noticeVersion
	text, err := json.MarshalIndent(n, "", "  ")
	if err == nil {
		_, err = w.Write(append(text, '\n'))
	}
	return err
}

// Owes implements backend.Lease. Nothing is: the lock of a run ends with its process,
// and its calls are in the journal.
func (l *lease) Owes(*backend.Move) {}

// Leave implements backend.Lease. The last version of the state stays beside it.
func (l *lease) Leave(m backend.Move) error {
	if err := l.Held(); err != nil {
		return err
	}
	return l.Replace(backend.Snapshot, (&notice{Moved: &m}).writeTo)
}

// arriving is the move by which a state is on its way here; nil: none.
func (b *Backend) arriving() *backend.Move {
	if n := b.notice(); n != nil {
		return n.Incoming
	}
	return nil
}

// ComesFrom is the place that a state is on its way here from; nil: none is. It is this
// machine's own file that says so.
func (b *Backend) ComesFrom() *backend.Where {
	if m := b.arriving(); m != nil {
		return &m.From
	}
	return nil
}

// MovedTo is where the state of these files is now, if it moved away.
func MovedTo(statePath string) *backend.Where {
	if n := New(statePath).notice(); n != nil && n.Moved != nil {
		return &n.Moved.To
	}
	return nil
}

// missing reports whether an error says that there is no such part.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
