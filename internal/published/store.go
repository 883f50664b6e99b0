package published

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Store is the published plans of one state.
type Store struct {
	place sharedlog.Place
	now   func() time.Time
}

// New returns the store of the plans in a place. It touches nothing of it.
func New(place sharedlog.Place, now func() time.Time) *Store { return &Store{place, now} }

// String is what messages call it.
func (s *Store) String() string { return s.place.String() }

// Close ends the connections of the place.
func (s *Store) Close() error { return s.place.Close() }

// List returns what is published, oldest first: nothing, where nothing ever was.
func (s *Store) List(ctx context.Context) ([]Entry, error) {
	f, err := s.read(ctx)
	if err != nil {
		return nil, err
	}
	return f.plans, nil
}

// Find returns the plan whose hash begins like this. It is an error if there is
// none, or more than one.
func (s *Store) Find(ctx context.Context, hash string) (Entry, error) {
	plans, err := s.List(ctx)
	if err != nil {
		return Entry{}, err
	}
	plans = slices.DeleteFunc(plans, func(e Entry) bool { return hash == "" || !strings.HasPrefix(e.Hash, strings.ToLower(hash)) })
	switch len(plans) {
	case 1:
		return plans[0], nil
	case 0:
		return Entry{}, fmt.Errorf("no plan with such a hash is published: %q", hash)
	}
	return Entry{}, fmt.Errorf("%d published plans have a hash that begins with %q: write more of it", len(plans), hash)
}

// read folds the log. The plans of one that was cut at its beginning are those of
// its newest list and of what came after it.
func (s *Store) read(ctx context.Context) (*folded, error) {
	f := &folded{end: sharedlog.Before}
	start, err := s.place.Start(ctx)
	if errors.Is(err, sharedlog.ErrNoLog) {
		f.none = true
		return f, nil
	}
	if err != nil {
		return nil, s.unreadable(err)
	}
	f.first = start
	after := start - 1
	for {
		page, err := s.place.Read(ctx, after)
		switch {
		case errors.Is(err, sharedlog.ErrTrimmed): // meanwhile: there is a newer list
			return s.read(ctx)
		case err != nil:
			return nil, s.unreadable(err)
		case len(page.Records) == 0:
			return f, nil
		}
		for _, raw := range page.Records {
			f.add(raw)
		}
		if page.End {
			return f, nil
		}
		after = f.end.N
	}
}

func (s *Store) unreadable(err error) error {
	return fmt.Errorf("the published plans at %s can't be read: %w", s.place, err)
}

// mostTries is how often a record is appended whose answer does not come.
const mostTries = 4

// append adds the record that next makes of the log as it is: where another one
// came first, of the log with that one. next may return nil, for nothing.
func (s *Store) append(ctx context.Context, next func(*folded) *record) error {
	for {
		f, err := s.read(ctx)
		if err != nil {
			return err
		}
		r := next(f)
		switch {
		case r == nil:
			return nil
		case f.none:
			r = &record{Kind: kindBegin}
		}
		r.At = s.now()
		raw, err := r.raw(f.end)
		if err != nil {
			return err
		}
		taken, err := s.put(ctx, f.end, raw)
		if err != nil || !taken && !f.none {
			return err
		}
	}
}

// put appends one record, byte for byte the same until its place is known to be
// taken. It reports whether another one has it.
func (s *Store) put(ctx context.Context, prev sharedlog.Position, raw sharedlog.Raw) (taken bool, err error) {
	for try := 1; ; try++ {
		err := s.place.Append(ctx, prev, raw)
		if err == nil {
			return false, nil
		}
		if _, other := errors.AsType[*sharedlog.TakenError](err); other {
			own, err := s.holds(ctx, raw)
			return !own, err
		}
		if _, refused := errors.AsType[*sharedlog.RefusedError](err); refused || ctx.Err() != nil || try == mostTries {
			return false, fmt.Errorf("%s was not changed for certain: %w", s.place, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(max(s.place.Pace(), time.Duration(try)*time.Second)):
		}
	}
}

// holds reports whether the log has this very record: an append whose answer was
// lost.
func (s *Store) holds(ctx context.Context, raw sharedlog.Raw) (bool, error) {
	page, err := s.place.Read(ctx, raw.N-1)
	if err != nil && !errors.Is(err, sharedlog.ErrTrimmed) {
		return false, s.unreadable(err)
	}
	return len(page.Records) > 0 && page.Records[0].Position() == raw.Position(), nil
}
