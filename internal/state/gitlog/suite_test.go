package gitlog

import (
	"path/filepath"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/placetest"
)

func TestSuite(t *testing.T) {
	for name, remote := range map[string]func(t *testing.T, g *stores.Git) string{
		"folder": func(_ *testing.T, g *stores.Git) string { return g.URL() },
		"HTTP":   func(t *testing.T, g *stores.Git) string { return g.Serve(t).URL(stores.GitWriter) },
	} {
		t.Run(name, func(t *testing.T) {
			placetest.Run(t, func(t *testing.T) placetest.Fixture {
				at := remote(t, stores.NewGit(t))
				return placetest.Fixture{
					Open: func(t *testing.T) sharedlog.Place {
						p := place(t, t.TempDir(), map[string]string{"remote": at})
						p.page = 6
						return p
					},
					Records: 20, Rounds: 6, Deferred: true,
				}
			})
		})
	}
}

// place is a place with nobody's configuration and credentials.
func place(t testing.TB, dir string, attributes map[string]string) *Place {
	t.Helper()
	p, mistake := configured(sharedlog.Block{Dir: dir, Attributes: attributes, Log: sharedlog.State})
	if mistake != nil {
		t.Fatalf("%+v", *mistake)
	}
	home := t.TempDir()
	p.environ = append(p.environ, "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, ".config"), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+filepath.Join(home, ".gitconfig"))
	t.Cleanup(func() { _ = p.Close() })
	return p
}
