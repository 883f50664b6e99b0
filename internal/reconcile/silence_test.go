package reconcile_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

func (s *shop) verify(wait time.Duration) *reconcile.VerifyChangesReport {
	s.Helper()
	s.events = nil
	r, err := reconcile.VerifyChanges(s.Context(), reconcile.VerifyChangesRequest{Source: s.source(), Wait: wait}, s.deps, s.observe)
	if err != nil {
		s.Fatal(err)
	}
	return r
}

// refuses makes a marketplace report an error of an order.
func (s *shop) refuses(number, words string) {
	s.Helper()
	if err := s.api.Drift(sandbox.Drift{Order: number, SyncError: &words}); err != nil {
		s.Fatal(err)
	}
}

// toldBy are the commands that report that a change was refused later.
func (s *shop) toldBy() (all []string) {
	s.Helper()
	refused := func(a plan.Accepted) bool { return string(a.Result.Word) == plan.RefusedLater }
	p, err := s.plan(reconcile.PlanRequest{})
	if err != nil {
		s.Fatal(err)
	}
	if slices.ContainsFunc(p.Plan.Findings, func(f plan.Finding) bool { return f.Rule == plan.RefusedLater }) {
		all = append(all, "plan")
	}
	if slices.ContainsFunc(s.verify(0).Orders, func(v reconcile.Verified) bool { return refused(v.Accepted) }) {
		all = append(all, "verify")
	}
	if slices.ContainsFunc(s.status(reconcile.StatusRequest{}).Open, refused) {
		all = append(all, "status")
	}
	x, err := reconcile.Explain(s.Context(), reconcile.ExplainRequest{Source: s.source(), Order: "112-1"}, s.deps, s.observe)
	if err != nil {
		s.Fatal(err)
	}
	if o := x.Orders[0]; o.Uptake != nil && string(o.Uptake.Word) == plan.RefusedLater && !o.Silenced {
		all = append(all, "explain")
	}
	for _, body := range s.posted {
		if strings.Contains(body, `"refused_later"`) {
			all = append(all, "event")
		}
	}
	s.posted = nil
	return all
}

// A release silences what the marketplace refused for all that tell of it, and so it is
// once the marketplace says something else, whichever command reads that first.
func TestAllAgreeOnWhatAReleaseSilences(t *testing.T) {
	const hook = `
notify "all" {
  webhook = env.HOOK
  on      = ["refused_later"]
}
`
	for name, release := range map[string]string{
		"as the block names it": `find   = { source = "Amazon", source_order_number = "112-1" }`,
		"in another way":        `find   = { order_number = "SO-112-1" }`,
		"of what nobody names":  `find   = { source = "Amazon", source_order_number = "112-1" }`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t, shipments("112-1", "112-2")+hook)
				s.processing("112-1", "112-2")
				if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
					t.Fatal(err)
				}
				all := []string{"plan", "verify", "status", "explain", "event"}
				known := []string{"plan", "verify", "status", "explain"} // each event is sent once
				expect := func(when string, want []string) {
					t.Helper()
					time.Sleep(2 * time.Hour)
					if got := s.toldBy(); !slices.Equal(got, want) {
						t.Errorf("%s: told by %q, want %q", when, got, want)
					}
				}
				s.refuses("112-1", "Carrier not supported")
				expect("refused", all)
				blocks := shipments("112-1", "112-2")
				if name == "of what nobody names" {
					blocks = shipments("112-2")
				}
				say := func(reason string) {
					s.write("main.hcl", blocks+hook+"\nrelease \"r\" {\n  "+release+"\n  reason = \""+reason+"\"\n}\n")
				}
				say("by phone")
				expect("released", nil)
				s.refuses("112-1", "The address is wrong")
				expect("in other words", all)
				expect("and later", known)
				say("the address was corrected by phone")
				expect("another reason", nil)
				s.write("main.hcl", shipments("112-1", "112-2")+hook)
				expect("no release any more", all)
			})
		})
	}
}
