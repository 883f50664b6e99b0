package shared

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// saveLate records the outcomes of a lease that was lost: who made the calls is the one
// who knows. What can't be recorded now stays in the file of this machine.
func (l *lease) saveLate(ctx context.Context) error {
	r := l.records
	if r == nil || r.recorded() {
		return r.forget()
	}
	if err := r.keep(); err != nil {
		return err
	}
	r.mu.Lock()
	text := slices.Concat(r.head, bytes.TrimPrefix(r.pending, r.head))
	r.mu.Unlock()
	l.b.mu.Lock()
	err := caused(ctx, l.b.appendLateLocked(ctx, l.epoch, text))
	l.b.mu.Unlock()
	if err == nil {
		r.drop()
	}
	return r.forget()
}

// appendLateLocked records lines of an epoch that ended. That takes the lease from
// nobody.
func (b *Backend) appendLateLocked(ctx context.Context, epoch int64, text []byte) error {
	change := addition(lateName, text)
	if len(text) > shortText {
		change = sharedlog.Change{Part: lateName, Do: sharedlog.Add}
		for piece := range slices.Chunk(text, largestValue) {
			value, err := b.values.put(ctx, piece)
			if err != nil {
				return err
			}
			change.Values = append(change.Values, value)
		}
	}
	for {
		b.view = nil // working copies of a lease that was lost are worth nothing
		if err := b.pullLocked(ctx); err != nil {
			return err
		}
		err := b.appendLocked(ctx, &sharedlog.Record{Kind: sharedlog.Late, Epoch: epoch, Changes: []sharedlog.Change{change}})
		taken := (*sharedlog.TakenError)(nil)
		if !errors.As(err, &taken) {
			return err
		}
	}
}

// saveLeft records what processes of this machine kept that ended before they could.
// It reports whether it read the log. warn is told of what another machine, or nobody
// knows who, put there.
func (b *Backend) saveLeft(ctx context.Context, warn func(string)) (read bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.view == nil {
		if err := b.pullLocked(ctx); err != nil {
			return false, err
		}
		read = true
	}
	entries, err := os.ReadDir(string(b.dir))
	if err != nil {
		return read, err
	}
	for _, e := range entries {
		name, ok := strings.CutPrefix(strings.TrimSuffix(e.Name(), ".jsonl"), unsavedPrefix)
		number, work, found := strings.Cut(name, "-")
		epoch, err := strconv.ParseInt(number, 10, 64)
		if !ok || !found || err != nil || !strings.HasPrefix(work, workPrefix) || b.aliveLocked(work) {
			continue
		}
		path := filepath.Join(string(b.dir), e.Name())
		text, _, err := disk.ReadAll(disk.OS{}.Open(path))
		if err != nil {
			return read, err
		}
		text, ours := b.proved(path, text)
		if !ours {
			if warn != nil {
				warn(doubted(path))
			}
			continue
		}
		if err := b.saveLeftFileLocked(ctx, epoch, path, text); err != nil {
			return read, err
		}
	}
	return read, nil
}

// aliveLocked reports whether another process has the folder of that name.
func (b *Backend) aliveLocked(work string) bool {
	dir := filepath.Join(string(b.dir), work)
	if dir == b.work.dir {
		return false // of a lease of this process that ended
	}
	if _, err := os.Lstat(dir); err != nil {
		return false
	}
	lock, err := disk.TryLock(filepath.Join(dir, lockName))
	if err != nil || lock == nil {
		return true
	}
	_ = lock.Release()
	return false
}

// saveLeftFileLocked records the lines of a file of outcomes, and removes it.
func (b *Backend) saveLeftFileLocked(ctx context.Context, epoch int64, path string, text []byte) error {
	text = text[:bytes.LastIndexByte(text, '\n')+1] // a line that was not written to its end was of no use to anybody
	head := text[:bytes.IndexByte(text, '\n')+1]
	if err := b.refreshLocked(ctx); err != nil {
		return err
	}
	recorded, _, err := disk.ReadAll(b.view.open(journalName))
	if err != nil {
		return err
	}
	if rest, ok := bytes.CutPrefix(text, recorded); ok && len(recorded) > 0 {
		text = slices.Concat(head, rest)
	}
	if len(text) > len(head) {
		if err := b.appendLateLocked(ctx, epoch, text); err != nil {
			return err
		}
	}
	return os.Remove(path)
}
