package gitsource

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/disk"
)

// roomFor refuses files that don't fit beside what is exported for a workspace.
func (s *Store) roomFor(name string, files []file) error {
	total := sizeOf(s.exportsOf(name))
	for _, f := range files {
		total += f.size
	}
	if total <= mostExports {
		return nil
	}
	return refused("Wait until these runs have ended, or make the tables smaller.",
		"its files, and those of commits before that runs still have, are larger than %d MiB", int64(mostExports>>20))
}

// removeSealed removes an exported folder. It loses its name first: who reads it meanwhile must
// find nothing rather than a part.
func removeSealed(dir string) error {
	gone, err := os.MkdirTemp(filepath.Dir(dir), removedPrefix)
	if err != nil {
		return err
	}
	if err := errors.Join(os.Chmod(dir, 0o700), os.Rename(dir, filepath.Join(gone, "x"))); err != nil {
		return errors.Join(err, os.Remove(gone))
	}
	_ = filepath.WalkDir(gone, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = os.Chmod(path, 0o700)
		}
		return err
	})
	return os.RemoveAll(gone)
}

// removedPrefix is how folders are called that are being removed.
const removedPrefix = ".old-"

const (
	// abandoned is after how long a folder that is not whole belongs to no process, and an export that is
	// not in use to no run that has just begun.
	abandoned = time.Hour
	// deserted is after how long a folder that no agent has looked at belongs to none.
	deserted = 7 * 24 * time.Hour
)

// Sweep removes the exports of a workspace that are not in use, that of a refused commit at once, and what processes left
// that were killed. It knows nothing of what is in use itself.
func (r *Repository) Sweep(ctx context.Context, name string, inUse func(commit string) bool, refused string, now time.Time) error {
	dir := r.home.exportsOf(name)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	patience := abandoned
	if len(entries) > 2 && sizeOf(dir) > mostExports/2 {
		patience = 0 // whoever pushes often must not fill the disk
	}
	for _, e := range entries {
		info, known := e.Info()
		if known != nil || !e.IsDir() {
			continue
		}
		age := now.Sub(info.ModTime())
		switch {
		case !checkout.IsCommit(e.Name()):
			if age > abandoned && (strings.HasPrefix(e.Name(), stagedPrefix) || strings.HasPrefix(e.Name(), removedPrefix)) {
				err = errors.Join(err, removeSealed(filepath.Join(dir, e.Name())))
			}
		case inUse(e.Name()):
		case age > patience || e.Name() == refused:
			err = errors.Join(err, removeSealed(filepath.Join(dir, e.Name())), r.release(ctx, e.Name()))
		}
	}
	return errors.Join(err, os.Chtimes(dir, now, now)) // of what is not looked at any more, SweepOthers removes all
}

// release lets git's own tidying remove a commit that no workspace has exported any more.
func (r *Repository) release(ctx context.Context, commit string) error {
	left, err := filepath.Glob(filepath.Join(r.home.exportsOf("*"), commit))
	if err != nil || len(left) > 0 {
		return err
	}
	_, err = r.local(ctx, "update-ref", "-d", keptRefs+commit)
	return err
}

// SweepOthers removes the exports of all but the named workspaces, and all repositories but those of the URLs,
// unless an agent with another file has looked at them in the last week.
func (s *Store) SweepOthers(names, urls []string, now time.Time) (removed []string, err error) {
	kept := map[string]bool{}
	for _, name := range names {
		kept[s.exportsOf(name)] = true
	}
	for _, url := range urls {
		kept[s.Repository(url).dir] = true
	}
	exports, _ := filepath.Glob(s.exportsOf("*"))
	repositories, _ := filepath.Glob(filepath.Join(s.dir, "git", "*"))
	for _, dir := range append(exports, repositories...) {
		info, known := os.Lstat(dir)
		if known != nil || !info.IsDir() || kept[dir] || now.Sub(info.ModTime()) <= deserted {
			continue
		}
		lock, failed := disk.TryLock(dir + lockSuffix)
		if failed == nil && lock != nil {
			failed = errors.Join(removeSealed(dir), os.Remove(dir+lockSuffix), lock.Release())
			removed = append(removed, dir)
		}
		err = errors.Join(err, failed)
	}
	return removed, err
}
