package audit

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// inMemory is a log that is nowhere but in memory.
type inMemory struct{ data []byte }

func (*inMemory) String() string { return "the log" }

func (m *inMemory) Open() (disk.Reader, int64, error) {
	return reader{bytes.NewReader(m.data)}, int64(len(m.data)), nil
}

func (m *inMemory) Append() (disk.Writer, error) { return m, nil }

func (m *inMemory) Truncate(size int64) error {
	m.data = m.data[:size]
	return nil
}

func (*inMemory) Rotate(time.Time, int) (string, error) { return "", nil }

func (m *inMemory) Write(p []byte) (int, error) {
	m.data = append(m.data, p...)
	return len(p), nil
}

func (*inMemory) Sync() error  { return nil }
func (*inMemory) Close() error { return nil }

type reader struct{ *bytes.Reader }

func (reader) Close() error { return nil }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// shipped is the entry of the nth order.
func shipped(n int) Entry {
	ref := order.Ref{ID: fmt.Sprintf("order%d", n), Source: "Amazon", SourceNumber: fmt.Sprintf("112-%07d-1234567", n)}
	number, tracking := fmt.Sprintf("O%d", n), fmt.Sprintf("1Z%d", n)
	return Entry{
		At: noon.Add(time.Duration(n) * time.Second), RunID: "run-1", Seq: uint64(n), Account: "main",
		Order: &Order{Ref: ref, OrderNumber: number, Tracking: tracking}, Action: string(order.Ship), Result: order.Done,
		Before: &order.Values{Status: order.Processing, OrderNumber: number},
		After:  &order.Values{Status: order.Shipped, OrderNumber: number, Tracking: tracking},
	}
}

// logOf is a log of n orders that were shipped, and its lines.
func logOf(t testing.TB, n int) (*inMemory, [][]byte) {
	t.Helper()
	storage := &inMemory{}
	log, notice, err := Open(storage, nil)
	must(t, err)
	for i := range n {
		must(t, log.Append(shipped(i+1)))
	}
	must(t, errors.Join(log.Sync(), log.Close()))
	if notice != "" {
		t.Error(notice)
	}
	lines := bytes.SplitAfter(storage.data, []byte("\n"))
	return storage, lines[:n]
}

// Whatever one byte of the log becomes, it does not verify.
func TestVerifySeesEveryByte(t *testing.T) {
	whole, lines := logOf(t, 3)
	head := headOf(t, lines[2])
	rapid.Check(t, func(t *rapid.T) {
		data := bytes.Clone(whole.data)
		i := rapid.IntRange(0, len(data)-1).Draw(t, "byte")
		data[i] = rapid.Byte().Filter(func(b byte) bool { return b != data[i] }).Draw(t, "becomes")
		if _, err := Verify(&inMemory{data: data}, head, head); err == nil {
			t.Fatalf("byte %d: %q instead of %q", i, data[i], whole.data[i])
		}
	})
}

// No text makes verifying or listing fall over, and one that verifies can be
// gone on with.
func FuzzAudit(f *testing.F) {
	whole, lines := logOf(f, 2)
	f.Add(whole.data)
	f.Add(bytes.TrimSuffix(lines[0], []byte("\n")))
	f.Fuzz(func(t *testing.T, data []byte) {
		storage := &inMemory{data: data}
		before, err := Verify(storage, Head{}, Head{})
		for range List(storage, Filter{Any: "order1"}) {
			continue
		}
		if err != nil {
			return
		}
		log, _, err := Open(storage, nil)
		must(t, err)
		must(t, log.Append(Entry{Action: Gap}))
		if now, err := Verify(storage, Head{}, Head{}); err != nil || now.Lines != before.Lines+1 {
			t.Fatalf("%+v, %v", now, err)
		}
	})
}
