package shared

import (
	"context"
	"errors"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Rollback is how a log differs from what this machine read before.
type Rollback struct {
	Seen   sharedlog.Position // how far this machine read it
	SeenAt time.Time          // zero: that is not known
	Found  sharedlog.Position // what is there now: the record of that number, or the end of a log that got shorter

	End  sharedlog.Position // the last record that is there now
	Kind sharedlog.Kind
	At   time.Time      // by its writer's clock
	By   backend.Holder // its writer, or who held the lease then; zero: nobody is named
}

func (r *Rollback) endsWith(e sharedlog.Entry, v *view) {
	if r == nil {
		return
	}
	r.End, r.Kind, r.At, r.By = e.Position, e.Kind, e.At, backend.Holder(v.fold.Holder)
	if e.By != nil {
		r.By = backend.Holder(*e.By)
	}
}

// RolledBack reads the log, and returns how it differs from what this machine read
// before; nil: it is the same log. Only a backend that is recovering gets that far.
func (b *Backend) RolledBack(ctx context.Context) (*Rollback, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.pullLocked(ctx); err != nil {
		return nil, err
	}
	return b.rollback, nil
}

// Accept forgets what this machine read before: what it read now is the log. It comes
// last: whatever is cut off before it, commands stop as they did.
func (b *Backend) Accept() (err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	dir, err := folderFor(b.opts.Dir, b.opts.Lineage)
	if err != nil {
		return err
	}
	s := dir.readSeen()
	delete(s, b.place.String())
	if b.view != nil {
		s[b.place.String()] = sighting{b.view.at, b.clock.Wall().UTC()}
	}
	work, err := dir.workspace()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, work.remove()) }()
	return dir.writeSeen(work, s)
}
