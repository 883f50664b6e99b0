package shared

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// moves adds a record that begins a log, or by which a state comes to it.
func (f *fold) moves(e sharedlog.Entry) error {
	m, err := moveOf(e)
	if err != nil {
		return err
	}
	switch {
	case e.Kind == sharedlog.Init: // nil: the state was begun here
		f.Incoming = m
	case e.Kind == sharedlog.Incoming && (m == nil || f.Incoming == nil):
		return errors.New("no state was on its way here")
	case e.Kind == sharedlog.Incoming:
		f.Incoming, f.Received = m, true
		f.Begun = slices.ContainsFunc(e.Content, func(c sharedlog.Content) bool { return c.Part == sharedlog.StatePart })
		f.LeftMS, f.SettleMS, f.LeaseMS = m.Owed.QuietMS, m.Owed.SettleMS, m.Owed.LeaseMS
		f.snapshot(snapshot{e.N, e.At})
	case f.Incoming != nil && (m == nil || m.ID != f.Incoming.ID || !f.Received):
		return errors.New("it speaks of a state that did not arrive")
	case f.Incoming != nil:
		f.Arrived, f.Former = f.Incoming.ID, append(f.Incoming.Former[:len(f.Incoming.Former):len(f.Incoming.Former)], f.Incoming.From.Place)
		f.Incoming, f.Received, f.Timeline = nil, false, e.Timeline
	default:
		f.Timeline = e.Timeline
	}
	return nil
}

// leave adds the record that ends a log. Whoever wrote it held the lease.
func (f *fold) leave(e sharedlog.Entry) error {
	m, err := moveOf(e)
	if err == nil && m == nil {
		err = errors.New("it does not say where the state went")
	}
	if err == nil {
		f.Moved = m
		f.end(carried, e)
	}
	return err
}

// moveOf is the move that a record speaks of; nil: of none.
func moveOf(e sharedlog.Entry) (*backend.Move, error) {
	if len(e.Move) == 0 {
		return nil, nil
	}
	m := &backend.Move{}
	if err := json.Unmarshal(e.Move, m); err != nil {
		return nil, fmt.Errorf("its move can't be read: %w", err)
	}
	if m.ID == "" {
		return nil, errors.New("its move has no ID")
	}
	m.Owed.QuietMS = e.LeftMS
	if t := e.Terms; t != nil {
		m.Owed.SettleMS, m.Owed.LeaseMS = t.SettleMS, t.LeaseMS
	}
	return m, nil
}

// movedRecord is a record about a move.
func movedRecord(kind sharedlog.Kind, m backend.Move, by *sharedlog.Writer) (*sharedlog.Record, error) {
	text, err := json.Marshal(m)
	return &sharedlog.Record{Kind: kind, By: by, Move: text, To: m.To.Place}, err
}
