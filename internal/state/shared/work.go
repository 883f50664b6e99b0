package shared

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// folder is where this machine keeps what belongs to one state: what it read last,
// values by their hash, outcomes that are not recorded yet, and the working copies of
// each process.
type folder string

func (f folder) seen() string             { return filepath.Join(string(f), "seen.json") }
func (f folder) value(hash string) string { return filepath.Join(string(f), "values", hash) }
func (f folder) unsaved(name string) string {
	return filepath.Join(string(f), unsavedPrefix+name+".jsonl")
}

// folderFor is the folder of a state in the directory of its configuration. Files in
// it are nothing for a repository, and say so.
func folderFor(dir, lineage string) (folder, error) {
	values, err := disk.MakeFolderIn(dir, ".gdfctl", "state-"+lineage, "values")
	if err != nil {
		return "", err
	}
	return folder(filepath.Dir(values)), disk.KeepUnversioned(filepath.Join(dir, ".gdfctl"))
}

// workspace is the private folder of one reader of one process. What a process left
// that ended is removed by the next one.
type workspace struct {
	dir  string
	lock *disk.Lock
	next int // of the names of files
}

const (
	workPrefix, unsavedPrefix = "work-", "unsaved-"
	lockName                  = "lock"
)

func (f folder) workspace() (*workspace, error) {
	if err := f.clean(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(string(f), workPrefix)
	if err != nil {
		return nil, err
	}
	lock, err := disk.TryLock(filepath.Join(dir, lockName))
	if err == nil && lock == nil {
		err = fmt.Errorf("%s is another process's", dir)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &workspace{dir: dir, lock: lock}, nil
}

// clean removes the folders of processes that ended. One whose lock is not there yet
// is another process's that begins just now, unless it is old. Former versions left
// files beside that of what was read last.
func (f folder) clean() error {
	disk.RemoveStaged(f.seen(), filepath.Base(f.seen())+".")
	entries, err := os.ReadDir(string(f))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), workPrefix) {
			continue
		}
		dir := filepath.Join(string(f), e.Name())
		lockfile := filepath.Join(dir, lockName)
		if _, err := os.Lstat(lockfile); err != nil {
			if info, err := e.Info(); err != nil || time.Since(info.ModTime()) < time.Hour {
				continue
			}
		}
		lock, err := disk.TryLock(lockfile)
		if err != nil || lock == nil {
			continue
		}
		_ = lock.Release()
		_ = os.RemoveAll(dir) // what can't be removed now is by a later process
	}
	return nil
}

// file is the path of a new file.
func (w *workspace) file(name string) string {
	w.next++
	return filepath.Join(w.dir, fmt.Sprintf("%s.%d", name, w.next))
}

func (w *workspace) remove() error {
	return errors.Join(w.lock.Release(), os.RemoveAll(w.dir))
}
