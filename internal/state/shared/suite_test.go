package shared

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
	"github.com/gdfctl/gdfctl/internal/state/statetest"
)

func TestShared(t *testing.T) {
	statetest.Run(t, func(t *testing.T) statetest.Place {
		store := memlog.New()
		lineage, _, err := Init(t.Context(), store.Place("init"), backend.Holder{ID: "init", Who: "ann"}, Clock{})
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		open := func() *Backend {
			b := New(store.Place("a"), Options{Dir: dir, Lineage: lineage})
			t.Cleanup(func() { _ = b.Close() })
			return b
		}
		return statetest.Place{
			Open:   func() backend.Backend { return open() },
			Breaks: true,
			TakeAway: func(t *testing.T) {
				if was, err := open().Break(t.Context(), backend.Holder{ID: "people"}, "", "in a hurry"); err != nil || was.ID == "" {
					t.Fatal(was, err)
				}
			},
			Leave: func(t *testing.T, h backend.Holder) {
				b := open()
				b.mu.Lock()
				defer b.mu.Unlock()
				if err := b.pullLocked(t.Context()); err != nil {
					t.Fatal(err)
				}
				by := sharedlog.Writer(h)
				if err := b.appendLocked(t.Context(), &sharedlog.Record{Kind: sharedlog.Acquire, By: &by, Terms: &sharedlog.Terms{}}); err != nil {
					t.Fatal(err)
				}
			},
		}
	})
}
