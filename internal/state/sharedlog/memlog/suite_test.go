package memlog

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/placetest"
)

func TestPlace(t *testing.T) {
	placetest.Run(t, func(*testing.T) placetest.Fixture {
		s := New()
		return placetest.Fixture{
			Open:     func(*testing.T) sharedlog.Place { return s.Place("machine") },
			Rounds:   1000,
			Failover: func(_ *testing.T, lost int) { s.Failover(lost) },
		}
	})
}
