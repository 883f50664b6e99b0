package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// FS is everything that this package does to files other than the lock. Tests
// put one in its place that fails, forgets and tears.
type FS interface {
	// Open opens a file for reading and returns its size. A link is refused.
	Open(name string) (Reader, int64, error)
	// Create makes a file that must not exist, readable by its owner alone.
	Create(name string) (Writer, error)
	// Append opens a file, or makes it like Create, so that every Write goes
	// to its end. A link is refused.
	Append(name string) (Writer, error)
	Truncate(name string, size int64) error
	Rename(from, to string) error
	Link(from, to string) error
	Remove(name string) error
	// Names lists the files of a folder, in no order: none where there is no folder.
	Names(dir string) ([]string, error)
	// SyncDir makes what was created, renamed and removed in a folder durable.
	SyncDir(dir string) error
}

// Reader is a file that is read.
type Reader interface {
	io.Reader
	io.ReaderAt
	io.Closer
}

// Writer is a file that is written. What was written is durable when Sync
// returned nil.
type Writer interface {
	io.Writer
	Sync() error
	Close() error
}

// OS is the file system of the machine.
type OS struct{}

// fileMode is that of every file here: they name orders, and are their owner's.
const fileMode fs.FileMode = 0o600

// ErrLink says that a file is not what gdfctl made.
var ErrLink = errors.New("is a link or no regular file; gdfctl follows no link instead of its own files")

// Open implements FS.
func (OS) Open(name string) (Reader, int64, error) {
	f, err := OpenPlain(name, os.O_RDONLY)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

// Create implements FS. O_EXCL follows no link.
func (OS) Create(name string) (Writer, error) {
	return ownersAlone(openFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode))
}

// Append implements FS.
func (OS) Append(name string) (Writer, error) {
	return ownersAlone(OpenPlain(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND))
}

// MakeEmpty makes a file that is not there, its owner's alone. It belongs to whom its folder does, also if root makes
// it: a service that has a user of its own could not open it otherwise.
func MakeEmpty(name string) error {
	f, err := openFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	made, err := ownersAlone(f, err)
	if err != nil {
		return err
	}
	LikeFolder(f)
	return made.Close()
}

// LikeFolder gives a file that root has just made to whom its folder belongs. Never one that
// was there: it can be a link to a file of somebody else. Where root may not, it stays root's.
func LikeFolder(f *os.File) {
	if uid, gid, others := folderOfOthers(filepath.Dir(f.Name())); others {
		_ = f.Chown(uid, gid)
	}
}

// OfOthers reports whether root is about to make files in a folder that belongs to somebody else.
func OfOthers(folder string) bool {
	_, _, others := folderOfOthers(folder)
	return others
}

// Truncate implements FS.
func (OS) Truncate(name string, size int64) error {
	f, err := OpenPlain(name, os.O_WRONLY)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Sync(), f.Close())
}

// Rename implements FS.
func (OS) Rename(from, to string) error { return replace(from, to) }

// Link implements FS.
func (OS) Link(from, to string) error { return os.Link(from, to) }

// Remove implements FS.
func (OS) Remove(name string) error {
	return patiently(inUse, func() error { return remove(name) })
}

// replace puts a file instead of another one of the same folder.
func replace(from, to string) error {
	return patiently(inUse, func() error { return rename(from, to) })
}

// Names implements FS.
func (OS) Names(dir string) ([]string, error) {
	f, err := os.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names, err := f.Readdirnames(-1)
	return names, errors.Join(err, f.Close())
}

// SyncDir implements FS.
func (OS) SyncDir(dir string) error { return syncDir(dir) }

// OpenPlain opens a regular file and no link to one. The second look, at what
// was opened, catches a link that was put there after the first.
func OpenPlain(name string, flag int) (*os.File, error) {
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: ErrLink}
	}
	f, err := openFile(name, flag, fileMode)
	if err != nil {
		return nil, err
	}
	opened, err := f.Stat()
	if err == nil {
		var there fs.FileInfo
		if there, err = os.Lstat(name); err == nil && !os.SameFile(opened, there) {
			err = &fs.PathError{Op: "open", Path: name, Err: ErrLink}
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// MakeFolder makes a folder that is not there, and those above it, its owner's
// alone whatever the umask is.
func MakeFolder(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if above := filepath.Dir(dir); above != dir {
		if err := MakeFolder(above); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		if errors.Is(err, fs.ErrExist) { // by another process, in between
			return nil
		}
		return err
	}
	return os.Chmod(dir, 0o700)
}

// MakeFolderIn makes a folder below another one, step by step, and returns its path.
// None of the steps may be a link: a repository can bring one that leads to files of
// its user, which would be taken for the folder's and removed with them.
func MakeFolderIn(dir string, steps ...string) (string, error) {
	for _, step := range steps {
		dir = filepath.Join(dir, step)
		if err := MakeFolder(dir); err != nil {
			return "", err
		}
		info, err := os.Lstat(dir)
		if err != nil {
			return "", err
		}
		if !info.IsDir() {
			return "", fmt.Errorf("%s is not a folder: remove it", dir)
		}
	}
	return dir, nil
}

// ownersAlone gives a file its mode whatever the umask is, and whoever made it.
func ownersAlone(f *os.File, err error) (Writer, error) {
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().Perm() != fileMode && hasModes {
		err = f.Chmod(fileMode)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("making %s its owner's alone: %w", f.Name(), err), f.Close())
	}
	return f, nil
}
