package sandbox

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// The file of a world is JSON Lines: the world without what there is much of,
// and then changes to it, each a line, until they are longer than the rest and
// the file is made anew. So a write to one of 100,000 orders costs one line.

// change is what happened to a world since the line before. What an order or an
// event is now stands in it as a whole.
type change struct {
	Serial    uint64   `json:"serial,omitempty"`
	Orders    []*order `json:"orders,omitempty"` // new ones, and those that differ
	Ledger    []Write  `json:"ledger,omitempty"`
	Scheduled []event  `json:"scheduled,omitempty"`
	Happened  int      `json:"happened,omitempty"` // events, the earliest, those just scheduled among them
}

// linesOf is how many orders, writes or events one line holds where a file is
// made anew.
const linesOf = 500

// spare is how much longer a file may become before it is made anew, however
// small its world.
const spare = 64 << 10

// worldFile is where a world is kept, and what of the world is not in it yet.
type worldFile struct {
	path string // "" keeps nothing
	size int64  // as this process knows it
	anew int64  // the size at which it is made anew

	all       bool // the file can't be gone on with
	orders    map[*order]bool
	ledger    int // how many of the world's writes are in the file
	scheduled []event
	happened  int
}

// touch notes that an order is new or differs.
func (f *worldFile) touch(o *order) {
	if f.path == "" {
		return
	}
	if f.orders == nil {
		f.orders = map[*order]bool{}
	}
	f.orders[o] = true
}

// behind reports whether the file lacks anything. The serial and the ledger
// never grow alone: what numbers an order adds it or schedules it, and a write
// touches its order.
func (f *worldFile) behind() bool {
	return f.all || len(f.orders) > 0 || len(f.scheduled) > 0 || f.happened > 0
}

// persist writes what changed since the file was last written. After a failure
// the next call tries again.
func (s *Sandbox) persist() error {
	f := &s.file
	if !f.behind() {
		return nil
	}
	if f.path != "" {
		if err := f.write(s.world); err != nil {
			return err
		}
	}
	*f = worldFile{path: f.path, size: f.size, anew: f.anew, ledger: len(s.world.Ledger)}
	return nil
}

func (f *worldFile) write(w *world) error {
	if !f.all {
		line, err := json.Marshal(f.change(w))
		if err != nil {
			return fmt.Errorf("sandbox: %w", err)
		}
		if f.size+int64(len(line)) < f.anew && f.append(append(line, '\n')) == nil {
			return nil
		}
		f.all = true // whatever stopped it could have left a part of the line
	}
	size, err := replaceFile(f.path, w.encode)
	if err != nil {
		return fmt.Errorf("sandbox: the world could not be kept: %w", err)
	}
	f.size, f.anew = size, 2*size+spare
	return nil
}

func (f *worldFile) change(w *world) change {
	c := change{Serial: w.Serial, Ledger: w.Ledger[f.ledger:], Scheduled: f.scheduled, Happened: f.happened}
	for o := range f.orders {
		c.Orders = append(c.Orders, o)
	}
	slices.SortFunc(c.Orders, func(a, b *order) int { return cmp.Compare(a.Serial, b.Serial) })
	return c
}

var errOtherFile = errors.New("the file is not as it was left")

// append writes one line. A file that is not there any more, or that another
// process wrote, is not gone on with.
func (f *worldFile) append(line []byte) error {
	file, err := os.OpenFile(f.path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil && info.Size() != f.size {
		err = errOtherFile
	}
	if err == nil {
		_, err = file.Write(line)
	}
	if err = errors.Join(err, file.Close()); err == nil {
		f.size += int64(len(line))
	}
	return err
}

// encode writes the whole world.
func (w *world) encode(out io.Writer) error {
	lines := json.NewEncoder(out)
	head := *w
	head.Version, head.Orders, head.Ledger, head.Events = worldVersion, nil, nil, nil
	err := lines.Encode(head)
	for orders := range slices.Chunk(w.Orders, linesOf) {
		err = errors.Join(err, lines.Encode(change{Orders: orders}))
	}
	for ledger := range slices.Chunk(w.Ledger, linesOf) {
		err = errors.Join(err, lines.Encode(change{Ledger: ledger}))
	}
	for events := range slices.Chunk(w.Events, linesOf) {
		err = errors.Join(err, lines.Encode(change{Scheduled: events}))
	}
	return err
}

// replaceFile puts what write writes in the place of a file: a reader, or a
// process that is killed, leaves a whole old or a whole new one. It does not
// sync: a world that a power failure takes can be made again.
func replaceFile(file string, write func(io.Writer) error) (size int64, err error) {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, err
	}
	temp, err := os.CreateTemp(dir, "."+filepath.Base(file)+".*") // mode 0600
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name()) // what failed before is what matters
		}
	}()
	out := bufio.NewWriterSize(temp, 1<<16)
	if err = write(out); err == nil {
		err = out.Flush()
	}
	if err == nil {
		size, err = temp.Seek(0, io.SeekCurrent)
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return 0, err
	}
	return size, os.Rename(temp.Name(), file)
}
