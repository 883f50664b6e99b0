package reconcile

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
)

const telling = `
account "main" {}
notify "all" {
  webhook = env.HOOK
  on      = ["refused_later", "not_taken", "drifted"]
}
`

// counting counts the events that a webhook gets.
type counting struct {
	mu     sync.Mutex // messages go to several receivers at the same time
	events int
}

func (c *counting) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events += strings.Count(string(body), `"type":`)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: req}, err
}

// An order that needs a person is told of once: an old error that vanishes is no other
// trouble, unless the marketplace refused the change with it, and what was told stands while
// the outcome of another call is not known.
func TestWhatNeedsAPersonIsToldOnce(t *testing.T) {
	sent := order.Values{Status: order.Shipped, Tracking: "1Z1"}
	for name, c := range map[string]struct {
		shows         order.Values
		errorBefore   string
		first, second string // hashes of errors, as reads show them
		open          bool   // a call is open, in the second look
		told          int    // in the second look
	}{
		"not taken, and its old error vanishes": {order.Values{Status: order.New}, "old", "old", "", false, 0},
		"drifted, and its old error vanishes":   {order.Values{Status: order.Shipped, Tracking: "1Z9"}, "old", "old", "", false, 0},
		"refused in other words":                {sent, "", "one", "another", false, 1},
		"refused, and the same":                 {sent, "", "one", "one", false, 0},
		"an unknown call in between":            {order.Values{Status: order.New}, "", "", "", true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(telling), 0o600); err != nil {
				t.Fatal(err)
			}
			env := map[string]string{"GDF_CACHE_DIR": filepath.Join(dir, "cache"), "GDF_ALLOWED_HOSTS": "hooks.example.com", "HOOK": "https://hooks.example.com/secret"}
			var hook counting
			now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
			d := Deps{Env: func(name string) string { return env[name] }, Now: func() time.Time { return now }, Transport: &hook}
			w, err := d.forRecords(Source{Dir: dir}, Observer(nil).inTurn())
			if err != nil {
				t.Fatal(err)
			}
			defer w.close()
			x, err := w.lock(t.Context(), "test", 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer x.Close()
			a := w.cfg.Accounts[0]
			ref := order.Ref{ID: "id-1", Source: "Amazon", SourceNumber: "112-1"}
			key := state.Key{Endpoint: a.Endpoint, Account: a.Name, ID: ref.ID}
			begin := func(ago time.Duration) state.IntentID {
				in := state.Intent{Key: key, Ref: ref, Action: order.Ship, Before: order.Values{Status: order.New}, After: sent, At: now.Add(-ago), Attempt: 1, ErrorBefore: c.errorBefore}
				if in.Seq, err = x.Intend(in); err != nil {
					t.Fatal(err)
				}
				for open := range x.State().OpenIntents() {
					in = open
				}
				return in.Ident()
			}
			settle := func(id state.IntentID, result order.Result, ago time.Duration) {
				if err := x.RecordOutcome(id, state.Outcome{Result: result, At: now.Add(-ago)}); err != nil {
					t.Fatal(err)
				}
			}
			told := func(hash string) int {
				x.Observe(state.Observation{Key: key, Ref: ref, Observed: state.Observed{Values: c.shows, At: now, Marketplace: state.Marketplace{Error: hash}}})
				before := hook.events
				w.tell(t.Context(), w.uptakeLook(x.State(), nil, "run"))
				return hook.events - before
			}
			settle(begin(9*time.Hour), order.Done, 9*time.Hour)
			if n := told(c.first); n != 1 {
				t.Fatalf("told %d times at first", n)
			}
			if c.open {
				id := begin(time.Minute)
				if n := told(c.second); n != 0 {
					t.Errorf("told %d times while a call is open", n)
				}
				settle(id, order.Refused, 0)
			}
			if n := told(c.second); n != c.told {
				t.Errorf("told %d times, want %d", n, c.told)
			}
		})
	}
}
