package explain

import (
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

const place = "sandbox"

var main = &spec.Account{Name: "main", Endpoint: place}

func entry(ref order.Ref, number string, sent ...string) *state.Entry {
	e := &state.Entry{Key: state.Key{Endpoint: place, Account: "main", ID: ref.ID}, Ref: ref, Replaced: sent}
	e.Observed = &state.Observed{Values: order.Values{Status: order.Processing, OrderNumber: number}}
	return e
}

func row(line int, f spec.Find, tracking string) *spec.Wish {
	return &spec.Wish{
		Origin: &spec.Origin{Kind: "batch", Name: "b", Account: main}, Find: f, Want: order.Values{Status: order.Shipped, Tracking: tracking},
		Place: spec.Place{File: "t.csv", Line: line}, Attempt: 1,
	}
}

func texts(all ...string) iter.Seq[string] { return slices.Values(all) }

// collect goes through the same sources until nothing more is named.
func collect(c *Collection, entries []*state.Entry, log []audit.Entry, rows []*spec.Wish) {
	for _, w := range rows {
		fate := Stands
		if w.Place.Line >= 90 {
			fate = LeftOut
		}
		c.Keep(w, fate, 0, texts(w.Find.Number, w.Want.Tracking))
	}
	for range 9 {
		before := c.Known()
		for _, e := range entries {
			c.Entry(e)
		}
		for _, word := range c.Words() {
			_ = c.Entries(func(yield func(audit.Entry, error) bool) {
				for _, e := range log {
					if e.Order.ID == word || e.Order.Tracking == word || e.Order.Ref.String() == word {
						yield(e, nil)
					}
				}
			})
		}
		c.Rows()
		c.Merge()
		if c.Known() == before {
			return
		}
	}
}

// shown is each order with the lines of its rows.
func shown(c *Collection) []string {
	var all []string
	for _, s := range c.Subjects {
		var lines []int
		for _, r := range s.Rows {
			lines = append(lines, r.DefinedAt.Line)
		}
		all = append(all, fmt.Sprintf("%s %s %v %v", s.Ref.ID, s.Ref.SourceNumber, lines, len(s.Audit)))
	}
	slices.Sort(all)
	return all
}

func TestWhatGoesByANumber(t *testing.T) {
	first := order.Ref{ID: "x1", Source: "Amazon", SourceNumber: "112-1"}
	twin := order.Ref{ID: "x2", Source: "Amazon", SourceNumber: "112-1"}
	other := order.Ref{ID: "y", Source: "eBay", SourceNumber: "07-1"}
	entries := []*state.Entry{entry(first, "SO-1", "1Z1"), entry(twin, "SO-2"), entry(other, "SO-3", "1ZSHARED")}
	log := []audit.Entry{
		{Line: 1, Endpoint: place, Account: "main", Order: &audit.Order{Ref: first, Tracking: "1ZOLD"}},
		{Line: 2, Endpoint: place, Account: "main", Order: &audit.Order{Ref: other, Tracking: "1ZSHARED"}},
		{Line: 3, Endpoint: place, Account: "other", Order: &audit.Order{Ref: order.Ref{ID: "w"}, Tracking: "1ZX"}},
	}
	number := spec.Find{Source: "amazon", Number: "112-1"}
	rows := []*spec.Wish{
		row(1, number, "1Z1"), row(2, spec.Find{OrderNumber: "SO-1"}, "1ZB"), row(3, spec.Find{Source: "eBay", Number: "07-1"}, "1ZSHARED"),
		row(4, spec.Find{Source: "Walmart", Number: "2"}, "1ZSHARED"), row(5, spec.Find{ID: "x2"}, ""), row(90, number, "1ZLEFT"), row(91, spec.Find{}, "1Z-1"),
	}
	for word, want := range map[string][]string{
		// Two live orders have that number: rows that name it are shown with both.
		"112-1":            {"x1 112-1 [1 2 90 91] 1", "x2 112-1 [1 5 90 91] 0"},
		"Amazon 112-1":     {"x1 112-1 [1 2 90 91] 1", "x2 112-1 [1 5 90 91] 0"},
		"SO-1":             {"x1 112-1 [1 2 90 91] 1"},
		"1ZOLD":            {"x1 112-1 [1 2 90 91] 1"},
		"1zb":              {"x1 112-1 [1 2 90 91] 1"},
		"x2":               {"x2 112-1 [1 5 90 91] 0"},
		"SO-3":             {"y 07-1 [3] 1"}, // not the other order that has its parcel
		"1Z-SHARED":        {" 2 [4] 0", "y 07-1 [3] 1"},
		"1ZLEFT":           {"x1 112-1 [1 2 90 91] 1", "x2 112-1 [1 5 90 91] 0"},
		"1ZX":              {"w  [] 1"}, // of another account
		`batch.b["#SO-1"]`: {"x1 112-1 [1 2 90 91] 1"},
		"nothing":          nil,
	} {
		c := New(word)
		collect(c, entries, log, rows)
		if got := shown(c); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

// A row that names no order is shown with the order whose number it holds, or alone, and
// what a live order adds is one order with it.
func TestLooseRowsAndLiveOrders(t *testing.T) {
	c := New("1Z7")
	collect(c, nil, nil, []*spec.Wish{row(91, spec.Find{}, "1Z7"), row(1, spec.Find{Source: "Amazon", Number: "112-7"}, "1Z7")})
	if got := shown(c); !slices.Equal(got, []string{" 112-7 [91 1] 0"}) {
		t.Errorf("%q", got)
	}
	alone := New("1Z7")
	collect(alone, nil, nil, []*spec.Wish{row(91, spec.Find{}, "1Z7")})
	if got := shown(alone); !slices.Equal(got, []string{"  [91] 0"}) {
		t.Errorf("%q", got)
	}
	live := order.Live{Ref: order.Ref{ID: "z", Source: "AMAZON", SourceNumber: "112-7"}}
	c.Live("main", place, Sight{Live: live})
	c.Live("main", place, Sight{Live: order.Live{Ref: order.Ref{ID: "q", SourceNumber: "9"}}})
	c.Merge()
	if got := shown(c); !slices.Equal(got, []string{"z 112-7 [91 1] 0"}) {
		t.Errorf("%q", got)
	}
}

// Whatever list of a plan has the order is what is said of it.
func TestDecide(t *testing.T) {
	ref := order.Ref{ID: "x", Source: "Amazon", SourceNumber: "112-1"}
	w := row(1, spec.Find{Source: "Amazon", Number: "112-1"}, "1Z1")
	address := w.Address()
	for want, p := range map[Decision]*plan.Plan{
		Change:    {Changes: []plan.Change{{Account: "main", Address: address, Order: ref}}},
		HeldNow:   {Held: []plan.Held{{Account: "main", Address: address, Code: plan.BadRow}}},
		Unsettled: {Unsettled: []plan.Unsettled{{Account: "main", Order: ref}}},
		Waiting:   {Pending: []plan.Pending{{Account: "main", Order: ref}}},
		NotTaken:  {Pending: []plan.Pending{{Account: "main", Order: ref, NotTaken: true}}},
		Deferred:  {Deferred: []plan.Deferred{{Account: "main", Address: address}}},
		Stopped:   {Stopped: []plan.StoppedBatch{{Address: "batch.b"}}},
		Released:  {Replaced: []spec.Replacement{{Address: address, By: spec.StepRelease}}},
		AsWanted: {
			Changes: []plan.Change{{Account: "main", Address: `batch.b["other"]`, Order: order.Ref{ID: "o"}}, {Account: "other", Address: address, Order: ref}},
			Stopped: []plan.StoppedBatch{{Address: "batch.bb"}},
		},
		NotDecided: nil,
	} {
		c := New("x")
		c.Entry(entry(ref, ""))
		c.Keep(w, Stands, 0, texts())
		c.Rows()
		c.Decide(p, func([]string) bool { return true })
		if got := c.Subjects[0].Next.Decision; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		c.Decide(&plan.Plan{}, func([]string) bool { return false })
		if got := c.Subjects[0].Next.Decision; got != Nothing {
			t.Errorf("nothing is wanted: %s", got)
		}
	}
}

// What was inserted is one order with the one that the API shows, and its entries.
func TestAnInsertedOrderIsOne(t *testing.T) {
	inserted := order.Ref{ID: order.InsertID("Phone", "P-1"), Source: "Phone", SourceNumber: "P-1"}
	shown := order.Ref{ID: "real", Source: "Phone", SourceNumber: "P-1"}
	c := New("P-1")
	own := entry(inserted, "")
	collect(c, []*state.Entry{own, entry(shown, "SO-9")}, []audit.Entry{{Line: 1, Endpoint: place, Account: "main", Order: &audit.Order{Ref: inserted}}},
		[]*spec.Wish{row(1, spec.Find{Source: "Phone", Number: "P-1"}, "")})
	_ = c.Entries(func(yield func(audit.Entry, error) bool) {
		yield(audit.Entry{Line: 1, Endpoint: place, Account: "main", Order: &audit.Order{Ref: inserted}}, nil)
	})
	if len(c.Subjects) != 1 || c.Subjects[0].Ref.ID != "real" || c.Subjects[0].Entry.ID != "real" || len(c.Subjects[0].Audit) != 1 {
		t.Fatalf("%d orders: %+v", len(c.Subjects), c.Subjects[0])
	}
	c.Decide(&plan.Plan{Changes: []plan.Change{{Account: "main", Address: c.Subjects[0].Rows[0].Address, Order: inserted}}}, func([]string) bool { return true })
	if got := c.Subjects[0].Next.Decision; got != Change {
		t.Errorf("%s", got)
	}
}
