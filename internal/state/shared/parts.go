package shared

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"unicode/utf8"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// partNames are what records call the parts.
var partNames = map[backend.Part]string{
	backend.Snapshot: sharedlog.StatePart, backend.Journal: journalName, backend.Closed: closedName, backend.Audit: auditName,
	backend.SignedHead: sharedlog.HeadPart, backend.Late: lateName,
}

// parts are the working copies of all parts as of one moment.
type parts struct {
	work *workspace
	all  map[string]*part
}

// part is the working copy of one part. Whoever has opened it goes on reading what it
// was: it is only added to, and replaced by another file.
type part struct {
	path   string
	size   int64
	values []sharedlog.Value // of a snapshot, that its beginning consists of

	unrecorded int64 // how much of its end is in no record yet
}

func (ps *parts) open(name string) (disk.Reader, int64, error) {
	p, ok := ps.all[name]
	if !ok {
		return nil, 0, fs.ErrNotExist
	}
	r, size, err := disk.OS{}.Open(p.path)
	if err != nil {
		return nil, 0, err
	}
	if size < p.size {
		return nil, 0, errors.Join(errors.New("a working copy was changed by something other than gdfctl"), r.Close())
	}
	return r, p.size, nil
}

// create begins a part with an empty file, instead of what is there.
func (ps *parts) create(name string) (*part, error) {
	p := &part{path: ps.work.file(name)}
	f, err := disk.OS{}.Create(p.path)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	ps.all[name] = p
	return p, nil
}

// add adds to the end of a part, which it makes if it is not there.
func (ps *parts) add(name string, text []byte) error {
	p, ok := ps.all[name]
	if !ok {
		var err error
		if p, err = ps.create(name); err != nil {
			return err
		}
	}
	if len(text) == 0 {
		return nil
	}
	f, err := disk.OpenPlain(p.path, os.O_WRONLY)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(text, p.size)
	if err = errors.Join(err, f.Close()); err == nil {
		p.size += int64(len(text))
	}
	return err
}

// adopt makes a file that was written a part.
func (ps *parts) adopt(name, path string, size int64, values []sharedlog.Value) {
	ps.remove(name)
	ps.all[name] = &part{path: path, size: size, values: values}
}

// truncate leaves the beginning of a part, in another file: a reader may have the
// present one open.
func (ps *parts) truncate(name string, size int64) error { return ps.cut(name, 0, size) }

// drop removes the beginning of a part; nothing is left of one that is dropped whole.
func (ps *parts) drop(name string, size int64) error {
	p, ok := ps.all[name]
	if !ok || size >= p.size {
		ps.remove(name)
		return nil
	}
	return ps.cut(name, size, p.size)
}

func (ps *parts) cut(name string, from, to int64) error {
	p, ok := ps.all[name]
	if !ok {
		return fs.ErrNotExist
	}
	to = min(to, p.size)
	old, err := os.Open(p.path)
	if err != nil {
		return err
	}
	path := ps.work.file(name)
	err = writeFile(path, func(w io.Writer) error {
		_, err := io.Copy(w, io.NewSectionReader(old, from, to-from))
		return err
	})
	if err = errors.Join(err, old.Close()); err != nil {
		return err
	}
	var kept []sharedlog.Value
	for n := int64(0); from == 0 && len(kept) < len(p.values) && n+p.values[len(kept)].Size <= to; {
		n += p.values[len(kept)].Size
		kept = append(kept, p.values[len(kept)])
	}
	ps.adopt(name, path, to-from, kept)
	return nil
}

func (ps *parts) remove(name string) {
	if p, ok := ps.all[name]; ok {
		delete(ps.all, name)
		_ = os.Remove(p.path) // it is a working copy, and goes with its folder
	}
}

// writeFile writes a private file. It is not synced: a working copy is made again.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := disk.OS{}.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// sizeOf is how many bytes values are.
func sizeOf(values []sharedlog.Value) (size int64) {
	for _, v := range values {
		size += v.Size
	}
	return size
}

// addition is a change that adds text to a part.
func addition(name string, text []byte) sharedlog.Change {
	c := sharedlog.Change{Part: name, Do: sharedlog.Add}
	if utf8.Valid(text) {
		c.Text = string(text)
	} else {
		c.Bytes = text
	}
	return c
}

func added(c *sharedlog.Change) []byte {
	if c.Bytes != nil {
		return c.Bytes
	}
	return []byte(c.Text)
}
