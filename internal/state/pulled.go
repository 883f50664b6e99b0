package state

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// pulledVersion is the layout of a state that people take out, and put back.
const pulledVersion = 1

// Pulled is a state that was taken out of its place: what it said at one moment,
// with what its journal says. People may change its orders.
type Pulled struct {
	Name     string           // which state it is, where its place says so
	Place    string           // where it was kept
	Position backend.Position // the moment; in files, the serial and a hash of what they hold
	Lineage  string
	Serial   uint64
	Entries  []*Entry

	plans   []donePlan
	commits Commits
}

// pulledHead is the file but for its orders.
type pulledHead struct {
	Version  int              `json:"pulled"`
	Name     string           `json:"state,omitempty"`
	Place    string           `json:"place"`
	Position backend.Position `json:"position"`
	Lineage  string           `json:"lineage"`
	Serial   uint64           `json:"serial"`
	Plans    []donePlan       `json:"plans,omitempty"`
	Commits  Commits          `json:"commits,omitzero"`
}

// Pull reads the state as it is now, with the moment that it is as of.
func (s *Store) Pull(ctx context.Context, name string) (*Pulled, []Notice, error) {
	if err := s.Refresh(ctx); err != nil {
		return nil, nil, err
	}
	for {
		before, err := s.moment()
		if err != nil {
			return nil, nil, err
		}
		st, notices, err := s.Read()
		if err != nil {
			return nil, nil, err
		}
		after, err := s.moment()
		if err != nil {
			return nil, nil, err
		}
		if before != after { // a run wrote files meanwhile
			if err := ctx.Err(); err != nil {
				return nil, nil, err
			}
			continue
		}
		return &Pulled{
			Name: name, Place: s.Name(), Position: after, Lineage: st.lineage, Serial: st.Serial(), Entries: st.sorted(), plans: st.plans, commits: st.commits,
		}, notices, nil
	}
}

// moment names what was read last. Files have no history: what they hold is as good
// a name as any.
func (s *Store) moment() (backend.Position, error) {
	if at := s.Position(); at != (backend.Position{}) {
		return at, nil
	}
	sum := sha256.New()
	var at backend.Position
	for _, p := range []backend.Part{backend.Snapshot, backend.Journal} {
		r, size, err := s.backend.Open(p)
		data, _, err := disk.ReadAll(r, size, err)
		if err != nil {
			return at, err
		}
		if p == backend.Snapshot && size > 0 {
			head, _, _, err := decodeHead(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				return at, s.damaged(p, err)
			}
			at.N = int64(head.Serial)
		}
		fmt.Fprintf(sum, "%d\n", len(data))
		sum.Write(data)
	}
	at.Hash = hex.EncodeToString(sum.Sum(nil))
	return at, nil
}

// ChangedError says that a state is not what it was when it was taken out.
type ChangedError struct {
	Place string
	Was   backend.Position
}

func (e *ChangedError) Error() string {
	return fmt.Sprintf("%s changed since it was pulled at %s: nothing was written. Pull it again, and make the changes to what it says now", e.Place, e.Was)
}

// StillAt returns a *ChangedError unless what is kept is what it was at a moment. A
// serial that is as high proves nothing: a copy from before can have reached it too.
func (s *Store) StillAt(ctx context.Context, was backend.Position) error {
	now, err := s.moment()
	if err != nil {
		return err
	}
	same := now == was
	if at := s.Position(); at != (backend.Position{}) && !same {
		if same, err = s.backend.Unchanged(ctx, was); err != nil {
			return err
		}
	}
	if !same {
		return &ChangedError{s.Name(), was}
	}
	return nil
}

// Encode writes it for people: an order a line.
func (p *Pulled) Encode(w io.Writer) error {
	head, err := json.MarshalIndent(pulledHead{
		Version: pulledVersion, Name: p.Name, Place: p.Place, Position: p.Position, Lineage: p.Lineage, Serial: p.Serial, Plans: p.plans, Commits: p.commits,
	}, "", "  ")
	if err != nil {
		return err
	}
	var file bytes.Buffer
	file.Write(bytes.TrimSuffix(head, []byte("\n}")))
	if err := encodeOrders(&file, p.Entries); err != nil {
		return err
	}
	file.Truncate(file.Len() - len(",\n")) // nothing comes behind them
	file.WriteString("\n}\n")
	_, err = w.Write(safetext.JSON(file.Bytes())) // it may go to a terminal
	return err
}

// DecodePulled reads what Encode wrote, however people laid it out since.
func DecodePulled(r io.Reader) (*Pulled, error) {
	var file struct {
		pulledHead
		Orders map[string]map[string]map[string]storedEntry `json:"orders"`
	}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("it is not a state that was pulled: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("it is not a state that was pulled: something follows its end")
	}
	switch {
	case file.Version > pulledVersion:
		return nil, &NewerError{Version: file.Version, Known: pulledVersion}
	case file.Version < 1 || file.Position.Hash == "" || file.Orders == nil:
		return nil, errors.New("it is not a state that was pulled: `gdfctl state pull` writes one, with its position and its orders")
	}
	p := &Pulled{Name: file.Name, Place: file.Place, Position: file.Position, Lineage: file.Lineage, Serial: file.Serial, plans: file.Plans, commits: file.Commits}
	for endpoint, accounts := range file.Orders {
		for account, orders := range accounts {
			for id, stored := range orders {
				if id == "" || stored.Applied == nil && stored.Observed == nil && len(stored.Intents) == 0 {
					return nil, fmt.Errorf("its order %q says nothing of what was done or seen", id)
				}
				p.Entries = append(p.Entries, stored.entry(Key{endpoint, account, id}))
			}
		}
	}
	slices.SortFunc(p.Entries, func(a, b *Entry) int { return a.Key.Compare(b.Key) })
	return p, nil
}

// Difference is what a pulled state would change.
type Difference struct {
	Added, Removed, Changed []*Entry
}

// Len is how many orders it changes.
func (d *Difference) Len() int { return len(d.Added) + len(d.Removed) + len(d.Changed) }

// Difference compares a pulled state with what the state says now. The error says
// why the one can't take the place of the other.
func (s *State) Difference(p *Pulled) (*Difference, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if p.Lineage != s.lineage {
		return nil, fmt.Errorf("it is another state: its lineage is %s, and this one's is %s", p.Lineage, s.lineage)
	}
	if p.commits != s.commits || !slices.Equal(p.plans, s.plans) {
		return nil, errors.New("it has other plans or commits: only orders can be changed")
	}
	open := map[IntentID]Intent{}
	for id, k := range s.open {
		for _, in := range s.entries[k].Intents {
			if in.Ident() == id {
				open[id] = in
			}
		}
	}
	wanted, d := map[Key]*Entry{}, &Difference{}
	for _, e := range p.Entries {
		wanted[e.Key] = e
		for i, in := range e.Intents {
			was, ok := open[in.Ident()]
			in.Recorded = was.Recorded // whoever takes the lock puts that on record, and changes no order
			if !ok || encoded(storeIntent(was)) != encoded(storeIntent(in)) {
				return nil, fmt.Errorf("order %s has an open call (%d of run %s) that the state does not know so: what was begun can't be changed by hand", e.Ref, in.Seq, in.RunID)
			}
			e.Intents[i] = was
			delete(open, in.Ident())
		}
		switch is, ok := s.entries[e.Key]; {
		case !ok:
			d.Added = append(d.Added, e)
		case encoded(storeEntry(is)) != encoded(storeEntry(e)):
			d.Changed = append(d.Changed, e)
		}
	}
	for id := range open {
		k := s.open[id]
		return nil, fmt.Errorf("order %s has an open call (%d of run %s) that is not in the file: only that keeps it from being sent twice. The next apply finds out its outcome",
			s.entries[k].Ref, id.Seq, id.RunID)
	}
	for _, k := range slices.SortedFunc(maps.Keys(s.entries), Key.Compare) {
		if wanted[k] == nil {
			d.Removed = append(d.Removed, s.entries[k])
		}
	}
	return d, nil
}

// encoded is a value as it is kept.
func encoded(v any) string {
	text, _ := json.Marshal(v) // what is kept always encodes
	return string(text)
}
