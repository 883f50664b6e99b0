package acceptance

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// home is a place where a team keeps its state.
type home struct {
	kind       string   // of backend
	says       []string // what its block says, but for which state it is
	remote     string   // of git
	env        []string
	secrets    []string
	proxy      *stores.Proxy                   // in front of the server, where there is one
	repository *stores.Git                     // that is reached without a server
	forget     func(t *testing.T, records int) // has the log end so much earlier
}

// goesAway makes the place unreachable until back is called.
func (h home) goesAway(t *testing.T) (back func()) {
	t.Helper()
	if h.proxy != nil {
		gone := func(io.Reader, io.Writer) error { return io.ErrUnexpectedEOF }
		h.proxy.Filter(func() (up, down stores.Filter) { return gone, gone })
		h.proxy.Cut()
		return func() { h.proxy.Filter(nil) }
	}
	moved := h.repository.Dir + ".moved"
	if err := os.Rename(h.repository.Dir, moved); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Rename(moved, h.repository.Dir); err != nil {
			t.Fatal(err)
		}
	}
}

// ofOrigin says that the state is where the configuration is.
var ofOrigin = []string{`remote = "origin"`}

// homes are all kinds of places.
var homes = map[string]func(t *testing.T) home{
	"git": func(t *testing.T) home {
		g := stores.NewGit(t)
		return home{kind: "git", says: ofOrigin, remote: g.URL(), repository: g, forget: forgetCommits(g)}
	},
	"git-http": func(t *testing.T) home {
		g := stores.NewGit(t)
		u := g.Serve(t).URL(stores.GitWriter)
		proxy := stores.NewProxy(t, hostOf(u))
		return home{kind: "git", says: ofOrigin, remote: strings.Replace(u, hostOf(u), proxy.Address, 1), proxy: proxy, forget: forgetCommits(g)}
	},
	"s3": func(t *testing.T) home {
		b := stores.S3(t)
		proxy := stores.NewProxy(t, hostOf(b.Endpoint))
		h := home{
			kind: "s3", says: []string{fmt.Sprintf("bucket = %q", b.Name), fmt.Sprintf("region = %q", b.Region), fmt.Sprintf("endpoint = %q", "http://"+proxy.Address)},
			proxy: proxy, secrets: []string{b.Secret},
			forget: func(t *testing.T, records int) {
				log, err := filepath.Glob(filepath.Join(b.Folder, "gdfctl-state", "main", "log", "*.json"))
				if err != nil || len(log) <= records {
					t.Fatal(err, log)
				}
				for _, object := range log[len(log)-records:] {
					if err := os.Remove(object); err != nil {
						t.Fatal(err)
					}
				}
			},
		}
		for name, value := range b.Env() {
			h.env = append(h.env, name+"="+value)
		}
		return h
	},
	"postgres": func(t *testing.T) home {
		db := stores.Postgres(t)
		return homeInPostgres(t, db, stores.NewProxy(t, db.Address))
	},
}

func homeInPostgres(t *testing.T, db *stores.Database, proxy *stores.Proxy) home {
	t.Helper()
	return home{
		kind: "postgres", says: []string{"url = env.GDF_DATABASE_URL"}, env: []string{"GDF_DATABASE_URL=" + db.Through(proxy.Address)}, proxy: proxy,
		forget: func(t *testing.T, records int) {
			db.Query(t, fmt.Sprintf("DELETE FROM gdfctl.record WHERE n > (SELECT max(n) FROM gdfctl.record) - %d", records))
			db.Query(t, "UPDATE gdfctl.head SET (n, hash) = (SELECT n, hash FROM gdfctl.record ORDER BY n DESC LIMIT 1)")
		},
	}
}

func forgetCommits(g *stores.Git) func(*testing.T, int) {
	return func(_ *testing.T, records int) {
		const branch = "refs/heads/gdfctl-state/main"
		g.Git("update-ref", branch, fmt.Sprintf("%s~%d", branch, records))
	}
}

var address = regexp.MustCompile(`127\.0\.0\.1:\d+`)

func hostOf(u string) string { return address.FindString(u) }
