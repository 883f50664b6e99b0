package reconcile

import (
	"cmp"
	"context"
	"path/filepath"

	"github.com/gdfctl/gdfctl/internal/state"
)

// StateSeen is the state of a configuration, as whoever may write it sees it.
type StateSeen struct {
	Lineage string // empty: none was begun yet
	Block   string // how the backend block names it; empty: it is in files of one machine
	Serial  uint64
	Place   string // on which machine, if it is in files
}

// Files reports whether only one machine can reach the state.
func (s *StateSeen) Files() bool { return s.Block == "" }

// stateSeen is the state of a session.
func (w *workspace) stateSeen(session *state.Session) StateSeen {
	st := session.State()
	seen := StateSeen{Lineage: st.Lineage(), Serial: st.Serial(), Place: w.store.Name()}
	if w.home.shared() {
		// Until something is saved there, only the block names it.
		seen.Block, seen.Lineage = w.home.state, cmp.Or(seen.Lineage, w.home.state)
		return seen
	}
	if absolute, err := filepath.Abs(seen.Place); err == nil {
		seen.Place = absolute
	}
	if w.Provenance.Host != "" {
		seen.Place += " on " + w.Provenance.Host
	}
	return seen
}

// its makes sure that a state is the one that the run is to have, before anything rests on it. Once is
// enough for a run: between its turns, no state becomes another one. A state is begun only
// where there may be one, and has its name for good before others are told of it.
func (m *meter) its(ctx context.Context, w *workspace, session *state.Session) error {
	if m == nil || m.whose == nil {
		return nil
	}
	m.mu.Lock()
	known := m.seen != nil
	m.mu.Unlock()
	seen := w.stateSeen(session)
	if !known && seen.Lineage == "" {
		if err := m.whose(ctx, seen); err != nil {
			return err
		}
		if err := session.Name(); err != nil {
			return err
		}
		seen = w.stateSeen(session)
	}
	if !known {
		if err := m.whose(ctx, seen); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.session, m.seen = session, &seen
	return nil
}

// left is the state as the run left it; nil: it had none.
func (m *meter) left() *StateSeen {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen == nil {
		return nil
	}
	seen := *m.seen
	seen.Serial = m.session.State().Serial()
	return &seen
}
