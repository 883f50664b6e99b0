package state

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// keepFor is how long closed orders and finished plans are remembered. That an order was
// inserted is never forgotten: its table can be read at any time.
const keepFor = 400 * 24 * time.Hour

// closedOrders finds closed orders in their file. Lines are decoded when asked
// for.
// A line that can't be read costs calls, since its order is then read from the
// API again; it is never a reason to stop.
type closedOrders struct {
	backend backend.Backend

	byKey    closedIndex
	byNumber closedIndex
	lines    int
	oldest   time.Time // of the first line
	end      int64     // where the last whole line ends
	size     int64     // where the file ends

	reading sync.Mutex  // guards the three below: several may look up at a time
	holders int         // who keeps the file open between two look-ups
	opened  disk.Reader // the file, while somebody does
	line    []byte      // a line of it

	pending map[Key]closedChange // not in the file yet
	numbers map[numberKey]Key    // of pending
}

type closedChange struct {
	entry   ClosedEntry
	removed bool
}

func openClosed(b backend.Backend) (*closedOrders, []Notice, error) {
	c := &closedOrders{backend: b}
	c.forgetPending()
	notices, err := c.load()
	return c, notices, err
}

func (c *closedOrders) forgetPending() {
	c.pending = map[Key]closedChange{}
	c.numbers = map[numberKey]Key{}
}

// load reads the names of all lines.
func (c *closedOrders) load() ([]Notice, error) {
	if err := c.letGo(); err != nil {
		return nil, err
	}
	var keys, numbers []closedPlace
	c.lines, c.oldest, c.end, c.size = 0, time.Time{}, 0, 0
	damaged := 0
	err := c.scan(func(offset int64, text []byte) error {
		c.lines++
		c.end = offset + int64(len(text)) + 1
		key, number, ok := closedNames(text)
		if !ok {
			damaged++
			return nil
		}
		if keys == nil {
			keys, numbers = c.roomFor(len(text)), c.roomFor(len(text))
		}
		gone := bytes.HasPrefix(text[closedNamesEnd:], []byte(closedRemoved))
		keys = append(keys, placeAt(key, offset, gone))
		if gone {
			return nil
		}
		if keptForEver(text) {
			return nil
		}
		numbers = append(numbers, placeAt(number, offset, false))
		if c.oldest.IsZero() {
			if line, err := decodeClosed(text); err == nil {
				c.oldest = line.ClosedAt
			}
		}
		return nil
	})
	c.byKey, c.byNumber = newClosedIndex(keys), newClosedIndex(numbers)
	if err != nil || (damaged == 0 && c.end == c.size) {
		return nil, err
	}
	if c.end < c.size {
		damaged++
	}
	return []Notice{{c.backend.Name(backend.Closed), fmt.Sprintf("%d lines are damaged or cut off; their orders are read from the API again", damaged)}}, nil
}

// roomFor is room for the lines of the file, if they are about that long.
func (c *closedOrders) roomFor(line int) []closedPlace {
	return make([]closedPlace, 0, int(c.size)/line+1)
}

// scan calls visit for each whole line of the file; the text is visit's until it
// returns.
func (c *closedOrders) scan(visit func(offset int64, text []byte) error) error {
	r, size, err := c.backend.Open(backend.Closed)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	c.size = size
	lines := bufio.NewReaderSize(io.LimitReader(r, size), 1<<18)
	for offset := int64(0); ; {
		text, err := disk.ReadLine(lines)
		if err != nil { // what has no line end is not whole
			if !errors.Is(err, io.EOF) {
				return errors.Join(err, r.Close())
			}
			return r.Close()
		}
		if err := visit(offset, text[:len(text)-1]); err != nil {
			return errors.Join(err, r.Close())
		}
		offset += int64(len(text))
	}
}

func (c *closedOrders) find(k Key) (ClosedEntry, bool) {
	if change, ok := c.pending[k]; ok {
		return change.entry, !change.removed
	}
	offset, ok := c.byKey.find(k.hash())
	if !ok {
		return ClosedEntry{}, false
	}
	e, ok := c.read(offset)
	return e, ok && e.Key == k
}

// findNumber looks a closed order up by the marketplace's number. The line that
// is found counts only while it is the latest of its order.
func (c *closedOrders) findNumber(number numberKey) (ClosedEntry, bool) {
	if k, ok := c.numbers[number]; ok {
		return c.find(k)
	}
	offset, ok := c.byNumber.find(number.hash())
	if !ok {
		return ClosedEntry{}, false
	}
	e, ok := c.read(offset)
	if !ok || number != numberKeyOf(e.Endpoint, e.Account, e.Ref.Source, e.Ref.SourceNumber) {
		return ClosedEntry{}, false
	}
	if _, changed := c.pending[e.Key]; !changed {
		if latest, ok := c.byKey.find(e.Key.hash()); ok && latest == offset {
			return e, true // without reading the line again
		}
	}
	return c.find(e.Key)
}

// read decodes the line at an offset. Another process may have rewritten the
// file meanwhile; then the checksum or the name does not fit, and nothing is
// found.
func (c *closedOrders) read(offset int64) (ClosedEntry, bool) {
	c.reading.Lock()
	defer c.reading.Unlock()
	if c.holders == 0 || runtime.GOOS == "windows" { // which renames no file that is open
		defer c.letGoLocked() //nolint:errcheck // only read
	}
	text, ok := c.lineAtLocked(offset)
	if !ok || !sealed(text) {
		return ClosedEntry{}, false
	}
	line, err := decodeClosed(text)
	if err != nil || line.Removed {
		return ClosedEntry{}, false
	}
	k := Key{line.Endpoint, line.Account, line.ID}
	return ClosedEntry{
		Key: k, Ref: refOf(k, line.Source, line.SourceNumber),
		Wanted: order.Values(line.Wanted), Sent: line.Sent, ClosedAt: line.ClosedAt, OrderID: line.OrderID, AuditLine: line.AuditLine,
	}, true
}

// lineAtLocked reads the line at an offset, without its end.
func (c *closedOrders) lineAtLocked(offset int64) ([]byte, bool) {
	if c.opened == nil {
		r, _, err := c.backend.Open(backend.Closed)
		if err != nil {
			return nil, false
		}
		c.opened = r
	}
	for size := max(cap(c.line), 1<<10); ; size *= 4 {
		c.line = slices.Grow(c.line[:0], size)
		n, err := c.opened.ReadAt(c.line[:size], offset)
		if end := bytes.IndexByte(c.line[:n], '\n'); end >= 0 {
			return c.line[:end], true
		}
		if err != nil {
			return nil, false
		}
	}
}

// hold adds to those who keep the file open. When the last one ends, it is closed.
func (c *closedOrders) hold(n int) {
	c.reading.Lock()
	defer c.reading.Unlock()
	if c.holders += n; c.holders == 0 {
		_ = c.letGoLocked() // it was only read
	}
}

// letGo closes the file, which is about to be another one.
func (c *closedOrders) letGo() error {
	c.reading.Lock()
	defer c.reading.Unlock()
	return c.letGoLocked()
}

func (c *closedOrders) letGoLocked() error {
	if c.opened == nil {
		return nil
	}
	err := c.opened.Close()
	c.opened = nil
	return err
}

func (c *closedOrders) add(e ClosedEntry) {
	c.pending[e.Key] = closedChange{entry: e}
	if e.Ref.SourceNumber != "" && !order.IsInsertID(e.ID) {
		c.numbers[numberKeyOf(e.Endpoint, e.Account, e.Ref.Source, e.Ref.SourceNumber)] = e.Key
	}
}

func (c *closedOrders) remove(k Key) {
	if e, ok := c.find(k); ok {
		c.pending[k] = closedChange{entry: e, removed: true}
	}
}
