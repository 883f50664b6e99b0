package watch

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/compilation"
	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/spec"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// world is an API with feeds, a configuration that watches them, a history and
// a clock.
type world struct {
	t       *testing.T
	feeds   []godatafeed.Feed
	files   map[string]string // by id
	fails   map[string]error  // downloads, by id
	down    error             // of every listing
	pageCap int
	listed  func(page int) // is called after each page
	now     time.Time
	calls   []string
	history *memory.FeedHistory
	watches []*spec.Watch
}

func newWorld(t *testing.T, hcl string, feeds ...godatafeed.Feed) *world {
	t.Helper()
	history, _ := memory.File(filepath.Join(t.TempDir(), "none")).FeedHistory()
	w := &world{t: t, feeds: feeds, files: map[string]string{}, fails: map[string]error{}, now: noon, history: history}
	w.configure(hcl)
	return w
}

func (w *world) configure(hcl string) {
	w.t.Helper()
	w.watches = watchesOf(w.t, w.t.TempDir(), hcl)
}

func watchesOf(t rapid.TB, dir, hcl string) []*spec.Watch {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(hcl), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, diags := config.Load(dir, config.Options{Env: func(string) string { return "" }, Now: func() time.Time { return noon }, Version: "0.1.0"})
	defer cfg.Close()
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return cfg.Watches
}

func (w *world) ListFeeds(_ context.Context, filter string, page, size int) ([]godatafeed.Feed, error) {
	w.calls = append(w.calls, "list "+filter)
	if w.down != nil {
		return nil, w.down
	}
	var found []godatafeed.Feed
	for _, f := range w.feeds {
		if strings.Contains(f.Name, filter) {
			found = append(found, f)
		}
	}
	if w.pageCap > 0 {
		size = min(size, w.pageCap)
	}
	from := min((page-1)*size, len(found))
	if w.listed != nil {
		defer w.listed(page)
	}
	return found[from:min(from+size, len(found))], nil
}

func (w *world) GetFeed(_ context.Context, id string) (godatafeed.Feed, error) {
	w.calls = append(w.calls, "get "+id)
	for _, f := range w.feeds {
		if f.ID == id {
			return f, nil
		}
	}
	return godatafeed.Feed{}, notFound(w.t)
}

// notFound is the client's own error for a feed that is not there.
func notFound(t *testing.T) error {
	t.Helper()
	_, err := simulated(t, nil).GetFeed(context.Background(), "none")
	return err
}

// page is the client's own error for HTML in place of a file, which it asks for
// again and again.
func page(t *testing.T) (err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		html := sandbox.OddHTML
		client := simulated(t, func(s *sandbox.Sandbox) error {
			return s.DriftFeed(sandbox.FeedDrift{Feed: "Google Shopping US", Oddity: &html})
		})
		feeds, failed := client.ListFeeds(context.Background(), "Google", 1, 1)
		if failed != nil {
			t.Fatal(failed)
		}
		err = client.DownloadFeed(context.Background(), feeds[0].ID, func(io.Reader) error { return nil })
	})
	return err
}

func simulated(t *testing.T, change func(*sandbox.Sandbox) error) *godatafeed.Client {
	t.Helper()
	s, err := sandbox.New(sandbox.Options{ConsumerKey: "key", Burst: -1})
	if err == nil && change != nil {
		err = change(s)
	}
	if err != nil {
		t.Fatal(err)
	}
	client, err := godatafeed.New(godatafeed.Options{
		Endpoint: "http://localhost", ConsumerKey: "key", Transport: s.Transport(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func (w *world) DownloadFeed(_ context.Context, id string, read func(io.Reader) error) error {
	w.calls = append(w.calls, "download "+id)
	if err := w.fails[id]; err != nil {
		return err
	}
	return read(strings.NewReader(w.files[id]))
}

// look looks at the feeds, remembers it, and returns the results by
// "watch|id|rule", as "outcome severity value".
func (w *world) look() map[string]string {
	w.t.Helper()
	l := w.take()
	if err := l.Remember(w.history); err != nil {
		w.t.Fatal(err)
	}
	return table(l.Report.Results)
}

func (w *world) take() *Look {
	w.t.Helper()
	w.calls = nil
	l, err := Take(context.Background(), Request{Watches: w.watches, APIs: map[string]API{"default": w, "other": w}, History: w.history, Now: func() time.Time { return w.now }})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func table(results []Result) map[string]string {
	t := map[string]string{}
	for _, r := range results {
		t[r.Watch+"|"+r.FeedID+"|"+r.Rule] = strings.TrimSpace(string(r.Outcome) + " " + string(r.Severity) + " " + r.Value)
	}
	return t
}

func (w *world) expect(got map[string]string, want map[string]string) {
	w.t.Helper()
	for key, result := range want {
		if got[key] != result {
			w.t.Errorf("%s is %q, want %q", key, got[key], result)
		}
	}
}

func (w *world) called(want ...string) {
	w.t.Helper()
	if strings.Join(w.calls, "\n") != strings.Join(want, "\n") {
		w.t.Errorf("calls %q, want %q", w.calls, want)
	}
}

// feed is one that is well.
func feed(id string, total int) godatafeed.Feed {
	return godatafeed.Feed{
		ID: id, Name: "Feed " + id, Status: "Completed", LastCompiled: noon.Add(-time.Hour), LastSubmitted: noon.Add(-time.Minute),
		Counts: &compilation.Counts{Total: total, Valid: total},
	}
}

// compiled is the feed after another compilation.
func compiled(f godatafeed.Feed, at time.Time, total int) godatafeed.Feed {
	counts := *f.Counts // the earlier compilation keeps its own
	counts.Total, counts.Valid = total, total
	f.LastCompiled, f.Counts = at, &counts
	return f
}

const all = `watch "all" { feeds = "*" }`

const allWithContent = `
watch "all" {
  feeds = "*"
  content {
    unique = ["id"]
  }
}
`

var errDown = errors.New("list feeds: no connection")
