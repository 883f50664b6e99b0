package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// Double is a call that may have been executed twice: a former run recorded late that
// it was done, after it was concluded that it had no effect, and repeated.
type Double struct {
	Intent  Intent
	Outcome Outcome // of the former run
}

func (d Double) String() string {
	return fmt.Sprintf("order %s may have been changed twice: the run %s recorded late that its %s was done, after it was found to have no effect and was repeated. Check the order",
		d.Intent.Ref, d.Intent.RunID, d.Intent.Action)
}

// lateOutcome is a line of a former run's journal that came when that journal was
// folded already.
type lateOutcome struct {
	head   *journalHead
	id     IntentID
	out    Outcome
	intent *Intent // nil: the line does not repeat it
}

// decodeLate reads late lines: pieces of journals, each with its first line. Intents
// among them are of use only for the outcomes behind them; one that has none was in
// its journal before, or was not sent.
func decodeLate(data []byte) ([]lateOutcome, error) {
	var found []lateOutcome
	var head *journalHead
	begun := map[IntentID]Intent{}
	for n := 1; len(data) > 0; n++ {
		text, rest, ended := bytes.Cut(data, []byte("\n"))
		if data = rest; !ended {
			break
		}
		var line journalLine
		if !sealed(text) {
			return nil, fmt.Errorf("line %d is damaged", n)
		}
		if err := json.Unmarshal(text, &line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		switch {
		case line.Begin != nil && line.Begin.Version > journalVersion:
			return nil, &NewerError{Version: line.Begin.Version, Known: journalVersion}
		case line.Begin != nil:
			head = line.Begin
		case head == nil:
			return nil, fmt.Errorf("line %d does not belong there", n)
		case line.Intent != nil:
			in := line.Intent.intent()
			begun[in.Ident()] = in
		case line.Outcome != nil:
			o := lateOutcome{head: head}
			o.id, o.out = line.Outcome.outcome()
			if in, ok := begun[o.id]; ok {
				o.intent = &in
			}
			if line.Outcome.Intent != nil {
				in := line.Outcome.Intent.intent()
				o.intent = &in
			}
			if o.out.Result.Valid() {
				found = append(found, o)
			}
		}
	}
	return found, nil
}

// lateFolded is what late lines came to.
type lateFolded struct {
	size    int64         // of the lines
	audit   []audit.Entry // that they call for
	doubles []Double
	orders  map[Key]bool // that they are about
}

// foldLate applies late lines to a state. Lines that the state holds already change
// nothing. meanwhile are entries that the audit log does not hold yet;
// unsent are calls that are written down and were not sent.
func (s *Store) foldLate(to *State, text []byte, meanwhile []audit.Entry, unsent []Intent) (lateFolded, error) {
	f := lateFolded{size: int64(len(text)), orders: map[Key]bool{}}
	outcomes, err := decodeLate(text)
	if err != nil {
		return f, s.damaged(backend.Late, err)
	}
	closed := map[IntentID]lateOutcome{} // done, but no call is open
	for _, o := range outcomes {
		if o.intent != nil {
			f.orders[o.intent.Key] = true
		}
		if o.out.Result == order.Unknown {
			continue
		}
		if in, ok := to.recordOutcome(o.id, o.out); ok {
			f.orders[in.Key] = true
			f.add(o, in)
		} else if o.out.Result == order.Done && o.intent != nil {
			closed[o.id] = o
		}
	}
	if len(closed) == 0 {
		return f, nil
	}
	concluded, err := s.concluded(closed, meanwhile)
	if err != nil {
		return f, err
	}
	for _, o := range outcomes {
		if _, ok := closed[o.id]; !ok {
			continue
		}
		delete(closed, o.id) // it may stand there twice
		in := *o.intent
		switch c := concluded[o.id]; {
		case c.result == order.Done, c.result == "" && to.knowsDone(&in, o):
		case c.sentSince || to.sentSince(in, unsent):
			d := Double{in, o.out}
			f.doubles = append(f.doubles, d)
			o.out.Message = "recorded late, after it was found to have no effect and was repeated: the order may have been changed twice"
			f.add(o, in)
		default:
			to.foldIntent(in)
			to.recordOutcome(o.id, o.out)
			f.add(o, in)
		}
	}
	return f, nil
}

func (f *lateFolded) add(o lateOutcome, in Intent) {
	if o.out.Result.Audited() {
		f.audit = append(f.audit, recordOutcome(o.head.RunID, o.head.Provenance, in, o.out))
	}
}

// conclusion is what the audit log says of a call.
type conclusion struct {
	result    order.Result // the last one; empty: none
	sentSince bool         // something else was done to the order after that
}

// concluded looks up in the audit log what others concluded about calls.
func (s *Store) concluded(calls map[IntentID]lateOutcome, meanwhile []audit.Entry) (map[IntentID]conclusion, error) {
	found := map[IntentID]conclusion{}
	look := func(e *audit.Entry) {
		if e.Order == nil || !changes(order.Action(e.Action)) {
			return
		}
		id := IntentID{e.RunID, e.Seq}
		if _, ok := calls[id]; ok {
			found[id] = conclusion{result: e.Result}
			return
		}
		if e.Result != order.Done && e.Result != order.Unknown {
			return
		}
		for other, c := range found {
			if c.result != order.Done && calls[other].intent.ID == e.Order.ID {
				c.sentSince = true
				found[other] = c
			}
		}
	}
	_, err := audit.Any(s.auditLog(), func(e *audit.Entry) (bool, bool) {
		look(e)
		return false, true
	})
	for i := range meanwhile {
		look(&meanwhile[i])
	}
	return found, err
}

// knowsDone reports whether a done change is in the state, or was when its order was
// closed.
func (s *State) knowsDone(in *Intent, o lateOutcome) bool {
	e := recordOutcome(o.head.RunID, o.head.Provenance, *in, o.out)
	return s.knows(in, &e)
}

// sentSince reports whether a call like this one is open, or was accepted after it.
func (s *State) sentSince(in Intent, unsent []Intent) bool {
	e, ok := s.Entry(in.Key)
	if !ok {
		return false
	}
	for _, other := range e.Intents {
		waits := func(u Intent) bool { return u.Ident() == other.Ident() }
		if other.Action == in.Action && other.Ident() != in.Ident() && !slices.ContainsFunc(unsent, waits) {
			return true
		}
	}
	a := e.Applied
	return a != nil && a.Action == in.Action && (IntentID{a.RunID, a.Seq}) != in.Ident() && a.At.After(in.At)
}

// readLate folds the late lines that are there.
func (s *Store) readLate(f *folded) error {
	text, there, err := disk.ReadAll(s.backend.Open(backend.Late))
	if err != nil || !there {
		return err
	}
	if f.late, err = s.foldLate(f.state, text, f.audit, nil); err != nil {
		return err
	}
	f.audit = append(f.audit, f.late.audit...)
	for _, d := range f.late.doubles {
		f.notice(s.backend.Name(backend.Late), d.String())
	}
	return nil
}

// foldArrived folds the late lines that came since the session was opened, or since the
// last time, and returns the orders that they are about; nil if none came.
func (x *Session) foldArrived(unsent []Intent) (map[Key]bool, error) {
	x.arriving.Lock()
	defer x.arriving.Unlock()
	text := x.lease.Arrived()
	if len(text) == 0 {
		return nil, nil
	}
	f, err := x.store.foldLate(x.state, text, nil, unsent)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	x.late += f.size
	x.doubles = append(x.doubles, f.doubles...)
	x.mu.Unlock()
	return f.orders, x.audit.Append(f.audit...)
}

// Doubles are the calls that may have been executed twice, as former runs recorded
// late. Each is reported once.
func (x *Session) Doubles() []Double {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.doubles
}
