package state

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
)

// keepFor is how long closed orders and finished plans are remembered.
const keepFor = 400 * 24 * time.Hour

// closedLine is one line of the file of closed orders. Its first two members
// are hashes of the order's two names, at fixed places, so that opening a file
// of any length decodes no line of it.
type closedLine struct {
	KeyHash    string `json:"k"`
	NumberHash string `json:"n"`
	Removed    bool   `json:"removed,omitempty"` // takes an earlier line back

	Endpoint     string       `json:"endpoint"`
	Account      string       `json:"account"`
	ID           string       `json:"id"`
	Source       string       `json:"source,omitempty"`
	SourceNumber string       `json:"source_order_number,omitempty"`
	Wanted       storedValues `json:"wanted,omitzero"`
	ClosedAt     time.Time    `json:"closed_at"`
}

const (
	closedKeyAt    = len(`{"k":"`)
	closedNumberAt = closedKeyAt + 16 + len(`","n":"`)
	closedNamesEnd = closedNumberAt + 16 + len(`"`)
	closedRemoved  = `,"removed":true`
)

// closedOrders finds closed orders in their file. It holds 16 bytes and a
// map's overhead for each name of an order; lines are decoded when asked for.
// A line that can't be read costs calls, since its order is then read from the
// API again; it is never a reason to stop.
type closedOrders struct {
	files FS
	path  string

	byKey    map[uint64]int64 // hash of the key → offset of the line
	byNumber map[uint64]int64
	lines    int
	oldest   time.Time // of the first line
	end      int64     // where the last whole line ends
	size     int64     // where the file ends

	pending map[Key]closedChange // not in the file yet
	numbers map[numberKey]Key    // of pending
}

type closedChange struct {
	entry   ClosedEntry
	removed bool
}

func openClosed(files FS, path string) (*closedOrders, []Notice, error) {
	c := &closedOrders{files: files, path: path}
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
	c.byKey, c.byNumber = map[uint64]int64{}, map[uint64]int64{}
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
		if bytes.HasPrefix(text[closedNamesEnd:], []byte(closedRemoved)) {
			delete(c.byKey, key)
			return nil
		}
		c.byKey[key], c.byNumber[number] = offset, offset
		if c.oldest.IsZero() {
			if line, err := decodeClosed(text); err == nil {
				c.oldest = line.ClosedAt
			}
		}
		return nil
	})
	if err != nil || (damaged == 0 && c.end == c.size) {
		return nil, err
	}
	if c.end < c.size {
		damaged++
	}
	return []Notice{{c.path, fmt.Sprintf("%d lines are damaged or cut off; their orders are read from the API again", damaged)}}, nil
}

// scan calls visit for each whole line of the file.
func (c *closedOrders) scan(visit func(offset int64, text []byte) error) error {
	r, size, err := c.files.Open(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	c.size = size
	lines := bufio.NewReaderSize(io.LimitReader(r, size), 1<<18)
	for offset := int64(0); ; {
		text, err := lines.ReadBytes('\n')
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
	offset, ok := c.byKey[k.hash()]
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
	offset, ok := c.byNumber[number.hash()]
	if !ok {
		return ClosedEntry{}, false
	}
	e, ok := c.read(offset)
	if !ok || number != numberKeyOf(e.Endpoint, e.Account, e.Ref.Source, e.Ref.SourceNumber) {
		return ClosedEntry{}, false
	}
	return c.find(e.Key)
}

// read decodes the line at an offset. Another process may have rewritten the
// file meanwhile; then the checksum or the name does not fit, and nothing is
// found.
func (c *closedOrders) read(offset int64) (ClosedEntry, bool) {
	r, size, err := c.files.Open(c.path)
	if err != nil {
		return ClosedEntry{}, false
	}
	defer r.Close() //nolint:errcheck // only read
	text, err := bufio.NewReaderSize(io.NewSectionReader(r, offset, size-offset), 1024).ReadBytes('\n')
	if err != nil || !sealed(text[:len(text)-1]) {
		return ClosedEntry{}, false
	}
	line, err := decodeClosed(text)
	if err != nil || line.Removed {
		return ClosedEntry{}, false
	}
	k := Key{line.Endpoint, line.Account, line.ID}
	return ClosedEntry{
		Key: k, Ref: refOf(k, line.Source, line.SourceNumber),
		Wanted: order.Values(line.Wanted), ClosedAt: line.ClosedAt,
	}, true
}

func (c *closedOrders) add(e ClosedEntry) {
	c.pending[e.Key] = closedChange{entry: e}
	if e.Ref.SourceNumber != "" {
		c.numbers[numberKeyOf(e.Endpoint, e.Account, e.Ref.Source, e.Ref.SourceNumber)] = e.Key
	}
}

func (c *closedOrders) remove(k Key) {
	if e, ok := c.find(k); ok {
		c.pending[k] = closedChange{entry: e, removed: true}
	}
}

func decodeClosed(text []byte) (closedLine, error) {
	var line closedLine
	err := json.Unmarshal(text, &line)
	return line, err
}

// closedNames reads the hashes of a line's names.
func closedNames(text []byte) (key, number uint64, ok bool) {
	if len(text) < closedNamesEnd || !sealed(text) {
		return 0, 0, false
	}
	key, err := strconv.ParseUint(string(text[closedKeyAt:closedKeyAt+16]), 16, 64)
	if err != nil {
		return 0, 0, false
	}
	number, err = strconv.ParseUint(string(text[closedNumberAt:closedNumberAt+16]), 16, 64)
	return key, number, err == nil
}

func (k Key) hash() uint64 { return hashNames(k.Endpoint, k.Account, k.ID) }

func (n numberKey) hash() uint64 { return hashNames(n.endpoint, n.account, n.source, n.number) }

func hashNames(names ...string) uint64 {
	h := fnv.New64a()
	for _, name := range names {
		_, _ = io.WriteString(h, name) // a hash takes everything
		h.Write([]byte{0})
	}
	return h.Sum64()
}

func hashText(hash uint64) string {
	return hex.EncodeToString(binary.BigEndian.AppendUint64(nil, hash))
}
