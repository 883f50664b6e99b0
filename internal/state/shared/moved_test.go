package shared

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// aMove is a move between two places.
func aMove(id string) backend.Move {
	return backend.Move{
		ID: id, From: backend.Where{Backend: "git", Place: "memory:former"},
		To: backend.Where{Backend: "s3", Place: "memory:next", Attributes: []backend.Attribute{{Name: "bucket", Value: "ours"}, {Name: "url", From: "GDF_URL"}}},
	}
}

func about(t *testing.T, kind sharedlog.Kind, id string) sharedlog.Record {
	t.Helper()
	r, err := movedRecord(kind, aMove(id), nil)
	fatal(t, err)
	return *r
}

// onWay is a log that a state is on its way to.
func onWay(t *testing.T, records ...sharedlog.Record) shop {
	t.Helper()
	s := shop{memlog.New(), "5812eb29"}
	first := about(t, sharedlog.Init, "m1")
	first.Version, first.Lineage = sharedlog.Carried, s.lineage
	s.append(t, &first)
	for i := range records {
		s.append(t, &records[i])
	}
	return s
}

// refused fails unless nothing can be read or locked.
func (s shop) refused(t *testing.T, says string) {
	t.Helper()
	before := len(s.Records())
	l, _, lockErr := s.machine(t, "a", newClocks()).Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "A"}})
	if lockErr == nil {
		fatal(t, l.Release())
	}
	for what, err := range map[string]error{"reading": s.machine(t, "a", newClocks()).Refresh(t.Context()), "locking": lockErr} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := len(s.Records()) - before; n != 0 {
		t.Errorf("%d records were appended", n)
	}
}

// From its first record on, a log that a state is on its way to is refused by all, until
// the record that says that it arrived.
func TestALogThatAStateIsOnItsWayTo(t *testing.T) {
	onWay(t).refused(t, "on its way from memory:former")
	onWay(t, about(t, sharedlog.Incoming, "m1")).refused(t, "gdfctl state migrate")
	onWay(t, about(t, sharedlog.Incoming, "m1"), about(t, sharedlog.Incoming, "m2")).refused(t, "on its way")
	fatal(t, onWay(t, about(t, sharedlog.Incoming, "m1"), about(t, sharedlog.Active, "m1")).machine(t, "a", newClocks()).Refresh(t.Context()))
	fatal(t, onWay(t, about(t, sharedlog.Incoming, "m1"), about(t, sharedlog.Incoming, "m2"), about(t, sharedlog.Active, "m2")).machine(t, "a", newClocks()).Refresh(t.Context()))
}

// What no writer can have appended is damage.
func TestRecordsOfMovesThatCanNotBe(t *testing.T) {
	acquire := func() sharedlog.Record {
		return sharedlog.Record{Kind: sharedlog.Acquire, By: &sharedlog.Writer{ID: "x"}, Terms: &sharedlog.Terms{}}
	}
	moved := about(t, sharedlog.Moved, "m1")
	without := sharedlog.Record{Kind: sharedlog.Incoming}
	for name, records := range map[string][]sharedlog.Record{
		"it arrives before all of it came":    {about(t, sharedlog.Active, "m1")},
		"another one arrives":                 {about(t, sharedlog.Incoming, "m2"), about(t, sharedlog.Active, "m1")},
		"somebody acquires it on its way":     {about(t, sharedlog.Incoming, "m1"), acquire()},
		"somebody acquires it before it came": {acquire()},
		"it does not say which":               {without},
		"who does not hold it moves it":       {about(t, sharedlog.Incoming, "m1"), about(t, sharedlog.Active, "m1"), moved},
	} {
		t.Run(name, func(t *testing.T) { onWay(t, records...).refused(t, "is damaged") })
	}
}

// The holder alone moves a state, and the place takes nothing afterward.
func TestALogThatMoved(t *testing.T) {
	s := newShop(t)
	b := s.machine(t, "a", newClocks())
	l := locked(t, b, backend.Request{})
	fatal(t, l.Leave(aMove("m1")))
	if err := l.Held(); !errors.Is(err, errReleased) {
		t.Errorf("it may send: %v", err)
	}
	fatal(t, l.Release())
	s.refused(t, "moved from memory:a to memory:next")
	err := s.machine(t, "b", newClocks()).Refresh(t.Context())
	if moved, ok := errors.AsType[*backend.MovedError](err); !ok || moved.Move.ID != "m1" || !strings.Contains(err.Error(), "  backend \"s3\" {\n    bucket = \"ours\"\n    url    = env.GDF_URL\n  }") {
		t.Errorf("error %v", err)
	}
	late := sharedlog.Record{Kind: sharedlog.Late, Epoch: 1}
	s.append(t, &late)
	s.refused(t, "is damaged")
}

// What was learned is not noted behind the end of a log, be it after a reading that said
// that the state moved: a record there would hide where it went.
func TestNothingIsNotedWhereAStateWas(t *testing.T) {
	s := newShop(t)
	l := locked(t, s.machine(t, "a", newClocks()), backend.Request{})
	fatal(t, l.Leave(aMove("m1")))
	fatal(t, l.Release())
	b := s.machine(t, "b", newClocks())
	for range 2 {
		if err := b.Note(t.Context(), backend.Holder{ID: "check"}, adds("learned")); !errors.As(err, new(*backend.MovedError)) {
			t.Errorf("error %v", err)
		}
	}
	s.refused(t, "moved from memory:a to memory:next")
}

// Whoever lost the lease moves nothing.
func TestALostLeaseMovesNothing(t *testing.T) {
	s := newShop(t)
	l := locked(t, s.machine(t, "a", newClocks()), backend.Request{})
	_, err := s.machine(t, "b", newClocks()).Break(t.Context(), backend.Holder{ID: "people"}, "", "in a hurry")
	fatal(t, err)
	if err := (*backend.FencedError)(nil); !errors.As(l.Leave(aMove("m1")), &err) {
		t.Fatal("it moved")
	}
	fatal(t, s.machine(t, "b", newClocks()).Refresh(t.Context()))
}

// An outcome that a former run records after the copy goes along: the state is copied
// again.
func TestWhatCameLateIsNotLeftBehind(t *testing.T) {
	s := newShop(t)
	l := locked(t, s.machine(t, "a", newClocks()), backend.Request{})
	s.append(t, &sharedlog.Record{Kind: sharedlog.Late, Epoch: 1, Changes: []sharedlog.Change{addition(lateName, []byte("{}\n"))}})
	if err := l.Leave(aMove("m1")); !errors.Is(err, backend.ErrArrived) {
		t.Fatal(err)
	}
	fatal(t, l.Held())
	fatal(t, l.DropLate(3))
	fatal(t, l.Leave(aMove("m1")))
}

// partsOf are the parts of a state for a target to receive.
func partsOf(all map[backend.Part]string) backend.Contents {
	return func(p backend.Part) (disk.Reader, int64, error) {
		text, ok := all[p]
		if !ok {
			return nil, 0, fs.ErrNotExist
		}
		return unclosed{bytes.NewReader([]byte(text))}, int64(len(text)), nil
	}
}

type unclosed struct{ *bytes.Reader }

func (unclosed) Close() error { return nil }

func held() error { return nil }

// What a place owed, the next holder of the other one keeps to.
func TestWhatIsOwedGoesAlong(t *testing.T) {
	s := shop{memlog.New(), ""}
	b := s.machine(t, "next", newClocks())
	m := aMove("m1")
	m.Owed = backend.Owed{QuietMS: 90_000, SettleMS: 300_000, Notes: []byte("learned\n")}
	_, err := b.Ready(t.Context(), &m)
	fatal(t, err)
	fatal(t, b.Receive(t.Context(), &m, backend.Holder{ID: "M"}, partsOf(map[backend.Part]string{backend.Snapshot: "{}\n"}), held))
	fatal(t, b.Activate(t.Context(), m, backend.Holder{ID: "M"}, nil))
	fatal(t, b.Activate(t.Context(), m, backend.Holder{ID: "M"}, nil)) // again
	if first := s.Records()[0].Data; !bytes.Contains(first, []byte(`"version":2`)) {
		t.Errorf("an older gdfctl would not know what is owed: %s", first)
	}
	s.lineage = m.To.State
	next := s.machine(t, "a", newClocks())
	if !next.Begun() {
		t.Error("its orders were saved once")
	}
	if notes, err := next.Noted(t.Context()); err != nil || string(notes) != "learned\n" {
		t.Errorf("notes %q, %v", notes, err)
	}
	held := locked(t, next, backend.Request{})
	again := backend.Move{}
	if held.Owes(&again); string(again.Owed.Notes) != "learned\n" {
		t.Errorf("the next move takes along %q", again.Owed.Notes)
	}
	terms := held.Terms()
	if terms.Quiet != 90*time.Second || terms.Settle != 5*time.Minute {
		t.Errorf("terms %+v", terms)
	}
}

// What an earlier try brought is replaced by the same state alone, and a state that is
// there by none.
func TestWhatIsThereIsNotReplaced(t *testing.T) {
	occupied := func(t *testing.T, s shop, m backend.Move) {
		t.Helper()
		before := len(s.Records())
		_, err := s.machine(t, "next", newClocks()).Ready(t.Context(), &m)
		again := s.machine(t, "next", newClocks()).Receive(t.Context(), &m, backend.Holder{}, partsOf(nil), held)
		for _, err := range []error{err, again} {
			if _, ok := errors.AsType[*backend.OccupiedError](err); !ok {
				t.Errorf("error %v", err)
			}
		}
		if len(s.Records()) != before {
			t.Error("something was appended")
		}
	}
	occupied(t, newShop(t), aMove("m2"))
	moved := newShop(t)
	fatal(t, locked(t, moved.machine(t, "a", newClocks()), backend.Request{}).Leave(aMove("m1")))
	occupied(t, moved, aMove("m2"))
	for name, change := range map[string]func(*backend.Move){
		"place":   func(m *backend.Move) { m.From.Place = "memory:else" },
		"kind":    func(m *backend.Move) { m.From.Backend = "postgres" },
		"state":   func(m *backend.Move) { m.From.State = "00000000" },
		"origin":  func(m *backend.Move) { m.Origin = "another" },
		"lineage": func(m *backend.Move) { m.To.State = "00000000" },
	} {
		t.Run(name, func(t *testing.T) {
			m := aMove("m2")
			change(&m)
			occupied(t, onWay(t), m)
		})
	}
}

// Who lost the lease of the former place, or has not read what is there, changes
// nothing.
func TestAnotherMoveIsNotOverwritten(t *testing.T) {
	s := shop{memlog.New(), ""}
	m1, m2 := aMove("m1"), aMove("m2")
	parts := partsOf(map[backend.Part]string{backend.Audit: "1\n"})
	fatal(t, s.machine(t, "next", newClocks()).Receive(t.Context(), &m1, backend.Holder{}, parts, held))
	before := len(s.Records())
	lost := errors.New("lost")
	if err := s.machine(t, "next", newClocks()).Receive(t.Context(), &m2, backend.Holder{}, parts, func() error { return lost }); !errors.Is(err, lost) {
		t.Fatal(err)
	}
	if err := (shop{memlog.New(), ""}).machine(t, "next", newClocks()).Receive(t.Context(), &m2, backend.Holder{}, parts, func() error { return lost }); !errors.Is(err, lost) {
		t.Fatal(err)
	}
	// The other one comes between its look and its record.
	overtaken := s.machine(t, "next", newClocks()).Receive(t.Context(), &m2, backend.Holder{}, parts, func() error {
		return s.machine(t, "next", newClocks()).Receive(t.Context(), &m1, backend.Holder{}, parts, held)
	})
	if overtaken == nil || !strings.Contains(overtaken.Error(), "another `gdfctl state migrate` is under way") {
		t.Errorf("error %v", overtaken)
	}
	if n := len(s.Records()) - before; n != 1 {
		t.Errorf("%d records were appended", n)
	}
	if _, ok := errors.AsType[*backend.OccupiedError](s.machine(t, "next", newClocks()).Activate(t.Context(), m2, backend.Holder{}, nil)); !ok {
		t.Error("the one that lost became active")
	}
	fatal(t, s.machine(t, "next", newClocks()).Activate(t.Context(), m1, backend.Holder{}, nil))
}

// A machine that wrote the state elsewhere follows it to where it came from there, and
// to no copy.
func TestACopyOfALogIsNotFollowed(t *testing.T) {
	stray := errors.New("stray")
	from := func(s shop, former string) error {
		return New(s.Place("next"), Options{Dir: t.TempDir(), Lineage: s.lineage, Former: former, Stray: stray}).Refresh(t.Context())
	}
	came := onWay(t, about(t, sharedlog.Incoming, "m1"), about(t, sharedlog.Active, "m1"))
	fatal(t, from(came, "memory:former"))
	fatal(t, from(came, "memory:next"))
	fatal(t, from(came, ""))
	for what, err := range map[string]error{
		"from another place": from(came, "memory:else"), "a copy": from(newShop(t), "memory:former"), "nothing": from(shop{memlog.New(), "5812eb29"}, "memory:former"),
	} {
		if !errors.Is(err, stray) {
			t.Errorf("%s: %v", what, err)
		}
	}
	// It goes on from there: both are former places.
	l := locked(t, came.machine(t, "next", newClocks()), backend.Request{})
	m := aMove("m2")
	l.Owes(&m)
	m.From.Place = "memory:next"
	there := shop{memlog.New(), came.lineage}
	b := there.machine(t, "third", newClocks())
	fatal(t, b.Receive(t.Context(), &m, backend.Holder{}, partsOf(nil), held))
	fatal(t, b.Activate(t.Context(), m, backend.Holder{}, nil))
	for _, former := range []string{"memory:former", "memory:next"} {
		fatal(t, from(shop{there.Store, m.To.State}, former))
	}
}

// Where the values that came are damaged, nobody takes what is left for a state.
func TestWhatCameIsDamaged(t *testing.T) {
	s := shop{memlog.New(), ""}
	m := aMove("m1")
	b := s.machine(t, "next", newClocks())
	fatal(t, b.Receive(t.Context(), &m, backend.Holder{}, partsOf(map[backend.Part]string{backend.Snapshot: "{}\n"}), held))
	fatal(t, b.Activate(t.Context(), m, backend.Holder{}, nil))
	s.SetFaults(func(c memlog.Call) memlog.Fault {
		if c.Method == "Get" {
			return memlog.Fault{Err: fs.ErrNotExist}
		}
		return memlog.Fault{}
	})
	s.lineage = m.To.State
	if err := s.machine(t, "a", newClocks()).Refresh(t.Context()); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("error %v", err)
	}
}

// What stands in a record is shown as harmless text.
func TestABlockOfAForgedRecord(t *testing.T) {
	w := backend.Where{Backend: "git", Attributes: []backend.Attribute{{Name: "remote", Value: "x\x1b[2J${file(\"y\")}"}, {Name: "public", Value: "true"}}}
	text, err := json.Marshal(w.Block())
	fatal(t, err)
	if got := w.Block(); strings.Contains(got, "\x1b") || !strings.Contains(got, "$${file") || !strings.Contains(got, "public = true") {
		t.Errorf("%s", text)
	}
}
