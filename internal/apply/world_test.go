package apply_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/canary"
	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/local"
)

// world is a sandbox with orders, a configuration about them, and a state: all
// that an apply needs, on whatever clock the test runs.
type world struct {
	t       testing.TB
	dir     string
	api     *sandbox.Sandbox
	events  []apply.Event
	runs    int
	apis    map[string]apply.API // by account; nil: main is the sandbox
	limit   godatafeed.LimiterOptions
	limiter *godatafeed.Limiter // of all runs; nil: each has one of its own, and a bucket that is empty
	tune    func(*apply.Options)
	timeout time.Duration     // of a call; 0: the client's own
	wire    http.RoundTripper // between client and sandbox; nil: none
	saved   *plan.Plan        // executed instead of a new plan, if set
	resend  *plan.Resending   // sent again instead of planned, if set

	distant *distant // the last run's journal, where it was far away
}

// newWorld has n open orders of ages n hours to 1 hour; number i is called
// "N-i". hcl is the configuration; the account's rate is that of the sandbox.
func newWorld(t testing.TB, n int, o sandbox.Options, hcl string) *world {
	t.Helper()
	o.Orders, o.Feeds = -1, -1
	if o.Burst == 0 {
		o.Burst = -1
	}
	api, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dir: t.TempDir(), api: api, limit: godatafeed.LimiterOptions{Burst: 1e6, PerSecond: 1e6}}
	for i := range n {
		_, err := api.AddOrder(sandbox.NewOrder{
			Source: "Amazon", Number: fmt.Sprintf("N-%d", i), Status: sandbox.StatusNew,
			CreatedInSource: time.Now().Add(-time.Duration(n-i) * time.Hour / time.Duration(1+n/400)),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	w.write("main.hcl", hcl)
	t.Cleanup(w.assertNothingLeaked)
	return w
}

func (w *world) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) read(name string) string {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// assertNothingLeaked looks for buyers and tokens in every file and event.
func (w *world) assertNothingLeaked() {
	what, err := canary.FindInFiles(w.dir, func(string) bool { return false })
	if err != nil || what != "" {
		w.t.Errorf("%s %v", what, err)
	}
	for _, e := range w.events {
		if what := canary.Find(fmt.Sprintf("%+v", e)); what != "" {
			w.t.Errorf("an event holds %s", what)
		}
	}
}

// account is an account block for the tests' configurations.
func account(settings string) string {
	return "account \"main\" {\n  endpoint = \"http://localhost\"\n  consumer_key = \"sandbox\"\n  page_size = 250\n" + settings + "\n}\n"
}

// shipAll is a batch that ships orders from to to-1.
func shipAll(w *world, from, to int) string {
	var csv strings.Builder
	csv.WriteString("Order,Tracking\n")
	for i := from; i < to; i++ {
		fmt.Fprintf(&csv, "N-%d,1Z%016d\n", i, i)
	}
	if w != nil {
		w.write("orders.csv", csv.String())
	}
	return `
batch "b" {
  rows            = csv("orders.csv")
  find            = { source = "Amazon", source_order_number = row["Order"] }
  status          = "shipped"
  tracking_number = row["Tracking"]
  carrier         = "UPS"
}
`
}

func (w *world) client() *godatafeed.Client {
	w.t.Helper()
	if w.wire == nil {
		w.wire = w.api.Transport()
	}
	c, err := godatafeed.New(godatafeed.Options{
		Endpoint: "http://localhost", ConsumerKey: "sandbox",
		Transport: w.wire, Limiter: w.newLimiter(), Timeout: w.timeout,
		Jitter: func() float64 { return 0.5 }, // the same in each run of a test
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) newLimiter() *godatafeed.Limiter {
	if w.limiter != nil {
		return w.limiter
	}
	return godatafeed.NewLimiter(w.limit)
}

func (w *world) config() *config.Config {
	w.t.Helper()
	cfg, diags := config.Load(w.dir, config.Options{Env: func(string) string { return "" }, Now: time.Now, Version: "0.1.0"})
	if diags.HasErrors() {
		w.t.Fatal(diags)
	}
	return cfg
}

// plan plans against the world as it is. An error is the API's.
func (w *world) plan(ctx context.Context, cfg *config.Config, apis map[string]apply.API, st *state.State) (*plan.Plan, error) {
	w.t.Helper()
	readers := map[string]plan.Reader{}
	for name, api := range apis {
		readers[name] = api
	}
	wishes, diags := cfg.Wishes(ctx)
	if diags.HasErrors() {
		w.t.Fatal(diags)
	}
	snap, err := plan.Read(ctx, plan.ReadRequest{Accounts: cfg.Accounts, APIs: readers, Wishes: wishes, State: st, All: w.resend != nil, Now: time.Now})
	if err != nil {
		return nil, err
	}
	p, diags := plan.Build(plan.Input{Accounts: cfg.Accounts, Policy: cfg.Policy, Wishes: wishes, State: st, Snapshot: snap, Resend: w.resend, All: w.resend != nil, Now: time.Now(), Seal: sealed})
	if diags.HasErrors() {
		w.t.Fatal(diags)
	}
	return p, nil
}

// sealed is the seal of a test's rows: here no secret is needed.
func sealed(_ *spec.Account, digest [sha256.Size]byte) string { return hex.EncodeToString(digest[:]) }

// rowOf reads the row of an insert, as the command does.
func rowOf(cfg *config.Config) func(context.Context, *plan.Change) ([]byte, error) {
	rows := sync.OnceValues(func() (map[string]config.Row, error) {
		all, err := cfg.Bodies(context.Background(), func(string, string) bool { return true })
		byID := map[string]config.Row{}
		for _, row := range all {
			byID[row.ID()] = row
		}
		return byID, err
	})
	return func(_ context.Context, c *plan.Change) ([]byte, error) {
		all, err := rows()
		row, there := all[c.Order.ID]
		if err != nil || !there || sealed(nil, row.Digest()) != c.Content {
			return nil, &apply.RowError{Text: "its row changed"}
		}
		return row.Body(), nil
	}
}

func (w *world) store() *state.Store {
	return state.NewStore(local.New(filepath.Join(w.dir, "gdfctl.state.json")), state.Options{Provenance: provenance.Provenance{Who: "test"}})
}

// apply plans and runs, as the command does. The error is that of the planning
// or the run; the result is never nil.
func (w *world) apply(ctx context.Context) (*apply.Result, error) {
	w.t.Helper()
	cfg := w.config()
	defer cfg.Close()
	w.runs++
	run := fmt.Sprintf("run-%d", w.runs)
	session, err := w.store().Lock(ctx, state.LockRequest{Operation: "apply"})
	if err != nil {
		w.t.Fatal(err)
	}
	defer session.Close()
	apis := w.apis
	if apis == nil {
		apis = map[string]apply.API{"main": w.client()}
	}
	p := w.saved
	if p == nil {
		if p, err = w.plan(ctx, cfg, apis, session.State()); err != nil {
			return &apply.Result{Stopped: "planning failed"}, err
		}
	}
	if err := session.Begin(state.Run{ID: run, Command: "apply"}); err != nil {
		w.t.Fatal(err)
	}
	o := apply.Options{
		Plan: p, Accounts: cfg.Accounts, APIs: apis, Journal: session, RunID: run,
		Policy: cfg.Policy, Body: rowOf(cfg), Now: time.Now, Events: func(e apply.Event) { w.events = append(w.events, e) },
	}
	if w.tune != nil {
		w.tune(&o)
	}
	result, runErr := apply.Run(ctx, o)
	if err := session.Commit(); err != nil {
		w.t.Fatal(err)
	}
	return result, runErr
}

// executed counts how often each order was shipped, cancelled or acknowledged.
func (w *world) executed() map[string]int {
	counts := map[string]int{}
	for _, write := range w.api.Ledger() {
		counts[write.Order+" "+string(write.Op)+" "+strings.ToLower(write.Status)]++
	}
	return counts
}

func (w *world) assertNothingTwice() {
	w.t.Helper()
	for what, n := range w.executed() {
		if n > 1 {
			w.t.Errorf("executed %d times: %s", n, what)
		}
	}
}

// assertShipped checks the truth of orders from to to-1.
func (w *world) assertShipped(from, to int) {
	w.t.Helper()
	for i := from; i < to; i++ {
		o, ok := w.api.Order(fmt.Sprintf("N-%d", i))
		if want := fmt.Sprintf("1Z%016d", i); !ok || o.Status != sandbox.StatusShipped || o.Tracking != want {
			w.t.Errorf("N-%d is %s with %q, want shipped with %s", i, o.Status, o.Tracking, want)
		}
	}
}
