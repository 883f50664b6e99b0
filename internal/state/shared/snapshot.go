package shared

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"hash/fnv"
	"io"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

const (
	// largestValue is how long a value is at most, and shortText how long a text is that
	// stands in a record.
	largestValue = 1 << 20
	shortText    = 1 << 15
	// shortValue is how long the last value of a part is before another one is begun.
	shortValue = 1 << 18
	// longBytes and longRecords are after how much a long run makes a snapshot.
	longBytes, longRecords = 4 << 20, 300
	// cutMask cuts the orders into values at lines that their content chooses: a
	// change changes the value that it is in and no other.
	cutMask = 1<<11 - 1
)

// taken is a snapshot that is being made: the values are in the place, and what was
// added since is in the working copies.
type taken struct {
	l       *lease
	content map[string]saved
}

type saved struct {
	path   string
	values []sharedlog.Value
	size   int64
}

// takeSnapshot puts the values of all parts. It takes no turn: other records may be
// appended meanwhile.
func (l *lease) takeSnapshot(ctx context.Context) (*taken, error) {
	t := &taken{l, map[string]saved{}}
	l.b.mu.Lock()
	for name, p := range l.b.view.all {
		t.content[name] = saved{p.path, p.values, p.size - p.unrecorded}
	}
	l.b.mu.Unlock()
	for name, s := range t.content {
		if name == lateName || s.size <= shortText && name != sharedlog.StatePart {
			t.content[name] = saved{path: s.path} // it stands in the record
			continue
		}
		kept, size := l.keptValues(s)
		r, _, err := disk.OS{}.Open(s.path)
		if err != nil {
			return nil, err
		}
		more, err := l.putFile(ctx, r, size, s.size)
		if err = errors.Join(err, r.Close()); err != nil {
			return nil, err
		}
		s.values = append(kept, more...)
		t.content[name] = s
	}
	return t, nil
}

// keptValues are the values at the beginning of a part that need not be put again:
// the last snapshot names them. A short last one is put again, with what was added.
func (l *lease) keptValues(s saved) (kept []sharedlog.Value, size int64) {
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	for i, v := range s.values {
		if !l.inPlaceLocked(v.Hash) || i == len(s.values)-1 && v.Size < shortValue && size+v.Size < s.size {
			break
		}
		kept, size = append(kept, v), size+v.Size
	}
	return kept, size
}

// record is the snapshot behind the present end of the log. The caller holds the
// backend's lock.
func (t *taken) record(changes []sharedlog.Change) (*sharedlog.Record, error) {
	v := t.l.b.view
	r := &sharedlog.Record{Kind: sharedlog.Snapshot, Changes: changes, Reason: t.l.reason}
	for name, p := range v.all {
		s, ok := t.content[name]
		if !ok || s.path != p.path { // it was replaced meanwhile
			s = saved{values: p.values, size: sizeOf(p.values)}
		}
		c := sharedlog.Content{Part: name, Values: s.values}
		file, size, err := v.open(name)
		if err != nil {
			return nil, err
		}
		rest := make([]byte, size-p.unrecorded-s.size)
		_, err = file.ReadAt(rest, s.size)
		if errors.Is(err, io.EOF) {
			err = nil
		}
		if err = errors.Join(err, file.Close()); err != nil {
			return nil, err
		}
		said := addition(name, rest)
		c.Text, c.Bytes = said.Text, said.Bytes
		r.Content = append(r.Content, c)
	}
	slices.SortFunc(r.Content, func(a, b sharedlog.Content) int { return strings.Compare(a.Part, b.Part) })
	if n := len(v.Snapshots); n > 0 {
		r.Older = v.Snapshots[n-1].N
	}
	var err error
	r.Fold, err = v.encode()
	return r, err
}

// snapshotIfLong makes a snapshot in a long run, so that the next reader need not
// read all its records.
func (l *lease) snapshotIfLong() {
	l.b.mu.Lock()
	long := l.b.view != nil && l.b.view.long()
	l.b.mu.Unlock()
	if !long || !l.saving.TryLock() {
		return
	}
	defer l.saving.Unlock()
	ctx, cancel := l.bounded()
	defer cancel()
	t, err := l.takeSnapshot(ctx)
	if err == nil {
		err = l.append(ctx, func() (*sharedlog.Record, error) { return t.record(nil) }, nil)
	}
	if err != nil {
		l.rest(pollTime) // nothing depends on it; the next lines try again
	}
}

// putFile puts a part of a file as values that end with lines.
func (l *lease) putFile(ctx context.Context, r io.ReaderAt, from, to int64) ([]sharedlog.Value, error) {
	return putLines(io.NewSectionReader(r, from, to-from), func(data []byte) (sharedlog.Value, error) { return l.putValue(ctx, data) })
}

// putLines puts lines as values.
func putLines(r io.Reader, putOne func(data []byte) (sharedlog.Value, error)) ([]sharedlog.Value, error) {
	puts := newPuts(putOne)
	lines := bufio.NewReaderSize(r, 1<<16)
	var value bytes.Buffer
	put := func() {
		if value.Len() > 0 {
			puts.add(bytes.Clone(value.Bytes()))
			value.Reset()
		}
	}
	for {
		line, err := disk.ReadLine(lines)
		for len(line) > 0 {
			if value.Len()+len(line) > largestValue && value.Len() > 0 {
				put()
			}
			n := min(len(line), largestValue)
			value.Write(line[:n])
			cut := n == len(line) && value.Len() >= shortValue && cutsBehind(line)
			line = line[n:]
			if cut {
				put()
			}
		}
		if errors.Is(err, io.EOF) {
			put()
			return puts.done()
		}
		if err != nil {
			_, failed := puts.done()
			return nil, errors.Join(err, failed)
		}
	}
}

func cutsBehind(line []byte) bool {
	sum := fnv.New32a()
	_, _ = sum.Write(line)
	return sum.Sum32()&cutMask == 0
}

// putText puts a text as values.
func (l *lease) putText(ctx context.Context, text []byte) ([]sharedlog.Value, error) {
	return l.putFile(ctx, bytes.NewReader(text), 0, int64(len(text)))
}

// putValue puts a value that is not certainly there.
func (l *lease) putValue(ctx context.Context, data []byte) (sharedlog.Value, error) {
	hash := sharedlog.HashOf(data)
	l.b.mu.Lock()
	inPlace := l.inPlaceLocked(hash)
	l.b.mu.Unlock()
	if inPlace {
		return sharedlog.Value{Hash: hash, Size: int64(len(data))}, nil
	}
	named, err := l.b.values.put(ctx, data)
	if err == nil {
		l.b.mu.Lock()
		l.fresh[hash] = true
		l.b.mu.Unlock()
	}
	return named, caused(ctx, err)
}

// inPlaceLocked reports whether a value is certainly there, and stays: the last
// snapshot names it, or this lease put it since.
func (l *lease) inPlaceLocked(hash string) bool { return l.b.view.named[hash] || l.fresh[hash] }
