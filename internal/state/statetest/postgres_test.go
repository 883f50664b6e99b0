package statetest

import (
	"fmt"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/pglog"
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
