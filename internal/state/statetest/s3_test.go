package statetest

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/s3log"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

func TestS3(t *testing.T) {
	Run(t, func(t *testing.T) Place {
		b := stores.S3(t)
		for name, value := range b.Env() {
			t.Setenv(name, value)
		}
		return sharedPlace(t, func() sharedlog.Place {
			p, mistake := s3log.Configured(sharedlog.Block{Log: sharedlog.State, Attributes: map[string]string{"bucket": b.Name, "endpoint": b.Endpoint}})
			if mistake != nil {
				t.Fatal(mistake.Detail)
			}
			t.Cleanup(func() { _ = p.Close() })
			return p
		})
	})
}
