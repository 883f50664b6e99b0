package pglog

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/placetest"
)

func TestPlace(t *testing.T) {
	placetest.Run(t, func(t *testing.T) placetest.Fixture {
		db := stores.Postgres(t)
		return placetest.Fixture{Open: func(t *testing.T) sharedlog.Place { return open(t, db.URL) }}
	})
}
