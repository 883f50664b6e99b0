package reconcile_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// swallowing is an API that accepts inserts and makes no order of them.
type swallowing struct {
	*shop
	inserts atomic.Int32 // the lanes of a run send at the same time
}

func (s *swallowing) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(req.URL.Path, "/InsertOrder") {
		return s.shop.RoundTrip(req)
	}
	s.inserts.Add(1)
	body := io.NopCloser(strings.NewReader(`{"Success":true,"Message":""}`))
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: body, Request: req}, nil
}

// mustExist writes a table of orders that must exist.
func (s *shop) mustExist(numbers ...string) {
	s.Helper()
	var rows strings.Builder
	for _, number := range numbers {
		fmt.Fprintf(&rows, `{"OrderSource":"Phone","OrderSourceOrderNumber":%q,"DateCreatedInOrderSource":%q,"BuyerEmailAddress":"p@example.com","BuyerPhoneNumber":"555",`+
			`"ShipToCompanyName":"","FirstName":"Ada","LastName":"Quill","Street1":"1 Inkwell Lane","City":"Papertown","StateOrProvince":"MA","Country":"US","PostalCode":"02901",`+
			`"ShippingMethod":"Ground","GrandTotal":25.10,"SubTotal":25.10,"OrderItems":[{"Sku":"A","Name":"Pen","Quantity":2,"UnitPrice":12.55}]}`+"\n",
			number, time.Now().Add(-time.Hour).UTC().Format(time.RFC3339))
	}
	s.write("orders.jsonl", rows.String())
}

// insertsSaid are the words of plan, verify and status about inserts, in this order.
func (s *shop) insertsSaid() (all []string) {
	s.Helper()
	p, err := s.plan(reconcile.PlanRequest{})
	if err != nil {
		s.Fatal(err)
	}
	for _, pending := range p.Plan.Pending {
		word := uptake.Pending
		if pending.NotTaken {
			word = uptake.NotTaken
		}
		all = append(all, "plan: "+string(word))
	}
	for _, o := range s.verify(0).Orders {
		all = append(all, fmt.Sprintf("verify: %s", o.Result.Word))
	}
	for _, a := range s.status(reconcile.StatusRequest{}).Open {
		all = append(all, fmt.Sprintf("status: %s", a.Result.Word))
	}
	return all
}

// All agree on an insert that the API accepted and that no listing shows, as its
// marketplace's time says; it is told once, and never sent again. They agree on one that is
// there, and on one that is there twice.
func TestAllAgreeOnAnInsertThatNoListingShows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, `
account "main" {
  take_time = "1h"
  source "Phone" {
    take_time = "3h"
  }
}
new_orders "phone" {
  rows = jsonl("orders.jsonl")
}
notify "all" {
  webhook = env.HOOK
  on      = ["not_taken"]
}
`)
		api := &swallowing{shop: s}
		s.deps.Transport = api
		s.mustExist("P-1", "P-2")
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		expect := func(when, word string, n int) {
			t.Helper()
			var want []string
			for _, command := range []string{"plan: ", "verify: ", "status: "} {
				want = append(want, slices.Repeat([]string{command + word}, n)...)
			}
			if diff := cmp.Diff(want, s.insertsSaid()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		expect("at once", "pending", 2)
		time.Sleep(2 * time.Hour)
		expect("after the account's time", "pending", 2)
		time.Sleep(2 * time.Hour)
		expect("after its marketplace's time", "not_taken", 2)
		if told := strings.Join(s.posted, "\n"); strings.Count(told, `"type":"not_taken"`) != 2 || !strings.Contains(told, "never inserted again by itself") {
			t.Errorf("told: %s", told)
		}
		if _, err := reconcile.Apply(t.Context(), reconcile.ApplyRequest{Scope: s.scope(), Resend: &reconcile.ResendRequest{Refused: true, Reason: "by phone"}}, s.deps, s.observe); err != nil {
			t.Errorf("resend --refused: %s", err)
		}
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Error(err)
		}
		if n := api.inserts.Load(); n != 2 {
			t.Errorf("inserted %d times", n)
		}
		if _, err := s.api.AddOrder(sandbox.NewOrder{Source: "Phone", Number: "P-1"}); err != nil {
			t.Fatal(err)
		}
		if r := s.verify(0); r.Closed != 0 || r.Calls > 4 || len(r.Orders) != 2 {
			t.Errorf("one is there: %d closed of %d, in %d calls", r.Closed, len(r.Orders), r.Calls)
		}
		said := []string{"plan: not_taken", "verify: verified", "verify: not_taken", "status: verified", "status: not_taken"}
		if diff := cmp.Diff(said, s.insertsSaid()); diff != "" {
			t.Errorf("one is there (-want +got):\n%s", diff)
		}
		for _, number := range []string{"P-1", "P-2", "P-2"} { // the first one comes a second time
			if _, err := s.api.AddOrder(sandbox.NewOrder{Source: "Phone", Number: number}); err != nil {
				t.Fatal(err)
			}
		}
		if r := s.verify(time.Hour); r.Closed != 0 || len(r.Orders) != 2 || len(r.Orders[0].Twice) != 2 || len(r.Orders[1].Twice) != 2 {
			t.Errorf("there twice: %d closed, %+v", r.Closed, r.Orders)
		}
		for _, a := range s.status(reconcile.StatusRequest{}).Open {
			if a.Result.Word != uptake.Twice {
				t.Errorf("status: %s", a.Result.Word)
			}
		}
		p, err := s.plan(reconcile.PlanRequest{})
		if err != nil || len(p.Plan.Held) != 2 || p.Plan.Held[0].Code != plan.InsertTwice {
			t.Errorf("there twice: %v, %+v", err, p.Plan.Held)
		}
	})
}

// An inserted order is closed by a read a day later: until then a second one, or a refusal, can come.
func TestAnInsertIsClosedADayLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, "new_orders \"phone\" {\n  rows = jsonl(\"orders.jsonl\")\n}\n")
		s.mustExist("P-1", "P-2")
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if r := s.verify(0); r.Closed != 0 || len(r.Orders) != 2 || r.Orders[0].Result.Word != uptake.Verified || !r.Orders[0].Result.Done {
			t.Errorf("an hour later: %+v", r)
		}
		if err := s.api.Drift(sandbox.Drift{Order: "P-2", SyncError: new("The address does not exist")}); err != nil {
			t.Fatal(err)
		}
		p, err := s.plan(reconcile.PlanRequest{})
		if err != nil || len(p.Plan.Findings) != 1 || p.Plan.Findings[0].Rule != plan.RefusedLater || !strings.Contains(p.Plan.Findings[0].Message, "does not exist") {
			t.Errorf("a refusal: %v, %+v", err, p.Plan.Findings)
		}
		time.Sleep(24 * time.Hour)
		if r := s.verify(0); r.Closed != 1 || len(r.Orders) != 2 {
			t.Errorf("a day later: %d closed, %+v", r.Closed, r.Orders)
		}
		if r := s.verify(0); len(r.Orders) != 1 || r.Orders[0].Result.Word != uptake.RefusedLater {
			t.Errorf("and then: %+v", r.Orders)
		}
	})
}

// An inserted order that was seen, and that nobody looked at until no listing reached it any more, is closed as
// it was last seen: it is neither pending nor in need of anybody.
func TestAnInsertThatWasSeenIsClosedWhenNothingReachesIt(t *testing.T) {
	for name, look := range map[string]func(s *shop){
		"by verify": func(s *shop) { s.verify(0) },
		"by apply": func(s *shop) {
			r, err := s.apply(s.Context(), reconcile.ApplyRequest{})
			if err != nil || len(r.Plan.Pending) > 0 || len(r.Plan.Held) > 0 {
				s.Errorf("%v, %+v", err, r)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t, "account \"main\" {\n  lookback = \"1d\"\n}\nnew_orders \"phone\" {\n  rows = jsonl(\"orders.jsonl\")\n}\n")
				s.mustExist("P-1")
				if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				s.verify(0)
				time.Sleep(48 * time.Hour)
				look(s)
				if r := s.verify(0); len(r.Orders) != 0 {
					t.Errorf("open: %+v", r.Orders)
				}
			})
		})
	}
}

// An error of a shipment is not one of the insert before it.
func TestAnErrorAfterAShipmentIsNotOfTheInsert(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, "new_orders \"phone\" {\n  rows = jsonl(\"orders.jsonl\")\n}\n")
		s.mustExist("P-1")
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		shipped := sandbox.StatusShipped
		if err := s.api.Drift(sandbox.Drift{Order: "P-1", Status: &shipped, SyncError: new("Carrier not supported")}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(25 * time.Hour)
		if r := s.verify(0); len(r.Orders) != 1 || r.Closed != 1 || r.Orders[0].Result.Word != uptake.Verified {
			t.Errorf("%+v", r)
		}
	})
}

// Where no listing reaches an insert, there is nothing to wait for.
func TestVerifyDoesNotWaitForWhatNoReadReaches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, "account \"main\" {\n  lookback = \"1d\"\n}\nnew_orders \"phone\" {\n  rows = jsonl(\"orders.jsonl\")\n}\n")
		s.deps.Transport = &swallowing{shop: s}
		s.mustExist("P-1")
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(48 * time.Hour)
		if reads, words := s.reads(24 * time.Hour); len(reads) > 1 || words != "pending" {
			t.Errorf("%s, read at %q", words, reads)
		}
	})
}

// A change that was not taken needs a person, in the report of every scheduled run.
func TestScheduledRunsCountWhatIsPending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, `
account "main" {
  take_time = "1h"
}
new_orders "phone" {
  rows = jsonl("orders.jsonl")
}
schedule "apply" {
  every  = "10m"
  run    = "apply"
  target = ["new_orders.phone"]
  limits {
    max_changes = 10
  }
}
schedule "verify" {
  every = "10m"
  run   = "verify"
}
`)
		s.deps.Transport = &swallowing{shop: s}
		s.mustExist("P-1", "P-2")
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{2, 0} {
			for _, schedule := range []string{"apply", "verify"} {
				r, err := reconcile.RunScheduled(t.Context(), reconcile.ScheduledRequest{Source: s.source(), Schedule: schedule}, s.deps, s.observe)
				if err != nil {
					t.Fatal(err)
				}
				if r.Pending != want || strings.Contains(r.Message, "2 for a person") != (want == 0) {
					t.Errorf("%s: %d pending, want %d: %s", schedule, r.Pending, want, r.Message)
				}
			}
			time.Sleep(2 * time.Hour)
		}
	})
}
