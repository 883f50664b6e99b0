package pglog

import (
	"fmt"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/placetest"
)

// The pooler has fewer connections than the test has writers, and hands each
// transaction to whichever is free. All logs are in the same tables.
func TestPlaceBehindAPooler(t *testing.T) {
	t.Parallel()
	url := stores.Pooled(t, stores.Postgres(t))
	begun(t, url, 3)
	logs := 0
	placetest.Run(t, func(t *testing.T) placetest.Fixture {
		logs++
		attributes := map[string]string{"url": url, "name": fmt.Sprint("log", logs)}
		return placetest.Fixture{
			Open: func(t *testing.T) sharedlog.Place {
				place, mistake := Configured(sharedlog.Block{Attributes: attributes, Log: sharedlog.State})
				if mistake != nil {
					t.Fatal(mistake.Detail)
				}
				return place
			},
			Records: 50, Rounds: 20,
		}
	})
}

func TestPlace(t *testing.T) {
	t.Parallel()
	placetest.Run(t, func(t *testing.T) placetest.Fixture {
		db := stores.Postgres(t)
		return placetest.Fixture{Open: func(t *testing.T) sharedlog.Place { return open(t, db.URL) }}
	})
}
