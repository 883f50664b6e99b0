package s3log

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

func names(requests []request) []string {
	var all []string
	for _, r := range requests {
		all = append(all, r.name)
	}
	return all
}

func TestTrimSaysSoAndThenRemovesFromTheLowestUp(t *testing.T) {
	g, through := behindGate(t, bucket(t))
	p := open(t, through)
	end := begun(t, p, 8)
	var underWay atomic.Int32
	g.set(func(r request) fault {
		if r.method != "DELETE" {
			return passOn
		}
		if len(g.requests("PUT", trimmedPrefix)) != 1 {
			t.Error("a record is removed before everybody can know")
		}
		if underWay.Add(1) > 1 {
			t.Error("a record is removed before the one below it is gone")
		}
		return fault{execute: true, then: func() { underWay.Add(-1) }}
	})
	if err := p.Trim(t.Context(), 6); err != nil {
		t.Fatal(err)
	}
	removed := names(g.requests("DELETE", logPrefix))
	if want := []string{recordKey(1), recordKey(2), recordKey(3), recordKey(4), recordKey(5)}; !slices.Equal(removed, want) {
		t.Errorf("removed: %v", removed)
	}
	wantLog(t, p, 5, mustRead(t, p, 5).Position(), end)
}

func mustRead(t *testing.T, p *Place, after int64) sharedlog.Raw {
	t.Helper()
	page, err := p.Read(t.Context(), after)
	if err != nil || len(page.Records) == 0 {
		t.Fatalf("reading behind %d: %d records, %v", after, len(page.Records), err)
	}
	return page.Records[0]
}

func TestTrimEndsWithTheFirstRecordThatStays(t *testing.T) {
	for name, f := range map[string]fault{"refused": {answer: says(403, "AccessDenied")}, "no answer": {cut: true}, "no answer, executed": {execute: true, cut: true}} {
		t.Run(name, func(t *testing.T) {
			g, through := behindGate(t, bucket(t))
			p := open(t, through)
			begun(t, p, 8)
			g.on("DELETE", recordKey(3), f)
			if err := p.Trim(t.Context(), 6); err == nil {
				t.Fatal("no error")
			}
			if removed := names(g.requests("DELETE", "")); !slices.Equal(removed, []string{recordKey(1), recordKey(2), recordKey(3)}) {
				t.Errorf("asked for: %v", removed)
			}
			// What counts is what was to be removed, at once and for everybody.
			if _, err := p.Read(t.Context(), 3); !errors.Is(err, sharedlog.ErrTrimmed) {
				t.Errorf("reading what was to be removed: error %v", err)
			}
			// Whoever comes next ends it, also with less to do.
			if err := p.Trim(t.Context(), 2); err != nil {
				t.Fatal(err)
			}
			if objects, err := p.listAll(t.Context(), logPrefix); err != nil || len(objects) != 3 {
				t.Errorf("%d objects are left, %v", len(objects), err)
			}
		})
	}
}

func TestNothingIsTrimmedWithoutTheMark(t *testing.T) {
	g, through := behindGate(t, bucket(t))
	p := open(t, through)
	begun(t, p, 5)
	g.on("PUT", trimmedPrefix, fault{execute: true, cut: true})
	if err := p.Trim(t.Context(), 4); err == nil {
		t.Error("no error")
	}
	if removed := g.requests("DELETE", ""); len(removed) > 0 {
		t.Errorf("removed: %v", names(removed))
	}
	if err := p.Trim(t.Context(), 44); err == nil || !strings.Contains(err.Error(), "record 44, which is not there") {
		t.Errorf("trimming all: error %v", err)
	}
}

// One that trims slept, while another one trimmed more.
func TestALateTrimTakesNothingBack(t *testing.T) {
	b := bucket(t)
	g, through := behindGate(t, b)
	slow, quick := open(t, through), open(t, b)
	begun(t, quick, 9)
	stale := open(t, b)
	mustRead(t, stale, 4)
	g.on("PUT", trimmedPrefix, fault{execute: true, first: func() {
		if err := quick.Trim(t.Context(), 8); err != nil {
			t.Error(err)
		}
	}})
	if err := slow.Trim(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if floor, err := stale.floor(t.Context()); floor != 8 || err != nil {
		t.Errorf("trimmed up to %d, %v", floor, err)
	}
	prev := sharedlog.Position{N: 0, Hash: mustRead(t, stale, -1).Position().Hash}
	if err := stale.Append(t.Context(), prev, recordBehind(prev, "record 1 again")); !isTaken(err) {
		t.Errorf("behind record 0: error %v", err)
	}
}

func TestASnapshotWhoseMarkIsLost(t *testing.T) {
	g, through := behindGate(t, bucket(t))
	p := open(t, through)
	end := begun(t, p, 3)
	r := recordBehind(end, "snapshot")
	r.Snapshot = true
	g.on("PUT", snapshotPrefix, fault{cut: true})
	if err := p.Append(t.Context(), end, r); err == nil || isTaken(err) || isRefused(err) {
		t.Errorf("error %v", err)
	}
	if n := g.requests("PUT", logPrefix); len(n) > 0 {
		t.Error("a snapshot was appended that nobody could find")
	}
	if err := p.Append(t.Context(), end, r); err != nil {
		t.Fatal(err)
	}
	if start, err := p.Start(t.Context()); start != r.N || err != nil {
		t.Errorf("readers start at %d, %v", start, err)
	}
}

func TestAValueThatIsPutWhileItIsSwept(t *testing.T) {
	b := bucket(t)
	g, through := behindGate(t, b)
	sweeper, writer := open(t, through), open(t, b)
	hash := sharedlog.HashOf([]byte("value"))
	put := func() {
		if err := writer.Put(t.Context(), hash, []byte("value")); err != nil {
			t.Error(err)
		}
	}
	put()
	g.on("DELETE", valuePrefix, fault{execute: true, first: put})
	if err := sweeper.Sweep(t.Context(), func(string) bool { return false }, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got, err := writer.Get(t.Context(), hash); string(got) != "value" || err != nil {
		t.Errorf("the value is %q, %v", got, err)
	}
	put()
	if err := sweeper.Sweep(t.Context(), func(string) bool { return true }, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if objects, err := writer.listAll(t.Context(), valuePrefix); len(objects) != 1 || err != nil {
		t.Errorf("a value that is kept is there %d times, %v", len(objects), err)
	}
}
