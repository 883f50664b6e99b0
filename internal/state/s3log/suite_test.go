package s3log

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/placetest"
)

// bucket is an empty bucket on a real gateway, with its credentials in the
// environment.
func bucket(t *testing.T) stores.Bucket {
	t.Helper()
	b := stores.S3(t)
	for name, value := range b.Env() {
		t.Setenv(name, value)
	}
	return b
}

// open opens a log as another machine would.
func open(t *testing.T, b stores.Bucket) *Place {
	t.Helper()
	p, mistake := Configured(sharedlog.Block{Log: sharedlog.State, Attributes: map[string]string{
		"bucket": b.Name, "prefix": "shop/main", "region": b.Region, "endpoint": b.Endpoint,
	}})
	if mistake != nil {
		t.Fatal(mistake)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p.(*Place)
}

func TestPlace(t *testing.T) {
	placetest.Run(t, func(t *testing.T) placetest.Fixture {
		b := bucket(t)
		f := placetest.Fixture{Open: func(t *testing.T) sharedlog.Place { return open(t, b) }}
		if testing.Short() {
			f.Records, f.Rounds = 40, 20
		}
		return f
	})
}
