package acceptance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// variety is a world with something of everything that a plan can say.
func variety(t *testing.T) (*world, []apiserver.Order) {
	t.Helper()
	orders := apiserver.Generate(60, 40, apiserver.New, apiserver.New, apiserver.Processing, apiserver.Shipped, apiserver.Canceled)
	w := newWorld(t, apiserver.Options{Orders: orders})
	var rows [][]string
	for i, o := range orders[:30] {
		ours := ""
		if i%5 == 1 {
			ours = fmt.Sprintf("M%06d", i)
		}
		tracking := trackingOf(i)
		if i%10 == 3 {
			tracking = o.Tracking
		}
		rows = append(rows, shipRow(o, ours, tracking, "UPS", ""))
	}
	rows = append(rows, []string{"Amazon", "none-such", "", "1Z", "UPS", ""})
	w.table("shipments/day.csv", shipColumns, rows)
	w.write("main.hcl", unlimited+shipBatch+fmt.Sprintf(`
order "cancelled" {
  find   = { id = %q }
  status = "cancelled"
  reason = "out of stock"
}
`, orders[30].ID))
	return w, orders
}

func TestThePlanForProgramsIsAsDocumented(t *testing.T) {
	t.Parallel()
	w, _ := variety(t)
	d, r := w.planJSON()
	r.exits(2)
	// Of 30 rows: 12 new, 6 processing, 6 shipped of which 3 with their number,
	// 6 cancelled; and one that no order has.
	wanted := planSummary{Acknowledge: 6, Ship: 18, Correct: 3, Cancel: 1, NoOp: 3, Held: 7, Orders: 32}
	if d.Summary != wanted {
		t.Errorf("summary:\n  is %+v\nwant %+v", d.Summary, wanted)
	}
	s := d.Summary
	if writes := s.Acknowledge + s.Ship + s.Correct + s.Cancel; d.Calls.Write != writes {
		t.Errorf("%d calls to write for %d actions", d.Calls.Write, writes)
	}
	if s.Orders != len(d.Changes)+s.NoOp+s.Held+s.Pending+s.Deferred+s.Released || s.Held != len(d.Held) || s.Pending != len(d.Pending) {
		t.Errorf("the counts don't add up: %+v, %d changes, %d held, %d pending", s, len(d.Changes), len(d.Held), len(d.Pending))
	}
	if diff := cmp.Diff([]planBatch{{Address: "batch.shipments", Files: 1, Rows: 31, Orders: 31}}, d.Batches); diff != "" {
		t.Error(diff)
	}
	if d.FormatVersion != "2.0" || d.Version == "" || len(d.PlanHash) != 64 || d.PlanHashShort != d.PlanHash[:12] || len(d.ConfigHash) != 64 || d.CreatedAt.Nanosecond() != 0 {
		t.Errorf("head: %q %q %q %q %s", d.FormatVersion, d.Version, d.PlanHash, d.ConfigHash, d.CreatedAt)
	}
	var sum planCalls
	for _, a := range d.Accounts {
		sum = planCalls{sum.Read + a.Calls.Read, sum.Write + a.Calls.Write, sum.Check + a.Calls.Check}
		if a.Endpoint != w.api.URL || a.Name != "main" {
			t.Errorf("account %+v", a)
		}
	}
	if sum != d.Calls {
		t.Errorf("the accounts' calls are %+v together, the plan's %+v", sum, d.Calls)
	}
	if reads := w.api.Calls(apiserver.Count) + w.api.Calls(apiserver.List) + w.api.Calls(apiserver.Get); d.Calls.Read != reads {
		t.Errorf("it says %d calls to read, and made %d", d.Calls.Read, reads)
	}
	for _, c := range d.Changes {
		checkChange(t, c)
	}
	codes := map[string]int{}
	for _, h := range d.Held {
		codes[h.Code]++
		if h.Address == "" || h.Message == "" || h.DefinedAt.File != "shipments/day.csv" || h.DefinedAt.Line < 2 {
			t.Errorf("held: %+v", h)
		}
	}
	if codes["already_cancelled"] != 6 || codes["not_found_in_lookback"] != 1 {
		t.Errorf("held by code: %v", codes)
	}
	for _, list := range []string{"accounts", "changes", "held_back", "batches", "pending", "deferred", "findings", "replaced", "violations", "watches"} {
		if strings.Contains(r.stdout, `"`+list+`": null`) {
			t.Errorf("the list %q is null", list)
		}
	}
}

func checkChange(t *testing.T, c planChange) {
	t.Helper()
	shape := fmt.Sprintf("batch.shipments[%q]", c.Order.Source+"/"+c.Order.SourceNumber)
	if c.Actions[0] == "cancel" {
		shape = `order["cancelled"]`
	}
	if c.Address != shape {
		t.Errorf("address %s, want %s", c.Address, shape)
	}
	if c.Before.Status == nil || !slices.Contains([]string{"new", "processing", "shipped"}, *c.Before.Status) {
		t.Errorf("%s: status before: %v", c.Address, c.Before.Status)
	}
	if c.Order.ID == "" || c.DefinedAt.File == "" || c.DefinedAt.Line == 0 || c.AfterUnknown == nil || c.After.Status == nil {
		t.Errorf("not complete: %+v", c)
	}
	unknown := len(c.AfterUnknown) == 1 && c.AfterUnknown[0] == "shipped_at"
	if ships := slices.Contains(c.Actions, "ship"); ships != unknown || (unknown && c.After.ShippedAt != nil) {
		t.Errorf("%s: %v, unknown: %v, shipped at %v", c.Address, c.Actions, c.AfterUnknown, c.After.ShippedAt)
	}
}

func TestTheSamePlanIsMadeTwice(t *testing.T) {
	t.Parallel()
	w, _ := variety(t)
	one, _ := w.planJSON()
	two, _ := w.planJSON()
	one.CreatedAt, two.CreatedAt, one.PlanHash, two.PlanHash = time.Time{}, time.Time{}, "", ""
	for _, d := range []*document{&one, &two} {
		for i := range d.Changes {
			d.Changes[i].ReadAt = time.Time{}
		}
	}
	if a, b := fmt.Sprintf("%+v", one.Changes), fmt.Sprintf("%+v", two.Changes); len(a) != len(b) {
		t.Errorf("two plans of one world differ:\n%s\n%s", a, b)
	}
	for i := range one.Changes {
		if one.Changes[i].Address != two.Changes[i].Address {
			t.Errorf("the order of the changes differs at %d", i)
		}
	}
	if one.ConfigHash != two.ConfigHash {
		t.Error("the configuration's hash differs")
	}
}

// event is one line of apply --json. Members that the summary has beyond it
// are in summaryLine.
type event struct {
	Type    string     `json:"type"`
	Format  string     `json:"format_version"`
	At      time.Time  `json:"at"`
	RunID   string     `json:"run_id"`
	Seq     int        `json:"seq"`
	Account string     `json:"account"`
	Address string     `json:"address"`
	Order   *planOrder `json:"order"`
	Action  string     `json:"action"`
	Result  string     `json:"result"`
	Message string     `json:"message"`
	Done    int        `json:"done"`
	Failed  int        `json:"failed"`
	Total   int        `json:"total"`
	Pace    float64    `json:"pace_per_second"` // of a run that takes more than a second
	ETA     int        `json:"eta_seconds"`
}

type summaryLine struct {
	Type           string         `json:"type"`
	Format         string         `json:"format_version"`
	Seq            int            `json:"seq"`
	Done           int            `json:"done"`
	Failed         int            `json:"failed"`
	Total          int            `json:"total"`
	At             time.Time      `json:"at"`
	RunID          string         `json:"run_id"`
	Counts         map[string]int `json:"counts"`
	HeldByPlan     int            `json:"held_back_by_plan"`
	DeferredByPlan int            `json:"deferred_by_plan"`
	Items          []any          `json:"items"`
	Unrecorded     []any          `json:"unrecorded"`
	Calls          int            `json:"calls"`
	Rereads        int            `json:"rereads"`
	Throttled      int            `json:"throttled"`
	Interrupted    bool           `json:"interrupted"`
	Stopped        string         `json:"stopped"`
	AuditHead      string         `json:"audit_head"`
	SignedHead     string         `json:"signed_head"`
	ExitCode       int            `json:"exit_code"`
}

var eventTypes = []string{"apply_start", "change_start", "change_done", "change_failed", "change_skipped", "change_unknown", "throttled", "progress", "summary"}

// events decodes what apply --json printed.
func events(t *testing.T, r result) ([]event, summaryLine) {
	t.Helper()
	var all []event
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	for i, line := range lines {
		var head struct{ Type string }
		if err := json.Unmarshal([]byte(line), &head); err != nil {
			t.Fatalf("line %d is no JSON: %s\n%s", i+1, err, line)
		}
		if !slices.Contains(eventTypes, head.Type) {
			t.Errorf("line %d has the type %q, which is not documented", i+1, head.Type)
		}
		if last := i == len(lines)-1; (head.Type == "summary") != last {
			t.Errorf("line %d of %d is %q: the summary is the last line, and no other", i+1, len(lines), head.Type)
		}
		if head.Type == "summary" {
			var s summaryLine
			strict(t, line, &s)
			return all, s
		}
		var e event
		strict(t, line, &e)
		if e.Seq != i+1 {
			t.Errorf("line %d has the number %d", i+1, e.Seq)
		}
		all = append(all, e)
	}
	t.Fatalf("there is no summary:\n%s", r.all())
	return nil, summaryLine{}
}

func strict(t *testing.T, line string, into any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Errorf("not as documented: %s\n%s", err, line)
	}
}

// decoded is for a document of which a test reads only some members.
func decoded(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%s:\n%s", err, text)
	}
}

func TestTheEventsOfApplyAreAsDocumented(t *testing.T) {
	t.Parallel()
	w, orders := variety(t)
	w.api.Configure(func(o *apiserver.Options) {
		o.Intercept = func(c apiserver.Call) *apiserver.Fault {
			switch {
			case c.OrderID == orders[2].ID:
				return &apiserver.Fault{Body: `{"Success": false, "Message": "No such service"}`}
			case c.OrderID == orders[7].ID && c.Op == apiserver.Ship:
				return &apiserver.Fault{Status: 404}
			case c.Op == apiserver.Ship && c.N == 3:
				return &apiserver.Fault{Status: 500}
			}
			return nil
		}
	})
	r := w.run("apply", "--auto-approve", "--json").exits(3)
	all, s := events(t, r)
	started, ended := map[string]int{}, map[string]int{}
	for _, e := range all {
		key := e.Address + " " + e.Action
		switch e.Type {
		case "change_start":
			started[key]++
		case "change_done", "change_skipped":
			ended[key]++
		case "change_failed":
			ended[key]++
			if e.Message == "" {
				t.Errorf("%s failed without a word", key)
			}
		}
		if e.RunID != s.RunID || e.At.IsZero() {
			t.Errorf("run %q at %s, and the summary says %q", e.RunID, e.At, s.RunID)
		}
		if e.Total != 28 {
			t.Errorf("the total is %d, want 28 actions", e.Total)
		}
	}
	for key := range started {
		if ended[key] != 1 {
			t.Errorf("%s ended %d times", key, ended[key])
		}
	}
	if s.Counts["applied"] != 26 || s.Counts["failed"] != 2 || s.HeldByPlan != 7 || s.ExitCode != 3 {
		t.Errorf("summary: %+v", s)
	}
	executed := 0
	for _, writes := range w.api.Executed() {
		executed += len(writes)
	}
	if executed != s.Counts["applied"] {
		t.Errorf("it says %d applied, and %d took effect", s.Counts["applied"], executed)
	}
}

func TestAnApplyWithNothingToDoStillEndsInASummary(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(61, 5, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.apply()
	all, s := events(t, w.run("apply", "--auto-approve", "--json").exits(0))
	if len(all) != 0 || s.ExitCode != 0 || s.Calls != 0 {
		t.Errorf("%d events, summary %+v", len(all), s)
	}
}
