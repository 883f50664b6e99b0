package state

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
)

// closing closes order n at a time.
func closing(x *Session, n int, at time.Time) ClosedEntry {
	e := ClosedEntry{Key: testKey(n), Ref: testRef(n), Wanted: shippedValues(n), ClosedAt: at}
	if open, ok := x.State().Entry(e.Key); ok {
		e.Sent = open.Sent()
	}
	x.Observe(Observation{
		Key: e.Key, Ref: e.Ref, Created: noon, Observed: Observed{Values: e.Wanted, SourceStatus: order.Shipped, At: at},
		Verified: true, Closed: &e.Wanted,
	})
	return e
}

func TestClosedOrders(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	applied(t, x, 1)
	applied(t, x, 2)
	want := closing(x, 1, noon)
	look := func(state *State) {
		t.Helper()
		got, ok := state.Closed(testKey(1))
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%v %s", ok, diff)
		}
		got, ok = state.ClosedBySourceNumber(testKey(1).Endpoint, "main", " amazon", testRef(1).SourceNumber)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("by number: %v %s", ok, diff)
		}
		if _, ok := state.Entry(testKey(1)); ok {
			t.Error("it is still open")
		}
		if _, ok := state.Closed(testKey(2)); ok {
			t.Error("an open order is closed")
		}
		if _, ok := state.ClosedBySourceNumber(testKey(1).Endpoint, "other", "Amazon", testRef(1).SourceNumber); ok {
			t.Error("another account's order is closed")
		}
	}
	look(x.State())
	must(t, x.Commit())
	want.AuditLine = 2
	look(x.State())
	got, _, err := s.Read()
	must(t, err)
	look(got)

	// Taken up again, it is open; closed again, the later line counts.
	mustIntend(t, x, shipping(1))
	if _, ok := x.State().Closed(testKey(1)); ok {
		t.Error("an order with an open call is closed")
	}
}

func TestClosedAgain(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	closing(x, 1, noon)
	must(t, x.Commit())
	again := shippedValues(1)
	again.Tracking = "1Z-corrected"
	x.Observe(Observation{
		Key: testKey(1), Ref: testRef(1), Created: noon, Observed: Observed{Values: again, At: noon},
		Verified: true, Closed: &again,
	})
	must(t, x.Commit())
	got, _, err := s.Read()
	must(t, err)
	if e, ok := got.Closed(testKey(1)); !ok || e.Wanted.Tracking != "1Z-corrected" {
		t.Errorf("%+v", e)
	}
}

// A line that can't be read costs a call for its order, and nothing else.
func TestDamagedClosedOrders(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	for n := range 3 {
		closing(x, n, noon)
	}
	must(t, x.Commit())
	must(t, x.Close())
	data, err := os.ReadFile(files(s).Closed)
	must(t, err)
	data = bytes.Replace(data, []byte("1Z1"), []byte("1Z2"), 1)
	data = append(data, `{"k":"torn`...)
	must(t, os.WriteFile(files(s).Closed, data, 0o600))

	x = mustLock(t, s)
	if !noticed(x.Notices(), "2 lines are damaged or cut off") {
		t.Errorf("notices: %v", x.Notices())
	}
	closing(x, 3, noon)
	must(t, x.Commit())
	got, _, err := s.Read()
	must(t, err)
	for n, want := range []bool{true, false, true, true} {
		if _, ok := got.Closed(testKey(n)); ok != want {
			t.Errorf("order %d: closed %v", n, ok)
		}
	}
}

func TestClosedOrdersGrowOld(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	closing(x, 1, noon.Add(-500*24*time.Hour))
	closing(x, 2, noon.Add(-410*24*time.Hour))
	closing(x, 3, noon.Add(-399*24*time.Hour))
	must(t, x.Commit())
	for n, want := range map[int]bool{1: false, 2: false, 3: true} {
		if _, ok := x.State().Closed(testKey(n)); ok != want {
			t.Errorf("order %d: closed %v", n, ok)
		}
	}
	if data, _ := os.ReadFile(files(s).Closed); bytes.Count(data, []byte("\n")) != 1 {
		t.Errorf("the file:\n%s", data)
	}
}

// The file of closed orders behaves like a map, whatever is closed and removed
// in which order, and however often it is saved, opened and rewritten.
func TestClosedOrdersAreAMap(t *testing.T) {
	files := newCrashFS()
	b, lease := leaseOn(t, files)
	rapid.Check(t, func(t *rapid.T) {
		clear(files.names)
		c, _, err := openClosed(b)
		want := map[Key]ClosedEntry{}
		for step := range rapid.IntRange(1, 30).Draw(t, "steps") {
			n := rapid.IntRange(0, 5).Draw(t, "order")
			e := ClosedEntry{Key: testKey(n), Ref: testRef(n), Wanted: shippedValues(step), ClosedAt: noon}
			switch rapid.SampledFrom([]string{"close", "remove", "save", "open", "rewrite"}).Draw(t, "step") {
			case "close":
				c.add(e)
				want[e.Key] = e
			case "remove":
				c.remove(e.Key)
				delete(want, e.Key)
			case "save":
				err = c.save(lease, noon, 0)
			case "open":
				if err = c.save(lease, noon, 0); err == nil {
					c, _, err = openClosed(b)
				}
			case "rewrite":
				if err = c.save(lease, noon, 0); err == nil {
					err = c.rewrite(lease, noon.Add(-time.Hour))
				}
				if err == nil {
					_, err = c.load()
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			for n := range 6 {
				got, ok := c.find(testKey(n))
				byNumber, okNumber := c.findNumber(numberKeyOf(testKey(n).Endpoint, "main", "Amazon", testRef(n).SourceNumber))
				wanted, open := want[testKey(n)]
				if ok != open || okNumber != open {
					t.Fatalf("order %d: found %v and %v, want %v", n, ok, okNumber, open)
				}
				if open && (!cmp.Equal(got, wanted) || !cmp.Equal(byNumber, wanted)) {
					t.Fatal(cmp.Diff(wanted, got), cmp.Diff(wanted, byNumber))
				}
			}
		}
	})
}

func BenchmarkOpenClosed100k(b *testing.B) {
	kept, lease := leaseOn(b, newCrashFS())
	c, _, err := openClosed(kept)
	must(b, err)
	for n := range 100_000 {
		c.add(ClosedEntry{Key: testKey(n), Ref: testRef(n), Wanted: shippedValues(n), ClosedAt: noon})
	}
	must(b, c.save(lease, noon, 0))
	for b.Loop() {
		c, _, err := openClosed(kept)
		if _, ok := c.find(testKey(77)); !ok || err != nil {
			b.Fatal(fmt.Errorf("not found: %w", err))
		}
	}
}

// The file holds hashes: they are FNV-1a for ever.
func TestNamesAreHashedAsEver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOf(rapid.String()).Draw(t, "names")
		want := fnv.New64a()
		for _, name := range names {
			want.Write([]byte(name + "\x00"))
		}
		if got := hashNames(names...); got != want.Sum64() {
			t.Fatalf("got %x, want %x", got, want.Sum64())
		}
	})
}

func TestClosedIndexFindsWhatItHolds(t *testing.T) {
	hashes := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 3), rapid.Uint64Range(1<<48-2, 1<<48+2), rapid.Uint64Min(1<<64-3))
	rapid.Check(t, func(t *rapid.T) {
		want := map[uint64]int64{}
		var places []closedPlace
		for i, hash := range rapid.SliceOf(hashes).Draw(t, "lines") {
			places, want[hash] = append(places, placeAt(hash, int64(i), false)), int64(i)
		}
		index := newClosedIndex(places)
		for _, hash := range append(rapid.SliceOf(hashes).Draw(t, "others"), slices.Collect(maps.Keys(want))...) {
			at, ok := index.find(hash)
			if wanted, there := want[hash]; ok != there || at != wanted {
				t.Fatalf("%x: got %d, %v, want %d, %v", hash, at, ok, wanted, there)
			}
		}
	})
}
