package state

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
)

// State is what is known of all orders of one state file. It may be read from
// several goroutines while a Session changes it.
type State struct {
	mu sync.RWMutex // guards everything below; closed also, apart from what its own lock guards

	lineage string
	serial  uint64
	entries map[Key]*Entry
	open    map[IntentID]Key
	changes uint64 // the highest Number of an applied change
	plans   []donePlan
	commits Commits
	closed  *closedOrders

	// numbers finds entries by the marketplace's number. It is made at the
	// first look-up; an empty id stands for several.
	numbers map[numberKey]string

	// aliases are the names under which an account's orders may be kept. places
	// are the accounts under which an order is or was kept, by its id; nil while
	// there is only one. See Adopt.
	aliases map[accountName][]accountName
	places  map[string][]Key
	// apis are the accounts that there are now, and which of them are one.
	apis map[accountName]string

	// folded is how much of which journal this state contains.
	folded journalMark
	// recorded is how far the audit log reached when this was saved.
	recorded audit.Position
	// unrecorded are lines that are still to be written to it.
	unrecorded []audit.Entry

	// writer and checksum are those of the file that this was read from.
	writer   string
	checksum string
}

// donePlan is a saved plan that was carried out to its end.
type donePlan struct {
	Hash  string    `json:"hash"`
	At    time.Time `json:"at"`
	RunID string    `json:"run_id,omitempty"`
	// Counts are what later plans are compared with. A gdfctl that does not know them
	// loses them, which only means that less is unusual to it.
	Counts PlanCounts `json:"counts,omitzero"`
}

// PlanCounts are how many orders a plan changed in each way and held back.
type PlanCounts struct {
	Acknowledge int `json:"acknowledge,omitempty"`
	Ship        int `json:"ship,omitempty"`
	Correct     int `json:"correct,omitempty"`
	Cancel      int `json:"cancel,omitempty"`
	Insert      int `json:"insert,omitempty"`
	Held        int `json:"held_back,omitempty"`
}

type numberKey struct{ endpoint, account, source, number string }

func numberKeyOf(endpoint, account, source, number string) numberKey {
	return numberKey{endpoint, account, order.SourceKey(source), number}
}

func newState(closed *closedOrders) *State {
	return &State{entries: map[Key]*Entry{}, open: map[IntentID]Key{}, closed: closed}
}

// Lineage identifies a state: two that were made independently differ in it. It is empty until
// the state is written for the first time.
func (s *State) Lineage() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.lineage
}

// Serial counts the versions of the state file; 0 is that of no file at all.
func (s *State) Serial() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.serial
}

// Len is the number of entries.
func (s *State) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.entries)
}

// Entry returns what is known of an order that is not closed.
func (s *State) Entry(k Key) (*Entry, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.findLocked(k)
}

// Remembered is what is known of an order, be it open or closed. It returns nil
// for one that is neither.
func (s *State) Remembered(k Key) *Entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if e, ok := s.findLocked(k); ok {
		return e
	}
	if c, ok := s.findClosedLocked(k); ok {
		return takenUp(c)
	}
	return nil
}

// Entries goes through all entries as they are now, by endpoint, account and
// id.
func (s *State) Entries() iter.Seq[*Entry] {
	return slices.Values(s.sorted())
}

func (s *State) sorted() []*Entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.sortedLocked()
}

func (s *State) sortedLocked() []*Entry {
	all := make([]*Entry, 0, len(s.entries))
	for _, e := range s.entries {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *Entry) int { return a.Key.Compare(b.Key) })
	return all
}

// IDBySourceNumber returns the id of the entry that the marketplace knows by
// this number. Sources compare without case. It returns false if there is none,
// or more than one.
func (s *State) IDBySourceNumber(endpoint, account, source, number string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.numbers == nil {
		s.numbers = make(map[numberKey]string, len(s.entries))
		for _, e := range s.entries {
			s.indexNumberLocked(e)
		}
	}
	id := s.numbers[numberKeyOf(endpoint, account, source, number)]
	return id, id != ""
}

// PlanDone reports whether the plan of that hash was carried out to its end, and by
// which run.
func (s *State) PlanDone(hash string) (run string, done bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, p := range s.plans {
		if p.Hash == hash {
			return cmp.Or(p.RunID, "of an earlier gdfctl"), true
		}
	}
	return "", false
}

// DoneCounts are the counts of the last plans that were carried out, at most so many and
// the latest last. Those that did nothing say nothing.
func (s *State) DoneCounts(most int) []PlanCounts {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var counts []PlanCounts
	for _, p := range s.plans {
		if p.Counts != (PlanCounts{}) {
			counts = append(counts, p.Counts)
		}
	}
	return counts[max(len(counts)-most, 0):]
}

// Newest is the time of the latest thing that is known: of an order's change, of a read
// of it, or of a plan that was carried out. It is zero if nothing is known.
func (s *State) Newest() time.Time {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var newest time.Time
	later := func(t time.Time) {
		if t.After(newest) {
			newest = t
		}
	}
	for _, e := range s.entries {
		if e.Applied != nil {
			later(e.Applied.At)
		}
		if e.Observed != nil {
			later(e.Observed.At)
		}
	}
	for _, p := range s.plans {
		later(p.At)
	}
	return newest
}

// Commits are the commits of the configuration that reviewed plans were applied from.
type Commits struct {
	Last     string `json:"last"`               // the newest one, whatever came of it
	Complete string `json:"complete,omitempty"` // the newest one of which everything reviewed was done
}

// Commits are those that were applied last.
func (s *State) Commits() Commits {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.commits
}

// Closed returns the order if it is closed. One that was taken up again is not.
func (s *State) Closed(k Key) (ClosedEntry, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, open := s.findLocked(k); open {
		return ClosedEntry{}, false
	}
	return s.findClosedLocked(k)
}

// ClosedBySourceNumber is Closed for the marketplace's number.
func (s *State) ClosedBySourceNumber(endpoint, account, source, number string) (ClosedEntry, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	found, ok := s.findClosedNumberLocked(numberKeyOf(endpoint, account, source, number))
	if !ok {
		return ClosedEntry{}, false
	}
	if _, open := s.findLocked(found.Key); open {
		return ClosedEntry{}, false
	}
	return found, true
}

// OpenIntents goes through all calls whose outcome is not known, by order.
func (s *State) OpenIntents() iter.Seq[Intent] {
	return func(yield func(Intent) bool) {
		for _, in := range s.openIntents() {
			if !yield(in) {
				return
			}
		}
	}
}

func (s *State) openIntents() []Intent {
	s.mu.RLock()
	defer s.mu.RUnlock()
	keys := slices.SortedFunc(maps.Values(s.open), Key.Compare)
	var open []Intent
	for _, k := range slices.Compact(keys) { // an order can have several
		open = append(open, s.entries[k].Intents...)
	}
	return open
}

// KeepOpen keeps the file of closed orders open between look-ups until release is
// called. Without it each look-up opens the file and closes it: a state that was
// read is closed by nobody, and among a table's look-ups that takes longer than
// the reading. Calls nest.
func (s *State) KeepOpen() (release func()) {
	s.closed.hold(1)
	return func() { s.closed.hold(-1) }
}
