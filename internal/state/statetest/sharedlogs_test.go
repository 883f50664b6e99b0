package statetest

import (
	"crypto/rand"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/s3log"
	"github.com/gdfctl/gdfctl/internal/state/shared"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// The states that machines share, each on a real server.
func TestSharedLogs(t *testing.T) {
	for name, fresh := range map[string]func(t *testing.T) func() sharedlog.Place{
		"s3": inS3,
	} {
		t.Run(name, func(t *testing.T) {
			Run(t, func(t *testing.T) Place { return sharedIn(t, fresh(t)) })
		})
	}
}

// inS3 opens a log in a fresh bucket.
func inS3(t *testing.T) func() sharedlog.Place {
	b := stores.S3(t)
	for name, value := range b.Env() {
		t.Setenv(name, value)
	}
	return func() sharedlog.Place {
		p, mistake := s3log.Configured(sharedlog.Block{Log: sharedlog.State, Attributes: map[string]string{"bucket": b.Name, "endpoint": b.Endpoint}})
		if mistake != nil {
			t.Fatal(mistake)
		}
		return p
	}
}

// sharedIn begins a state in a log. open opens that as another process would.
func sharedIn(t *testing.T, open func() sharedlog.Place) Place {
	closing := func(p sharedlog.Place) sharedlog.Place {
		t.Cleanup(func() { _ = p.Close() })
		return p
	}
	lineage, _, err := shared.Init(t.Context(), closing(open()), backend.Holder{ID: "init", Who: "ann"}, shared.Clock{})
	must(t, err)
	dir := t.TempDir()
	backends := func() *shared.Backend {
		b := shared.New(open(), shared.Options{Dir: dir, Lineage: lineage})
		t.Cleanup(func() { _ = b.Close() })
		return b
	}
	return Place{
		Open:   func() backend.Backend { return backends() },
		Breaks: true,
		TakeAway: func(t *testing.T) {
			was, err := backends().Break(t.Context(), backend.Holder{ID: "people"}, "in a hurry")
			if err != nil || was.ID == "" {
				t.Fatal(was, err)
			}
		},
		Leave: func(t *testing.T, h backend.Holder) {
			log := sharedlog.Open(closing(open()), rand.Text)
			end, err := log.First(t.Context())
			must(t, err)
			by := sharedlog.Writer(h)
			_, err = log.Append(t.Context(), end.Position, &sharedlog.Record{Kind: sharedlog.Acquire, By: &by, Terms: &sharedlog.Terms{}})
			must(t, err)
		},
	}
}
