package statetest

import (
	"crypto/rand"
	"fmt"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/pglog"
	"github.com/gdfctl/gdfctl/internal/state/shared"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

func TestPostgres(t *testing.T) {
	db := stores.Postgres(t)
	states := 0
	Run(t, func(t *testing.T) Place {
		states++
		attributes := map[string]string{"url": db.URL, "name": fmt.Sprint("state", states)}
		place, mistake := pglog.Configured(sharedlog.Block{Attributes: attributes, Log: sharedlog.State})
		if mistake != nil {
			t.Fatal(mistake.Detail)
		}
		t.Cleanup(func() { _ = place.Close() })
		return sharedPlace(t, func() sharedlog.Place { return staysOpen{place} })
	})
}

// staysOpen lets the hundreds of processes of a test share some connections.
type staysOpen struct{ sharedlog.Place }

func (staysOpen) Close() error { return nil }

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
		TakeAway: func(t *testing.T) {
			if was, err := state().Break(t.Context(), backend.Holder{ID: "people"}, "in a hurry"); err != nil || was.ID == "" {
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
