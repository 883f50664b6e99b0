package memlog

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Store is one log, and values. Its methods may be called from several
// goroutines, and from a function that decides faults.
type Store struct {
	// PageSize is how many records one Read returns at most. It is set before the
	// store is used.
	PageSize int
	// Paced is what the places say of their pace, likewise.
	Paced time.Duration

	mu       sync.Mutex
	records  []sharedlog.Raw // by number; of those that were trimmed, Data is nil
	first    int64           // the lowest number behind 0 that was not trimmed
	values   map[string]value
	timeline int
	faults   func(Call) Fault
	parked   []*Parked
}

// value is one that was put.
type value struct {
	data   []byte
	at     time.Time
	behind int // so many records were there
}

// New returns a store in which no log was begun.
func New() *Store {
	return &Store{PageSize: 100, first: 1, values: map[string]value{}, timeline: 1}
}

// Records are those that are there now, in their order.
func (s *Store) Records() []sharedlog.Raw {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.records), func(r sharedlog.Raw) bool { return r.Data == nil })
}

// Rollback takes the last records away, as if an older copy had been put back,
// and with them the values that were put behind them.
func (s *Store) Rollback(lost int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rollback(lost)
}

// Failover lets another server take over, which did not get the last records.
func (s *Store) Failover(lost int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rollback(lost)
	s.timeline++
}

func (s *Store) rollback(lost int) {
	if lost == 0 {
		return
	}
	left := len(s.records) - lost
	s.records = slices.Clone(s.records[:left]) // readers may hold the others
	for hash, v := range s.values {
		if v.behind >= left {
			delete(s.values, hash)
		}
	}
}

// What follows is called with s.mu held.

func (s *Store) append(place string, prev sharedlog.Position, r sharedlog.Raw) error {
	if is := s.timelineName(); r.Timeline != "" && r.Timeline != is {
		return &sharedlog.TimelineError{Place: place, Was: r.Timeline, Is: is}
	}
	end := sharedlog.Before
	if len(s.records) > 0 {
		end = s.records[len(s.records)-1].Position()
	}
	if prev != end || r.N != end.N+1 {
		return &sharedlog.TakenError{Place: place, Prev: prev}
	}
	r.Data = slices.Clone(r.Data)
	s.records = append(s.records, r)
	return nil
}

func (s *Store) timelineName() string { return strconv.Itoa(s.timeline) }

func (s *Store) read(after int64) (sharedlog.Page, error) {
	next := max(after+1, 0)
	switch {
	case len(s.records) == 0:
		return sharedlog.Page{}, sharedlog.ErrNoLog
	case 0 < next && next < s.first:
		return sharedlog.Page{}, sharedlog.ErrTrimmed
	}
	page := sharedlog.Page{Timeline: s.timelineName()}
	for n := next; n < int64(len(s.records)) && len(page.Records) < s.PageSize; n++ {
		if s.records[n].Data == nil {
			break // record 0, and those behind it are gone
		}
		page.Records = append(page.Records, sharedlog.Raw{N: n, Data: slices.Clone(s.records[n].Data)})
	}
	return page, nil
}

func (s *Store) start() (int64, error) {
	if len(s.records) == 0 {
		return 0, sharedlog.ErrNoLog
	}
	for _, r := range slices.Backward(s.records) {
		if r.Snapshot && r.Data != nil {
			return r.N, nil
		}
	}
	return 0, nil
}

func (s *Store) trim(before int64) error {
	if before >= int64(len(s.records)) {
		return fmt.Errorf("there is no record %d", before)
	}
	for ; s.first < before; s.first++ {
		s.records[s.first].Data = nil
	}
	return nil
}

func (s *Store) put(hash string, data []byte) {
	v := value{slices.Clone(data), time.Now(), len(s.records)}
	if old, ok := s.values[hash]; ok {
		v.behind = old.behind
	}
	s.values[hash] = v
}

func (s *Store) get(hash string) ([]byte, error) {
	v, ok := s.values[hash]
	if !ok {
		return nil, &fs.PathError{Op: "get", Path: hash, Err: fs.ErrNotExist}
	}
	return slices.Clone(v.data), nil
}

func (s *Store) sweep(kept func(string) bool, before time.Time) {
	for hash, v := range s.values {
		if v.at.Before(before) && !kept(hash) {
			delete(s.values, hash)
		}
	}
}

// errClosed is what a place returns that was closed.
var errClosed = errors.New("the place is closed")
