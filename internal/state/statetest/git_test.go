package statetest

import (
	"os"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/gitlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

func TestGit(t *testing.T) {
	stride := 3 // each push takes some processes
	if os.Getenv("GDF_SOAK_ROUNDS") != "" {
		stride = 1
	}
	Run(t, func(t *testing.T) Place {
		remote, dir := stores.NewGit(t).URL(), t.TempDir()
		p := sharedPlace(t, func() sharedlog.Place {
			p, mistake := gitlog.Configured(sharedlog.Block{Dir: dir, Attributes: map[string]string{"remote": remote}, Log: sharedlog.State})
			if mistake != nil {
				t.Fatal(mistake.Detail)
			}
			t.Cleanup(func() { _ = p.Close() })
			return unpaced{p}
		})
		p.Stride = stride
		return p
	})
}

// unpaced pushes as often as the suite asks for, and not six times a minute.
type unpaced struct{ sharedlog.Place }

func (unpaced) Pace() time.Duration { return 0 }
