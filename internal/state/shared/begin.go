package shared

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// BegunError says that a place has a state already.
type BegunError struct {
	Place   string
	Lineage string
}

func (e *BegunError) Error() string {
	return fmt.Sprintf("%s keeps a state already. If it is yours, add to the backend block: state = %q. To begin another one, give the block another name", e.Place, e.Lineage)
}

// Init begins a state in a place that has none, and returns its lineage: what the
// attribute state of the block is to say. It makes what the place needs, and proves
// with real writes that the place keeps its promises; warnings are what is worth
// knowing all the same.
func Init(ctx context.Context, place sharedlog.Place, by backend.Holder, clock Clock) (lineage string, warnings []string, err error) {
	log := sharedlog.Open(place, randomID)
	if err := none(ctx, log); err != nil {
		return "", nil, err
	}
	if err := place.Prepare(ctx); err != nil {
		return "", nil, err
	}
	if warnings, err = place.Prove(ctx); err != nil {
		return "", warnings, err
	}
	lineage = newLineage()
	return lineage, warnings, begin(ctx, log, lineage, by, clock)
}

// newLineage names a state.
func newLineage() string {
	var random [4]byte
	_, _ = rand.Read(random[:]) // never fails
	return hex.EncodeToString(random[:])
}

// none is an error if there is a state.
func none(ctx context.Context, log *sharedlog.Chain) error {
	first, err := log.First(ctx)
	switch {
	case errors.Is(err, sharedlog.ErrNoLog):
		return nil
	case err != nil:
		return err
	}
	return &BegunError{log.Place().String(), first.Lineage}
}

// begin appends record 0.
func begin(ctx context.Context, log *sharedlog.Chain, lineage string, by backend.Holder, clock Clock) error {
	if clock.Steady == nil {
		clock = SystemClock()
	}
	writer := sharedlog.Writer(by)
	_, err := log.Append(ctx, sharedlog.Before, &sharedlog.Record{
		Kind: sharedlog.Init, At: clock.Wall().UTC(), By: &writer, Version: sharedlog.Begun, Lineage: lineage,
	})
	taken := (*sharedlog.TakenError)(nil)
	if errors.As(err, &taken) {
		return errors.Join(none(ctx, log), err)
	}
	if err != nil {
		return err
	}
	// Only reading shows which timeline the place is on. The first holder is to know
	// whether it changed.
	entries, timeline, err := log.From(ctx, 0)
	if err != nil || timeline == "" {
		return err
	}
	_, err = log.Append(ctx, entries[0].Position, &sharedlog.Record{Kind: sharedlog.Active, At: clock.Wall().UTC(), Timeline: timeline})
	return err
}
