package statetest

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

func TestMemlog(t *testing.T) {
	Run(t, func(t *testing.T) Place {
		store := memlog.New()
		return sharedPlace(t, func() sharedlog.Place { return store.Place("a") })
	})
}
