package gitlog

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// storeFolder is where fetched objects are kept, in the configuration's directory.
var storeFolder = filepath.Join(".gdfctl", "git")

// store is a repository of this process over objects that all processes of the
// directory share. What a fetch changes beside objects, such as the shallow file,
// is this process's own: two that fetch at once don't wait for each other.
//
// Nothing in it has to last: whatever is missing is fetched again.
type store struct {
	dir   string
	own   string     // the repository of this process
	alive *disk.Lock // held as long as it is in use
}

// openStore makes what is missing of the store for one branch.
func openStore(configDir, url, ref string) (*store, error) {
	hidden := filepath.Join(configDir, ".gdfctl")
	name := ref[strings.LastIndex(ref, "/")+1:]
	s := &store{dir: filepath.Join(configDir, storeFolder, name+"-"+sharedlog.HashOf([]byte(ref + "\n" + url))[:16])}
	if _, err := disk.MakeFolderIn(configDir, ".gdfctl", "git", filepath.Base(s.dir), "objects"); err != nil {
		return nil, err
	}
	if err := disk.KeepUnversioned(hidden); err != nil {
		return nil, err
	}
	s.sweep()
	own, err := os.MkdirTemp(s.dir, "process-")
	if err != nil {
		return nil, err
	}
	s.own = own
	if s.alive, err = disk.TryLock(filepath.Join(own, aliveName)); err != nil || s.alive == nil {
		return nil, errors.Join(err, s.close())
	}
	for file, text := range map[string]string{
		"HEAD":   "ref: refs/heads/none\n",
		"config": "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tlogAllRefUpdates = false\n",
	} {
		if err := os.WriteFile(filepath.Join(own, file), []byte(text), 0o600); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	if err := os.MkdirAll(filepath.Join(own, "refs", "heads"), 0o700); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *store) objects() string { return filepath.Join(s.dir, "objects") }
func (s *store) index() string   { return filepath.Join(s.own, "index") }

func (s *store) close() error {
	var err error
	if s.alive != nil {
		err = s.alive.Release() // Windows removes no open file
	}
	return errors.Join(err, os.RemoveAll(s.own))
}

// env directs commands to the store.
func (s *store) env() []string {
	return []string{"GIT_DIR=" + s.own, "GIT_OBJECT_DIRECTORY=" + s.objects(), "GIT_INDEX_FILE=" + s.index()}
}

// aliveName is the file that a process locks in its repository.
const aliveName = "alive"

// sweep removes what processes that were killed left behind: a repository that is
// older than the moment in which it is made, and that nobody uses.
func (s *store) sweep() {
	disk.RemoveStaged(filepath.Join(s.dir, "last"), ".last.") // of former versions
	found, _ := filepath.Glob(filepath.Join(s.dir, "process-*"))
	for _, dir := range found {
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || time.Since(info.ModTime()) < time.Hour {
			continue
		}
		// What fails here is tried again by the next process.
		if lock, err := disk.TryLock(filepath.Join(dir, aliveName)); err == nil && lock != nil {
			_ = lock.Release()
			_ = os.RemoveAll(dir)
		}
	}
}

// last is the commit that was fetched or made last by any process: all of its
// tree is among the objects. It is empty if none is known.
func (s *store) last() string {
	text, err := os.ReadFile(filepath.Join(s.dir, "last"))
	if commit := strings.TrimSpace(string(text)); err == nil && isObject(commit) {
		return commit
	}
	return ""
}

func (s *store) setLast(commit string) {
	// Without it the next process fetches the whole tree, and no more than that.
	_ = disk.ReplaceFrom(s.own, filepath.Join(s.dir, "last"), []byte(commit+"\n"))
}

// setBase says with which commit the history begins that the store has.
func (s *store) setBase(commit string) error {
	shallow := filepath.Join(s.own, "shallow")
	if commit == "" {
		if err := os.Remove(shallow); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	return os.WriteFile(shallow, []byte(commit+"\n"), 0o600)
}

// crowded reports whether there are so many single objects and packs that reading
// gets slow: like git itself, by one of 256 folders.
func (s *store) crowded(loose int) bool {
	objects, _ := filepath.Glob(filepath.Join(s.objects(), "17", "*"))
	packs, _ := filepath.Glob(filepath.Join(s.objects(), "pack", "*.pack"))
	return len(objects) >= loose || len(packs) >= 4*loose
}

// pack puts the last commit's objects into one pack, and removes others that are
// older than a day. Only one process does it, and failing changes nothing.
func (p *Place) pack(ctx context.Context) {
	s := p.store
	lock, err := disk.TryLock(filepath.Join(s.dir, "lock"))
	if err != nil || lock == nil {
		return
	}
	defer func() { _ = lock.Release() }()
	last := s.last()
	if last == "" || s.setBase(last) != nil {
		return
	}
	for _, args := range [][]string{
		{"update-ref", fetched, last},
		{"repack", "-A", "-d", "-l", "-q", "--unpack-unreachable=1.day.ago"},
		{"prune", "--expire=1.day.ago"},
	} {
		if _, err := p.local(ctx, nil, args...); err != nil {
			return
		}
	}
}

func isObject(name string) bool {
	return len(name) == 40 && strings.Trim(name, "0123456789abcdef") == ""
}
