package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// Backend keeps one state in files that lie in one folder.
type Backend struct {
	Paths
	files   disk.FS
	arrives *lock // held while a state comes here from another place
}

// DefaultPath is where the state is kept if nothing else is said, in the
// directory of its configuration.
const DefaultPath = "gdfctl.state.json"

// Attributes are what a block of this backend can say.
var Attributes = []string{"path"}

// Configured returns the backend that a block names, in the directory of its
// configuration or below it. It touches no file.
func Configured(dir string, attributes map[string]string) (backend.Backend, *backend.Mistake) {
	path, said := attributes["path"]
	if !said {
		path = DefaultPath
	}
	if !filepath.IsLocal(path) || filepath.Clean(path) == "." || strings.HasSuffix(path, "/") {
		return nil, &backend.Mistake{
			Attribute: "path", Summary: "The state's path is outside the configuration's directory",
			Detail: `Write a file name, or a path below the directory, like "state/main.state.json".`,
		}
	}
	return New(filepath.Join(dir, path)), nil
}

// New returns the backend of the state with this file. It touches none of its
// files.
func New(statePath string) *Backend { return NewOn(disk.OS{}, statePath) }

// NewOn is New on another file system.
func NewOn(files disk.FS, statePath string) *Backend {
	return &Backend{Paths: PathsFor(statePath), files: files}
}

// Name implements backend.Backend.
func (b *Backend) Name(p backend.Part) string {
	switch p {
	case backend.Snapshot:
		return b.State
	case backend.Journal:
		return b.Journal
	case backend.Closed:
		return b.Closed
	case backend.Audit:
		return b.Audit
	case backend.SignedHead:
		return b.Head
	}
	return ""
}

// Files implements backend.Backend.
func (b *Backend) Files() []string {
	own := []string{b.State, b.Backup(), b.Arriving(), b.Lockfile, b.Journal, b.Closed, b.Audit, b.Head, b.Feeds}
	left, err := b.leftAudits()
	if err != nil {
		return own // whoever writes to the folder finds out
	}
	return append(own, left...)
}

// Refresh has nothing to bring: files show what is there now. Store reads again where
// a run changed them while they were read.
func (b *Backend) Refresh(context.Context) error { return b.stands() }

// Open implements backend.Backend. Nothing comes late here: the journal of a run
// that was cut off is there until it is folded.
func (b *Backend) Open(p backend.Part) (disk.Reader, int64, error) {
	if err := b.stands(); err != nil {
		return nil, 0, err
	}
	switch p {
	case backend.Late:
		return nil, 0, fs.ErrNotExist
	case backend.Journal:
		if err := b.foreignJournal(); err != nil {
			return nil, 0, err
		}
	case backend.Audit:
		return b.openAudit()
	}
	return b.files.Open(b.Name(p))
}

// Begun implements backend.Backend.
func (b *Backend) Begun() bool { return disk.Exists(b.files, b.Backup()) }

// Holder implements backend.Backend.
func (b *Backend) Holder() backend.Holder { return readHolder(b.Lockfile) }

// Lock implements backend.Backend. Whoever is started by hand waits for another
// one, so it looks often.
func (b *Backend) Lock(ctx context.Context, req backend.Request) (backend.Lease, backend.Holder, error) {
	const poll = 100 * time.Millisecond
	if err := b.foreignJournal(); err != nil { // before there is a lock file
		return nil, backend.Holder{}, err
	}
	l, previous, err := acquire(ctx, b.Lockfile, req.Holder, 0, poll)
	if held := (*backend.LockedError)(nil); errors.As(err, &held) && req.Wait > 0 {
		if req.Waiting != nil {
			req.Waiting(backend.Waiting{Holder: held.Holder})
		}
		l, previous, err = acquire(ctx, b.Lockfile, req.Holder, req.Wait, poll)
	}
	if err != nil {
		return nil, backend.Holder{}, err
	}
	if err := b.stands(); err != nil { // whoever had the lock before can have moved it
		return nil, backend.Holder{}, errors.Join(err, l.release())
	}
	return &lease{b, l}, previous, nil
}

// Break implements backend.Backend. There is nothing to take: the kernel frees the
// lock of a holder that is gone, and the next one clears what it left written.
func (b *Backend) Break(context.Context, backend.Holder, string, string) (backend.Holder, error) {
	return backend.Holder{}, nil
}

// Unchanged implements backend.Backend: it is not asked.
func (b *Backend) Unchanged(context.Context, backend.Position) (bool, error) { return false, nil }

// Position implements backend.Backend: files have no history.
func (b *Backend) Position() backend.Position { return backend.Position{} }

// Close implements backend.Backend: files are read where they are.
func (b *Backend) Close() error {
	if b.arrives == nil {
		return nil
	}
	l := b.arrives
	b.arrives = nil
	return l.release()
}

// lease writes the files of a Backend.
type lease struct {
	*Backend
	lock *lock
}

func (l *lease) Held() error    { return l.lock.fenced() }
func (l *lease) Release() error { return l.lock.release() }

// Busy, Wanted, Arrived, DropLate and EndWithin have nothing to do: the kernel knows
// whether the holder lives, others wait for it to end, nothing comes late, and a disk is
// not waited for.
func (l *lease) Busy(time.Duration)      {}
func (l *lease) Wanted() bool            { return false }
func (l *lease) Arrived() []byte         { return nil }
func (l *lease) DropLate(int64) error    { return nil }
func (l *lease) EndWithin(time.Duration) {}

// Together makes each durable on its own: files are renamed one by one.
func (l *lease) Together(write func() error) error { return write() }

// Terms are none: see backend.Terms.
func (l *lease) Terms() backend.Terms { return backend.Terms{} }

func (l *lease) Create(p backend.Part) (backend.Records, error) {
	f, err := l.files.Create(l.Name(p))
	if err != nil {
		return nil, err
	}
	if err := l.syncFolder(); err != nil {
		return nil, errors.Join(err, f.Close(), l.Remove(p))
	}
	return &records{Writer: f, path: l.Name(p)}, nil
}

func (l *lease) Append(p backend.Part) (disk.Writer, error) {
	f, err := l.files.Append(l.Name(p))
	if err != nil {
		return nil, err
	}
	if err := l.syncFolder(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (l *lease) Truncate(p backend.Part, size int64) error {
	if p == backend.Audit {
		before, err := l.leftSize()
		if err != nil {
			return err
		}
		if size -= before; size < 0 {
			return fmt.Errorf("%s would be cut in a file that was left for good", l.Audit)
		}
	}
	return l.files.Truncate(l.Name(p), size)
}

// Replace keeps the snapshot that it replaces.
func (l *lease) Replace(p backend.Part, write func(io.Writer) error) error {
	path := l.Name(p)
	staged, err := disk.Stage(l.files, path, write)
	if err != nil {
		return err
	}
	if p == backend.Snapshot {
		if err := disk.KeepBackup(l.files, path, l.Backup()); err != nil {
			_ = l.files.Remove(staged) // the first error matters
			return err
		}
	}
	return disk.Publish(l.files, staged, path)
}

func (l *lease) Remove(p backend.Part) error {
	if err := l.files.Remove(l.Name(p)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return l.syncFolder()
}

func (l *lease) syncFolder() error { return l.files.SyncDir(filepath.Dir(l.State)) }
