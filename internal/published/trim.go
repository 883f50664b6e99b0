package published

import (
	"context"
	"slices"
	"time"
)

// mostRecords is after how many records a new list is written: reading begins
// there.
const mostRecords = 500

// graceOfValues is how long a value is kept that nothing names: a plan that is
// being published is named last.
const graceOfValues = 7 * 24 * time.Hour

// Trim lets go of the plans that were published before a time, and of the records
// that only spoke of them. It does nothing while there is little to be gained, so
// it may be called after each use of the store.
func (s *Store) Trim(ctx context.Context, before time.Time) error {
	old := func(e Entry) bool { return e.At.Before(before) }
	var listed *folded
	err := s.append(ctx, func(f *folded) *record {
		listed = nil
		if !slices.ContainsFunc(f.plans, old) && f.end.N-f.first < mostRecords {
			return nil
		}
		listed = f
		kept := slices.DeleteFunc(slices.Clone(f.plans), old)
		return &record{Kind: kindList, Plans: kept}
	})
	if err != nil || listed == nil {
		return err
	}
	f, err := s.read(ctx)
	if err != nil {
		return err
	}
	// The list before the new one stays: a reader may be on its way there.
	if err := s.place.Trim(ctx, listed.first); err != nil {
		return err
	}
	named := map[string]bool{}
	for _, plans := range [][]Entry{listed.plans, f.plans} {
		for _, e := range plans {
			for _, hash := range e.Values {
				named[hash] = true
			}
		}
	}
	return s.place.Sweep(ctx, func(hash string) bool { return named[hash] }, s.now().Add(-graceOfValues))
}
