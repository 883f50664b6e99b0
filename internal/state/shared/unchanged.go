package shared

import (
	"context"
	"errors"
	"slices"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// aboutLeases are the records that change no part, whoever wrote them.
var aboutLeases = map[sharedlog.Kind]bool{
	sharedlog.Acquire: true, sharedlog.Renew: true, sharedlog.Release: true, sharedlog.Want: true, sharedlog.Break: true, sharedlog.Snapshot: true,
}

// changesOrders reports whether a record says something of orders, or of what was done
// to them.
func changesOrders(e sharedlog.Entry) bool {
	return e.Kind != sharedlog.Note && (!aboutLeases[e.Kind] || len(e.Changes) > 0)
}

// Unchanged implements backend.Backend. Of a position that was trimmed nothing is
// known any more.
func (b *Backend) Unchanged(ctx context.Context, at backend.Position) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	entries, _, err := b.log.Since(ctx, sharedlog.Position(at))
	rolledBack := (*sharedlog.RolledBackError)(nil)
	if errors.Is(err, sharedlog.ErrTrimmed) || errors.As(err, &rolledBack) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(entries, changesOrders), nil
}
