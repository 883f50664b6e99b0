package statetest

import (
	"crypto/rand"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/shared"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// sharedPlace begins a state in a log, which open opens as another process would.
func sharedPlace(t *testing.T, open func() sharedlog.Place) Place {
	t.Helper()
	lineage, _, err := shared.Init(t.Context(), open(), backend.Holder{ID: "init", Who: "ann"}, shared.Clock{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	state := func() *shared.Backend {
		b := shared.New(open(), shared.Options{Dir: dir, Lineage: lineage})
		t.Cleanup(func() { _ = b.Close() })
		return b
	}
	return Place{
		Open:   func() backend.Backend { return state() },
		Breaks: true,
		Recover: func(t *testing.T) {
			if err := state().Accept(); err != nil {
				t.Fatal(err)
			}
		},
		TakeAway: func(t *testing.T) {
			if was, err := state().Break(t.Context(), backend.Holder{ID: "people"}, "", "in a hurry"); err != nil || was.ID == "" {
				t.Fatal(was, err)
			}
		},
		Leave: func(t *testing.T, h backend.Holder) {
			log := sharedlog.Open(open(), rand.Text)
			entries, _, err := log.From(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			by := sharedlog.Writer(h)
			if _, err := log.Append(t.Context(), entries[len(entries)-1].Position, &sharedlog.Record{Kind: sharedlog.Acquire, By: &by, Terms: &sharedlog.Terms{}}); err != nil {
				t.Fatal(err)
			}
		},
	}
}
