package doctor

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/order"
)

func TestWhatTheDocumentsLeaveOpenIsFound(t *testing.T) {
	fields := map[memory.DateField]string{memory.DateCreatedInSource: "placed", memory.DateCreatedInDestination: "arrived"}
	for _, limit := range []int{0, 50, 100} {
		for _, newest := range []bool{false, true} {
			for field := range fields {
				for sorted := range fields {
					t.Run(fmt.Sprintf("cap %d, newest first %v, filtered by %s, sorted by %s", limit, newest, fields[field], fields[sorted]), func(t *testing.T) {
						w := &world{orders: some(400), cap: limit, newest: newest, filter: field, sorted: sorted}
						r := examined(t, w, memory.LearnedAccount{})
						want := memory.LearnedAccount{PageCap: limit, DateField: field, At: noon}
						if field == sorted {
							want.ListOrder = memory.OldestFirst
							if newest {
								want.ListOrder = memory.NewestFirst
							}
						}
						if !cmp.Equal(r.Known, want) || !r.New {
							t.Errorf("known is %+v, want %+v", r.Known, want)
						}
						if found := r.finding(ListOrder).Found; strings.Contains(found, "newest") != newest || strings.Contains(found, "arrived") != (sorted == memory.DateCreatedInDestination) {
							t.Errorf("told is %q", found)
						}
						if worst := Worst(r.Findings); rank[worst] > rank[NotKnown] {
							t.Errorf("the worst is %s", worst)
						}
					})
				}
			}
		}
	}
}

// Whatever the orders are and the API does, nothing wrong is learned.
func TestNothingWrongIsLearned(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{
			cap: rapid.SampledFrom([]int{0, 1, 5, 20}).Draw(rt, "cap"), newest: rapid.Bool().Draw(rt, "newest first"),
			sorted: rapid.SampledFrom([]memory.DateField{"", memory.DateCreatedInSource, memory.DateCreatedInDestination}).Draw(rt, "sorted by"),
			filter: rapid.SampledFrom([]memory.DateField{"", memory.DateCreatedInSource, memory.DateCreatedInDestination}).Draw(rt, "filtered by"),
			hidden: rapid.SampledFrom([]int{0, 0, 2}).Draw(rt, "hidden"), sticky: rapid.IntRange(0, 9).Draw(rt, "sticky") == 0,
		}
		spread := rapid.SampledFrom([]int{1, 60, 3600, 20 * 24 * 3600}).Draw(rt, "spread of dates, s")
		for i := range rapid.IntRange(0, 60).Draw(rt, "orders") {
			placed := noon.Add(-time.Duration(rapid.IntRange(0, spread).Draw(rt, "placed")) * time.Second)
			w.orders = append(w.orders, order.Live{
				Ref: order.Ref{ID: fmt.Sprint(i)}, Values: order.Values{Status: order.New}, CreatedInSource: placed,
				CreatedInDestination: placed.Add(time.Duration(rapid.IntRange(-5, 90).Draw(rt, "delay")) * time.Second),
			})
		}
		r := examined(rt, w, memory.LearnedAccount{})
		if got := r.Known.PageCap; got != 0 && got != w.cap {
			rt.Errorf("a cap of %d was learned, and %d is true", got, w.cap)
		}
		if got := r.Known.DateField; got != "" && got != w.filter {
			rt.Errorf("the date %s was learned, and %q is true", got, w.filter)
		}
		if got := r.Known.ListOrder; got != "" && w.sorted != "" && (w.sorted != w.filter || (got == memory.NewestFirst) != w.newest) {
			rt.Errorf("%s by the date %s was learned; newest first is %v, by %s", got, w.filter, w.newest, w.sorted)
		}
	})
}

func TestWhatCanNotBeToldStaysAsItWas(t *testing.T) {
	known := memory.LearnedAccount{PageCap: 100, ListOrder: memory.NewestFirst, DateField: memory.DateCreatedInDestination, At: noon.Add(-time.Hour)}
	same := some(40)
	for i := range same {
		same[i].CreatedInSource, same[i].CreatedInDestination = noon.Add(-time.Hour), noon.Add(-time.Hour)
	}
	for name, orders := range map[string][]order.Live{"no orders": nil, "three orders": some(3), "orders of one moment": same} {
		t.Run(name, func(t *testing.T) {
			r := examined(t, &world{orders: orders, filter: known.DateField, sorted: known.DateField, newest: true}, known)
			want := known
			want.At = noon // the clocks were compared
			if !cmp.Equal(r.Known, want) {
				t.Errorf("known is %+v, want %+v", r.Known, want)
			}
			if f := r.finding(Pages); f.Result != OK || !strings.Contains(f.Found, "100") {
				t.Errorf("of pages is told: %+v", f)
			}
			r = examined(t, &world{orders: orders, filter: known.DateField}, memory.LearnedAccount{})
			if r.Known.PageCap != 0 || r.Known.ListOrder != "" || r.finding(ListOrder).Result != NotKnown {
				t.Errorf("known is %+v", r.Known)
			}
		})
	}
}

func TestWhatIsWrongByNowIsForgotten(t *testing.T) {
	known := memory.LearnedAccount{PageCap: 20, ListOrder: memory.NewestFirst, DateField: memory.DateCreatedInDestination, ClockOffset: time.Hour, At: noon.Add(-time.Hour)}
	r := examined(t, &world{orders: some(200), filter: memory.DateCreatedInSource}, known)
	if want := (memory.LearnedAccount{DateField: memory.DateCreatedInSource, At: noon}); !cmp.Equal(r.Known, want) {
		t.Errorf("known is %+v, want %+v", r.Known, want)
	}
	if f := r.finding(Pages); f.Result != OK || !strings.Contains(f.Found, "it was 20 at most before") {
		t.Errorf("of pages is told: %+v", f)
	}
}

func TestAnAPIThatDoesNotKeepToItsDocuments(t *testing.T) {
	usual := func(w world) *world {
		w.orders, w.sorted = some(300), memory.DateCreatedInSource
		return &w
	}
	filtered := memory.DateCreatedInSource
	for name, c := range map[string]struct {
		w     *world
		check Check
		says  string
	}{
		"pages repeat each other":     {usual(world{filter: filtered, cap: 50, sticky: true}), Pages, "page 2 repeats page 1: only 50 of 300"},
		"orders are counted only":     {usual(world{filter: filtered, hidden: 5}), Pages, "counts 300 orders and lists 295"},
		"dates are ignored":           {usual(world{}), DateField, "outside of the dates"},
		"statuses are ignored":        {usual(world{filter: filtered, noStatus: true}), StatusFilter, "lists others where cancelled orders"},
		"a status is spelled another": {usual(world{filter: filtered, noCancels: true}), StatusFilter, "lists no cancelled orders"},
		"its clock is ahead":          {usual(world{filter: filtered, offset: 3 * time.Minute}), Clock, "3 min"},
		"its clock is behind":         {usual(world{filter: filtered, offset: -time.Hour}), Clock, "ahead of the API's"},
	} {
		t.Run(name, func(t *testing.T) {
			r := examined(t, c.w, memory.LearnedAccount{})
			f := r.finding(c.check)
			if f.Result != Warning || !strings.Contains(f.Found, c.says) || f.Remedy == "" {
				t.Errorf("told is %+v", f)
			}
			if Worst(r.Findings) != Warning || r.Known.PageCap != 0 {
				t.Errorf("the worst is %s, known is %+v", Worst(r.Findings), r.Known)
			}
		})
	}
}

// Where every order arrives after the same time, both dates sort a listing alike.
func TestAListingThatLooksSortedByBothDatesProvesNeither(t *testing.T) {
	w := &world{orders: some(300), filter: memory.DateCreatedInSource, sorted: memory.DateCreatedInDestination}
	for i := range w.orders {
		w.orders[i].CreatedInDestination = w.orders[i].CreatedInSource.Add(7 * time.Minute)
	}
	r := examined(t, w, memory.LearnedAccount{})
	if f := r.finding(ListOrder); r.Known.ListOrder != "" || f.Result != OK || !strings.Contains(f.Found, "is not known yet") {
		t.Errorf("known is %+v, told %+v", r.Known, f)
	}
	r = examined(t, &world{orders: w.orders, filter: w.filter, sorted: w.sorted}, memory.LearnedAccount{ListOrder: memory.OldestFirst})
	if r.Known.ListOrder != memory.OldestFirst {
		t.Errorf("known is %+v: nothing is against what was known", r.Known)
	}
	r = examined(t, &world{orders: w.orders, filter: w.filter, sorted: w.sorted}, memory.LearnedAccount{ListOrder: memory.NewestFirst})
	if r.Known.ListOrder != "" {
		t.Errorf("known is %+v, and the listing is the other way round", r.Known)
	}
}

// An account that was imported at once has thousands of orders of one moment.
func TestAHugeAccountOfOneImport(t *testing.T) {
	w := &world{orders: some(5000), filter: memory.DateCreatedInSource, sorted: memory.DateCreatedInDestination}
	for i := range w.orders {
		w.orders[i].CreatedInDestination = noon.Add(-time.Hour)
	}
	w.orders[17].CreatedInDestination = noon.Add(-2 * time.Hour)
	r := examined(t, w, memory.LearnedAccount{})
	if r.Known.DateField != memory.DateCreatedInSource || r.Known.PageCap != 0 || r.finding(Pages).Result != OK {
		t.Errorf("known is %+v, told %+v", r.Known, r.Findings)
	}
}
