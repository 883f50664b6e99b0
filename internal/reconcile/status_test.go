package reconcile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

func (s *shop) status(req reconcile.StatusRequest) *reconcile.StatusReport {
	s.Helper()
	req.Source = s.source()
	before := len(s.api.Ledger())
	found, err := reconcile.Status(s.Context(), req, s.deps, s.observe)
	if err != nil {
		s.Fatal(err)
	}
	if len(s.api.Ledger()) != before {
		s.Error("a status wrote to the API")
	}
	return found
}

// words are what is known of each change.
func words(r *reconcile.StatusReport) (all []string) {
	for _, a := range r.Open {
		all = append(all, a.Entry.Ref.SourceNumber+" "+string(a.Result.Word))
	}
	return all
}

func (s *shop) add(source, number, status string, age time.Duration) {
	s.Helper()
	if _, err := s.api.AddOrder(sandbox.NewOrder{Source: source, Number: number, Status: status, CreatedInSource: time.Now().Add(-age)}); err != nil {
		s.Fatal(err)
	}
}

// What a marketplace refuses an hour after the apply is told from what it may still show.
func TestStatusOfChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1", "112-2"))
		s.processing("112-1", "112-2")
		if r := s.status(reconcile.StatusRequest{}); len(r.Open) != 0 {
			t.Errorf("before anything was done: %q", words(r))
		}
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(25 * time.Minute)
		if diff := cmp.Diff([]string{"112-1 pending", "112-2 pending"}, slices.Sorted(slices.Values(words(s.status(reconcile.StatusRequest{}))))); diff != "" {
			t.Error(diff)
		}
		refused := "Carrier not supported"
		if err := s.api.Drift(sandbox.Drift{Order: "112-1", SyncError: &refused}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil { // reads
			t.Fatal(err)
		}
		r := s.status(reconcile.StatusRequest{Offline: true})
		if !slices.Contains(words(r), "112-1 refused_later") || r.Calls != 0 {
			t.Errorf("%q, %d calls", words(r), r.Calls)
		}
	})
}

// Walmart wants to hear of an order within four hours: it is shown from two hours before
// on. What gdfctl acknowledged is none of these, whatever reads show.
func TestStatusOfNewOrders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("200-4"))
		s.add("Walmart", "200-1", sandbox.StatusNew, 119*time.Minute)
		s.add("walmart", "200-2", sandbox.StatusNew, 2*time.Hour)
		s.add("Walmart", "200-3", sandbox.StatusNew, 241*time.Minute)
		s.add("Walmart", "200-5", sandbox.StatusProcessing, 9*time.Hour)
		s.add("Amazon", "112-1", sandbox.StatusNew, 9*time.Hour)
		s.add("Amazon", "200-4", sandbox.StatusNew, 20*time.Hour) // a row names it
		waiting := func(r *reconcile.StatusReport) (all []string) {
			for _, o := range r.Unacknowledged {
				all = append(all, fmt.Sprintf("%s %v", o.Order.SourceNumber, o.Urgent))
			}
			return all
		}
		r := s.status(reconcile.StatusRequest{})
		if diff := cmp.Diff([]string{"200-3 true", "200-2 false"}, waiting(r)); diff != "" {
			t.Error(diff)
		}
		if u := r.Unclaimed; !u.Known || u.NewOnly || u.AtLeast || u.Count != 5 || r.At.Sub(u.Oldest) > 9*time.Hour+time.Second {
			t.Errorf("%+v", u)
		}
		if r := s.status(reconcile.StatusRequest{Offline: true}); len(r.Unacknowledged) != 0 || r.Unclaimed.Known {
			t.Errorf("without a call: %+v", r)
		}
		s.write("main.hcl", shipments("200-4")+`
order "a" {
  find         = { source = "Walmart", source_order_number = "200-3" }
  status       = "acknowledged"
  order_number = "SO-3"
}
`)
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"200-2 false"}, waiting(s.status(reconcile.StatusRequest{}))); diff != "" {
			t.Errorf("once it was acknowledged:\n%s", diff)
		}
		s.write("policy.hcl", "policy {\n  severity = { ACK01 = \"error\" }\n}\n")
		if diff := cmp.Diff([]string{"200-2 true"}, waiting(s.status(reconcile.StatusRequest{}))); diff != "" {
			t.Errorf("with a policy that makes waiting an error:\n%s", diff)
		}
	})
}

// However many orders there are, a status makes ten calls at most, and says what it
// can't know.
func TestStatusMakesFewCalls(t *testing.T) {
	for name, c := range map[string]struct {
		fresh, processing, page, calls int
		want                           plan.UnclaimedNow
	}{
		"all of them":          {12, 12, 4, 8, plan.UnclaimedNow{Unclaimed: plan.Unclaimed{Count: 24}}},
		"too many processing":  {12, 30, 4, 5, plan.UnclaimedNow{Unclaimed: plan.Unclaimed{Count: 12}, NewOnly: true}},
		"too many new ones":    {60, 3, 4, 10, plan.UnclaimedNow{Unclaimed: plan.Unclaimed{Count: 36}, NewOnly: true, AtLeast: true}},
		"none":                 {0, 0, 4, 2, plan.UnclaimedNow{}},
		"just one page of new": {4, 0, 4, 3, plan.UnclaimedNow{Unclaimed: plan.Unclaimed{Count: 4}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t, fmt.Sprintf("account \"main\" {\n  page_size = %d\n}\n", c.page))
				for i := range c.fresh {
					s.add("Amazon", fmt.Sprintf("n-%d", i), sandbox.StatusNew, time.Duration(i)*time.Minute)
				}
				for i := range c.processing {
					s.add("Amazon", fmt.Sprintf("p-%d", i), sandbox.StatusProcessing, time.Duration(i)*time.Minute)
				}
				r := s.status(reconcile.StatusRequest{})
				r.Unclaimed.Oldest = time.Time{}
				c.want.Known = true
				if diff := cmp.Diff(c.want, r.Unclaimed); diff != "" || r.Calls != c.calls {
					t.Errorf("%d calls, want %d\n%s", r.Calls, c.calls, diff)
				}
			})
		})
	}
}

// An account that can't be read is told, and the rest is shown.
func TestStatusOfManyAccounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var config strings.Builder
		for i := range 7 {
			fmt.Fprintf(&config, "account \"a%d\" {\n}\n", i)
		}
		s := newShop(t, config.String())
		s.add("Walmart", "200-1", sandbox.StatusNew, 3*time.Hour)
		r := s.status(reconcile.StatusRequest{})
		if len(r.Unread) == 0 || r.Calls > 10 || r.Unclaimed.Known || !strings.Contains(r.Unread[len(r.Unread)-1].Err.Error(), "status --account a6") || len(r.Unacknowledged) == 0 {
			t.Errorf("%d calls, %+v", r.Calls, r)
		}
		if r := s.status(reconcile.StatusRequest{Account: "a6"}); len(r.Unread) != 0 || len(r.Unacknowledged) != 1 || r.Unclaimed.Count != 1 {
			t.Errorf("%+v", r)
		}
	})
}

// Errors that were there before are sorted by marketplace and text; one that is new since
// gdfctl changed the order is not among them.
func TestOlderErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-9"))
		carrier, stock := "Carrier not supported, code 17", "Quantity not available"
		for i := range 4 {
			number := fmt.Sprintf("112-%d", i)
			s.add("Amazon", number, sandbox.StatusShipped, time.Duration(10-i)*time.Hour)
			text := strings.ReplaceAll(carrier, "17", fmt.Sprint(17+i))
			if i == 3 {
				text = stock
			}
			if err := s.api.Drift(sandbox.Drift{Order: number, SyncError: &text}); err != nil {
				t.Fatal(err)
			}
		}
		s.processing("112-9")
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		if err := s.api.Drift(sandbox.Drift{Order: "112-9", SyncError: &carrier}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		found, err := reconcile.OlderErrors(t.Context(), reconcile.StatusRequest{Source: s.source()}, s.deps, s.observe)
		if err != nil || len(found) != 2 {
			t.Fatalf("%v, %+v", err, found)
		}
		if e := found[0]; e.Source != "Amazon" || len(e.Orders) != 3 || e.Orders[0].SourceNumber != "112-0" || !strings.Contains(e.Text, "not supported") || len(found[1].Orders) != 1 {
			t.Errorf("%+v, %+v", found[0], found[1])
		}
	})
}
