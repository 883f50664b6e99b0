package shared

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// seen is how far this machine read the logs of a state, by place: a state that moves
// has another one.
type seen map[string]sighting

// sighting is how far a log was read, and when that was written down.
type sighting struct {
	sharedlog.Position
	At time.Time `json:"at,omitzero"`
}

func (f folder) readSeen() seen {
	s := seen{}
	data, err := os.ReadFile(f.seen())
	if err != nil || json.Unmarshal(data, &s) != nil {
		return seen{} // it only ever refuses: without it, everything is believed
	}
	return s
}

// rememberLocked writes down how far the log was read.
func (b *Backend) rememberLocked() error {
	if b.opts.Recovering || b.view.at == b.remembered {
		return nil
	}
	s := b.dir.readSeen()
	if was, known := s[b.place.String()]; !known || was.N < b.view.at.N {
		s[b.place.String()] = sighting{b.view.at, b.clock.Wall().UTC()}
		if err := b.dir.writeSeen(b.work, s); err != nil {
			return err
		}
	}
	b.remembered = b.view.at
	return nil
}

func (f folder) writeSeen(w *workspace, s seen) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return disk.ReplaceFrom(w.dir, f.seen(), data) // what a crash leaves of it is not worth a sync at each read: it only ever refuses
}

// sameAsSeenLocked compares the log with what this machine read before. Who recovers
// it takes it as it is, and keeps the difference.
func (b *Backend) sameAsSeenLocked(ctx context.Context, entries []sharedlog.Entry) error {
	was, known := b.dir.readSeen()[b.place.String()]
	if !known {
		return nil
	}
	found, err := b.foundLocked(ctx, was.Position, entries)
	if err != nil || found == was.Position {
		return err
	}
	if b.opts.Recovering {
		b.rollback = &Rollback{Seen: was.Position, SeenAt: was.At, Found: found}
		return nil
	}
	return &sharedlog.RolledBackError{Place: b.place.String(), Seen: was.Position, Found: found}
}

// foundLocked is what is at a position that was read before: the record of that number,
// or the end of a log that got shorter.
func (b *Backend) foundLocked(ctx context.Context, was sharedlog.Position, entries []sharedlog.Entry) (sharedlog.Position, error) {
	end := entries[len(entries)-1].Position
	if end.N < was.N {
		// Another command on this machine may have read further since these were read.
		found, err := b.log.At(ctx, was.N)
		if errors.Is(err, sharedlog.ErrNoLog) {
			return end, nil
		}
		return found.Position, err
	}
	if first := entries[0].N; was.N >= first {
		return entries[was.N-first].Position, nil
	}
	found, err := b.log.At(ctx, was.N)
	if errors.Is(err, sharedlog.ErrTrimmed) {
		return was, nil // nobody can tell any more
	}
	return found.Position, err
}
