package statetest

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// elsewhere is a place that a state moves to.
type elsewhere struct {
	parts  map[backend.Part][]byte
	alters bool // what it receives
}

func (e *elsewhere) Ready(context.Context, *backend.Move) ([]string, error) { return nil, nil }

func (e *elsewhere) Receive(_ context.Context, _ *backend.Move, _ backend.Holder, from backend.Contents, held func() error) error {
	e.parts = map[backend.Part][]byte{}
	for _, p := range backend.Moving {
		data, there, err := disk.ReadAll(from(p))
		if err != nil {
			return err
		}
		if there {
			if e.alters {
				data = append(data, '\n')
			}
			e.parts[p] = data
		}
	}
	return held()
}

func (e *elsewhere) Received(p backend.Part) (disk.Reader, int64, error) {
	data, ok := e.parts[p]
	if !ok {
		return nil, 0, fs.ErrNotExist
	}
	return kept{bytes.NewReader(data)}, int64(len(data)), nil
}

type kept struct{ *bytes.Reader }

func (kept) Close() error { return nil }

func (e *elsewhere) Activate(context.Context, backend.Move, backend.Holder, func() error) error {
	return nil
}
func (e *elsewhere) Keeps() bool { return true }

var away = backend.Move{From: backend.Where{Place: "here"}, To: backend.Where{Backend: "s3", Place: "elsewhere"}}

// testMoving moves a state away: all of it is brought, and nothing can be done here
// afterward. Where what was brought is not what is here, it does not move.
func testMoving(t *testing.T, p Place) {
	x := p.begin(t, "run-1")
	ship(t, x, "run-1", 1)
	open := intend(t, x, "run-1", shipping(2))
	must(t, errors.Join(x.Commit(), x.Close()))

	x = p.lock(t)
	if _, err := x.Leave(t.Context(), &elsewhere{alters: true}, away, state.MoveOptions{}); err == nil || !strings.Contains(err.Error(), "nothing was moved") {
		t.Fatalf("what came there is not what is here: %v", err)
	}
	must(t, x.Close())
	if !applied(p.read(t), 1) {
		t.Fatal("the state is not here any more")
	}

	x = p.lock(t)
	to := &elsewhere{}
	move, err := x.Leave(t.Context(), to, away, state.MoveOptions{})
	must(t, err)
	if move.ID == "" || move.Origin != x.State().Lineage() {
		t.Errorf("the move is %+v", move)
	}
	if _, err := x.Intend(shipping(3)); err == nil || x.Held() == nil {
		t.Error("a call is begun after the state left")
	}
	must(t, x.Close())
	b := p.Open()
	_, _, locked := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "x"}})
	_, _, read := storeOn(p.Open()).Read()
	for what, err := range map[string]error{"locking": locked, "reading": read, "refreshing": p.Open().Refresh(t.Context())} {
		if moved, ok := errors.AsType[*backend.MovedError](err); !ok || moved.Move.ID != move.ID || moved.Incoming {
			t.Errorf("%s: %v", what, err)
		}
	}

	// What came there is the state.
	there := &inFiles{parts: to.parts}
	s, _, err := storeOn(there).Read()
	must(t, err)
	if !applied(s, 1) || applied(s, 2) {
		t.Error("the orders are not those that were here")
	}
	for in := range s.OpenIntents() {
		if in.Ident() != open || in.Action != order.Ship {
			t.Errorf("open: %+v", in)
		}
	}
	if _, err := storeOn(there).VerifyAudit(""); err != nil {
		t.Error(err)
	}
	if !bytes.Contains(to.parts[backend.Audit], []byte(`"state_migrate"`)) {
		t.Error("the audit log does not say so")
	}
}

// inFiles are parts that can be read.
type inFiles struct {
	backend.Backend
	parts map[backend.Part][]byte
}

func (f *inFiles) Open(p backend.Part) (disk.Reader, int64, error) {
	return (&elsewhere{parts: f.parts}).Received(p)
}
func (f *inFiles) Name(backend.Part) string { return "there" }
func (f *inFiles) Begun() bool              { return false }
