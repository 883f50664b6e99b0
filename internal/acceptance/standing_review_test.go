package acceptance

import (
	"slices"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// Reviewers are shown a standing order as a rule: what is new by the time of the merge
// is acknowledged too, and nothing once the rule is another one that nobody reviewed.
func TestAStandingOrderIsAppliedAsItWasReviewed(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(3150, 12, apiserver.New, apiserver.New, apiserver.Processing)
	r := newRepository(t, oneApproval, orders)
	becomes := func(i int, status string) {
		r.world.api.Meanwhile(orders[i].ID, func(v *apiserver.Values) { v.Status, v.SourceStatus = status, status })
	}
	acknowledged := func(want ...int) {
		t.Helper()
		var got []int
		for i, o := range orders {
			for range r.world.api.Executed()[o.ID] {
				got = append(got, i)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("acknowledged were %v, want %v", got, want)
		}
	}
	const block = "standing \"walmart\" {\n  live         = { source = \"Walmart.com\", older_than = \"10m\" }\n  status       = \"acknowledged\"\n" +
		"  order_number = \"W-${live.source_order_number}\"\n  max_per_run  = 9\n}\n"
	becomes(7, apiserver.Processing)
	becomes(10, apiserver.Processing)
	p := r.approved(17, func() { r.world.write("standing.hcl", block) })
	becomes(7, apiserver.New) // after the review
	r.merge(p)
	r.applies(tip).exits(0).says("reviewed in #17, approved by carol", "Apply done: 3 applied.")
	acknowledged(1, 4, 7)

	becomes(10, apiserver.New)
	r.world.write("standing.hcl", strings.Replace(block, "W-", "X-", 1))
	r.commit("nobody was shown this")
	r.pushMain()
	r.applies(tip).exits(3)
	acknowledged(1, 4, 7)
}
