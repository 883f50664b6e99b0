package apply_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/local"
)

// course is one history of a configuration, its state and its orders.
type course struct {
	t     *rapid.T
	store *state.Store
	paths local.Paths
	shop  *shop

	wishes map[string]*wish
	names  int // the accounts' names: see config
	kind   string
	story  []string
	plans  []saved
	older  []byte // a copy of the state
	runs   int
	edits  int
	far    bool // the state is far away, and intents are written down in windows
	cutOff bool // the last run was
}

// wish is what is wanted of an order, since when.
type wish struct {
	status, tracking, number string
	attempt                  int
	since                    time.Time
	raised                   bool // another attempt was asked for
	edits                    int  // by other hands
}

type saved struct {
	plan *plan.Plan
	hash string
}

func newCourse(t *rapid.T, dir string) *course {
	ids := []string{"a", "b"}
	c := &course{
		t: t, paths: local.PathsFor(filepath.Join(dir, "gdfctl.state.json")), shop: newShop(rapid.Uint64().Draw(t, "seed"), ids...),
		wishes: map[string]*wish{},
	}
	c.store = state.NewStore(local.New(c.paths.State), state.Options{})
	c.far = rapid.Bool().Draw(t, "far")
	c.shop.faults = rapid.Bool().Draw(t, "faults")
	c.shop.blurred = rapid.Bool().Draw(t, "blurred")
	// A call is repeated after settle, 120 s: reads that lag longer can then not
	// tell that it had an effect. Without lost answers they may be later.
	most := 40 * time.Minute
	if c.shop.faults {
		most = 90 * time.Second
	}
	c.shop.lag = min(most, rapid.SampledFrom([]time.Duration{0, 5 * time.Second, time.Minute, 90 * time.Second, 10 * time.Minute, most}).Draw(t, "lag"))
	c.kind = fmt.Sprintf("far %t, lag %s, blurred %t, faults %t", c.far, c.shop.lag, c.shop.blurred, c.shop.faults)
	for _, id := range ids {
		c.wishes[id] = &wish{status: "shipped", tracking: "PKG100001" + id, attempt: 1, since: time.Now()}
	}
	return c
}

func (c *course) tell(format string, args ...any) {
	c.story = append(c.story, time.Now().Format("15:04:05.000 ")+fmt.Sprintf(format, args...))
}

func (c *course) fail(format string, args ...any) {
	c.t.Helper()
	for _, s := range c.shop.sent {
		c.story = append(c.story, fmt.Sprintf("%s   executed: %s %s %s", s.at.Format("15:04:05.000"), s.order, s.action, s.value))
	}
	slices.SortStableFunc(c.story, func(a, b string) int { return strings.Compare(a[:12], b[:12]) })
	c.t.Fatalf(format+"\n%s\n%s", append(args, c.kind, strings.Join(c.story, "\n"))...)
}

// config is the configuration as it is now. Account "shop" is the one that
// "main" was, in three ways to write that.
func (c *course) config() *config.Config {
	account := func(name, more string) string {
		return fmt.Sprintf("account %q {\n  endpoint = \"http://localhost\"\n  consumer_key = \"k\"\n%s}\n", name, more)
	}
	text, name := account("main", ""), "main"
	switch c.names {
	case 1:
		text, name = account("shop", "  formerly = \"main\"\n"), "shop"
	case 2:
		text, name = account("shop", ""), "shop"
	case 3:
		text, name = account("shop", "")+account("main", ""), "shop"
	}
	for _, id := range slices.Sorted(maps.Keys(c.wishes)) { // a plan names their lines
		w := c.wishes[id]
		text += fmt.Sprintf("order %q {\n  account = %q\n  find = { id = %q }\n  status = %q\n", id, name, id, w.status)
		if w.status == "shipped" {
			text += fmt.Sprintf("  tracking_number = %q\n", w.tracking)
		}
		if w.status == "cancelled" {
			text += "  reason = \"out of stock\"\n"
		}
		if w.number != "" && w.status == "shipped" {
			text += fmt.Sprintf("  order_number = %q\n", w.number)
		}
		if w.attempt > 1 {
			text += fmt.Sprintf("  attempt = %d\n", w.attempt)
		}
		text += "}\n"
	}
	dir := filepath.Dir(c.paths.State)
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
	cfg, diags := config.Load(dir, config.Options{Env: func(string) string { return "" }, Now: time.Now, Version: "0.1.0"})
	if diags.HasErrors() {
		c.fail("%v", diags)
	}
	return cfg
}

func (c *course) pick() string { return rapid.SampledFrom([]string{"a", "b"}).Draw(c.t, "order") }

// want changes what is wanted of an order.
func (c *course) want(t *rapid.T) {
	c.t = t
	id := c.pick()
	w := c.wishes[id]
	old := *w
	switch rapid.IntRange(0, 9).Draw(t, "wish") {
	case 0:
		w.number = "SO-" + id
	case 1:
		w.attempt++
		w.raised = true
	case 2:
		w.status = rapid.SampledFrom([]string{"shipped", "cancelled"}).Draw(t, "status")
	default:
		w.tracking = fmt.Sprintf("PKG%d%s", rapid.IntRange(100001, 100004).Draw(t, "tracking"), id)
	}
	if *w == old {
		t.Skip("as before")
	}
	pass(time.Second) // what was executed just now was wanted before
	w.since = time.Now()
	c.tell("want of %s %s %s, number %q, attempt %d", id, w.status, w.tracking, w.number, w.attempt)
}

func (c *course) wait(t *rapid.T) {
	pass(time.Duration(rapid.Int64Range(1, int64(20*time.Minute)).Draw(t, "wait")))
}

// edit is what other people do to an order.
func (c *course) edit(t *rapid.T) {
	c.t = t
	id := c.pick()
	what := rapid.IntRange(0, 4).Draw(t, "what")
	c.edits++
	c.shop.change(id, func(v *order.Values) {
		switch {
		case v.Status == order.Shipped:
			v.Tracking = fmt.Sprintf("PKG%d%s", 900000+c.edits, id)
		case what == 0 && v.Status.Open():
			v.Status = order.Cancelled
		default:
			t.Skip("nothing to edit")
		}
	})
	c.wishes[id].edits++
	c.tell("somebody makes %s %+v", id, c.shop.now(id))
}

func (c *course) rename(t *rapid.T) {
	c.names = rapid.IntRange(0, 3).Draw(t, "names")
	c.tell("accounts are named in way %d", c.names)
}

// restore puts an older copy of the state back, or loses it and makes it again.
// Neither knows of calls without an outcome, as the documents say.
func (c *course) restore(t *rapid.T) {
	c.t = t
	st, _, err := c.store.Read()
	if err != nil {
		c.fail("%v", err)
	}
	for range st.OpenIntents() {
		t.Skip("calls are open")
	}
	now, err := os.ReadFile(c.paths.State)
	if err != nil {
		t.Skip("no state")
	}
	switch what := rapid.IntRange(0, 2).Draw(t, "what"); {
	case what == 0 || c.older == nil:
		c.older = now
	case what == 1:
		c.tell("the state is put back from a copy")
		if err := errors.Join(os.WriteFile(c.paths.State, c.older, 0o600), removeAll(c.paths.Journal)); err != nil {
			t.Fatal(err)
		}
	default:
		c.tell("the state is lost, and made again")
		if err := removeAll(c.paths.State, c.paths.Backup(), c.paths.Journal); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.store.Rebuild(context.Background()); err != nil {
			c.fail("%v", err)
		}
		c.older = nil
	}
}

func removeAll(paths ...string) error {
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}
