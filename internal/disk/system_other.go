//go:build !windows

package disk

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"github.com/gofrs/flock"
)

func openFile(name string, flag int, mode fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, mode)
}

func rename(from, to string) error { return os.Rename(from, to) }

func remove(name string) error { return os.Remove(name) }

// inUse reports whether a file can't be replaced because another program has it
// open: here that is no obstacle.
func inUse(error) bool { return false }

// syncDir makes what was created, renamed and removed in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// folderOfOthers says to whom a folder belongs, if it isn't root, as who the program runs.
func folderOfOthers(folder string) (uid, gid int, others bool) {
	if os.Geteuid() != 0 {
		return 0, 0, false
	}
	info, err := os.Stat(folder)
	if err != nil {
		return 0, 0, false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || owner.Uid == 0 {
		return 0, 0, false
	}
	return int(owner.Uid), int(owner.Gid), true
}

// hasModes is whether the permissions of a file are those of its mode.
const hasModes = true

type kernelLock = flock.Flock

func newKernelLock(path string) *kernelLock { return flock.New(path, flock.SetPermissions(fileMode)) }
