package shared

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// seen is how far this machine read the logs of a state, by place: a state that moves
// has another one.
type seen map[string]sharedlog.Position

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
	if b.view.at == b.remembered {
		return nil
	}
	s := b.dir.readSeen()
	if was, known := s[b.place.String()]; !known || was.N < b.view.at.N {
		s[b.place.String()] = b.view.at
		if err := b.dir.writeSeen(s); err != nil {
			return err
		}
	}
	b.remembered = b.view.at
	return nil
}

func (f folder) writeSeen(s seen) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	// What a crash leaves of it is not worth a sync at each read: it only ever refuses.
	staged := fmt.Sprintf("%s.%d", f.seen(), os.Getpid())
	_ = os.Remove(staged)
	err = writeFile(staged, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err == nil {
		err = disk.OS{}.Rename(staged, f.seen())
	}
	return err
}

// sameAsSeenLocked compares the log with what this machine read before.
func (b *Backend) sameAsSeenLocked(ctx context.Context, entries []sharedlog.Entry) error {
	was, known := b.dir.readSeen()[b.place.String()]
	if !known {
		return nil
	}
	end := entries[len(entries)-1].Position
	if end.N < was.N {
		return &sharedlog.RolledBackError{Place: b.place.String(), Seen: was, Found: end}
	}
	var found sharedlog.Entry
	if first := entries[0].N; was.N >= first {
		found = entries[was.N-first]
	} else {
		var err error
		if found, err = b.log.At(ctx, was.N); errors.Is(err, sharedlog.ErrTrimmed) {
			return nil // nobody can tell any more
		} else if err != nil {
			return err
		}
	}
	if found.Position != was {
		return &sharedlog.RolledBackError{Place: b.place.String(), Seen: was, Found: found.Position}
	}
	return nil
}

// Forget forgets how far this machine read the log: what is there now is taken as it
// is. It is for people who decided that.
func (b *Backend) Forget() error {
	dir, err := folderFor(b.opts.Dir, b.opts.Lineage)
	if err != nil {
		return err
	}
	s := dir.readSeen()
	delete(s, b.place.String())
	return dir.writeSeen(s)
}
