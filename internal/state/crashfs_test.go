package state

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gdfctl/gdfctl/internal/disk"
)

var (
	errInjected = errors.New("no space left on device")
	errPower    = errors.New("the power is gone")
)

// crashFS is a folder in memory that knows what of it would survive a crash:
// only content that was synced, under names that the folder was synced with.
// It can fail the k-th operation, for once or, like a crash, for good.
type crashFS struct {
	mu     sync.Mutex
	names  map[string]*crashFile // as programs see them
	synced map[string]*crashFile // as the disk has them

	ops    int
	failAt int  // 0: never
	lasts  int  // how many operations fail; 0: one
	crash  bool // every operation after failAt fails too
}

type crashFile struct{ data, synced []byte }

func newCrashFS() *crashFS {
	return &crashFS{names: map[string]*crashFile{}, synced: map[string]*crashFile{}}
}

// step counts an operation, and fails it if it is its turn.
func (c *crashFS) step() error {
	c.ops++
	switch {
	case c.failAt == 0 || c.ops < c.failAt:
		return nil
	case c.crash:
		return errPower
	case c.ops < c.failAt+max(c.lasts, 1):
		return errInjected
	}
	return nil
}

func missing(op, name string) error { return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist} }

type crashReader struct{ *bytes.Reader }

func (crashReader) Close() error { return nil }

func (c *crashFS) Open(name string) (disk.Reader, int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.step(); err != nil {
		return nil, 0, err
	}
	f, ok := c.names[name]
	if !ok {
		return nil, 0, missing("open", name)
	}
	return crashReader{bytes.NewReader(bytes.Clone(f.data))}, int64(len(f.data)), nil
}

func (c *crashFS) Create(name string) (disk.Writer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.step(); err != nil {
		return nil, err
	}
	if _, ok := c.names[name]; ok {
		return nil, &fs.PathError{Op: "create", Path: name, Err: fs.ErrExist}
	}
	f := &crashFile{}
	c.names[name] = f
	return &crashWriter{c, f}, nil
}

func (c *crashFS) Append(name string) (disk.Writer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.step(); err != nil {
		return nil, err
	}
	f, ok := c.names[name]
	if !ok {
		f = &crashFile{}
		c.names[name] = f
	}
	return &crashWriter{c, f}, nil
}

type crashWriter struct {
	fs   *crashFS
	file *crashFile
}

// Write writes half of it before it fails.
func (w *crashWriter) Write(p []byte) (int, error) {
	w.fs.mu.Lock()
	defer w.fs.mu.Unlock()
	if err := w.fs.step(); err != nil {
		w.file.data = append(w.file.data, p[:len(p)/2]...)
		return len(p) / 2, err
	}
	w.file.data = append(w.file.data, p...)
	return len(p), nil
}

func (w *crashWriter) Sync() error {
	w.fs.mu.Lock()
	defer w.fs.mu.Unlock()
	if err := w.fs.step(); err != nil {
		return err
	}
	w.file.synced = bytes.Clone(w.file.data)
	return nil
}

func (w *crashWriter) Close() error {
	w.fs.mu.Lock()
	defer w.fs.mu.Unlock()
	return w.fs.step()
}

func (c *crashFS) Truncate(name string, size int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.step(); err != nil {
		return err
	}
	f, ok := c.names[name]
	if !ok {
		return missing("truncate", name)
	}
	f.data = bytes.Clone(f.data[:size])
	f.synced = bytes.Clone(f.data)
	return nil
}

func (c *crashFS) Rename(from, to string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.step(); err != nil {
		return err
	}
	f, ok := c.names[from]
	if !ok {
		return missing("rename", from)
	}
	if c.names[to] == f {
		return nil // as POSIX has it: both names stay
	}
	c.names[to] = f
	delete(c.names, from)
	return nil
}

func (c *crashFS) Link(from, to string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.step(); err != nil {
		return err
	}
	f, ok := c.names[from]
	if !ok {
		return missing("link", from)
	}
	c.names[to] = f
	return nil
}

func (c *crashFS) Remove(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.step(); err != nil {
		return err
	}
	if _, ok := c.names[name]; !ok {
		return missing("remove", name)
	}
	delete(c.names, name)
	return nil
}

func (c *crashFS) Names(dir string) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var names []string
	for name := range c.names {
		if filepath.Dir(name) == dir {
			names = append(names, filepath.Base(name))
		}
	}
	return names, c.step()
}

func (c *crashFS) SyncDir(string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.step(); err != nil {
		return err
	}
	c.synced = make(map[string]*crashFile, len(c.names))
	maps.Copy(c.synced, c.names)
	return nil
}

// A survival is what a crash leaves of what was not synced.
type survival struct {
	name     string
	newNames bool // creations, renames and removals since the folder was synced
	share    int  // percent of each file's content that was appended and not synced
}

var survivals = []survival{
	{"a killed process leaves all", true, 100},
	{"a power cut leaves what was synced", false, 0},
	{"names outlive content", true, 0},
	{"the last writes are torn", true, 50},
	{"old names, torn content", false, 50},
}

// afterCrash is what survives.
func (c *crashFS) afterCrash(dir string, s survival) *crashFS {
	c.mu.Lock()
	defer c.mu.Unlock()
	names := c.synced
	if s.newNames {
		names = c.names
	}
	after := newCrashFS()
	for name, f := range names {
		kept := min(len(f.synced), len(f.data))
		content := append(bytes.Clone(f.data[:kept]), f.data[kept:kept+(len(f.data)-kept)*s.share/100]...)
		name = filepath.Join(dir, filepath.Base(name))
		after.names[name] = &crashFile{data: content, synced: content}
		after.synced[name] = after.names[name]
	}
	return after
}

// toDisk writes all files to the folders that their names say.
func (c *crashFS) toDisk(t testing.TB) {
	t.Helper()
	for name, f := range c.names {
		if err := os.WriteFile(name, f.data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// hastyOS is the real file system without the waiting: no test cuts the power
// of the machine that it runs on.
type hastyOS struct{ disk.OS }

type hastyWriter struct{ disk.Writer }

func (hastyOS) SyncDir(string) error { return nil }
func (hastyWriter) Sync() error      { return nil }

func (h hastyOS) Create(name string) (disk.Writer, error) {
	w, err := h.OS.Create(name)
	return hastyWriter{w}, err
}

func (h hastyOS) Append(name string) (disk.Writer, error) {
	w, err := h.OS.Append(name)
	return hastyWriter{w}, err
}
