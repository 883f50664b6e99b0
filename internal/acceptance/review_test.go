package acceptance

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
)

const oneApproval = "policy {\n  min_approvals = 1\n}\n"

// approved opens a pull request with these changes, publishes its plan, and has carol
// approve it.
func (r *repository) approved(number int, changes ...func()) *forges.Pull {
	r.t.Helper()
	p := r.open(number, changes...)
	r.publish(p)
	r.review(p, "carol", "APPROVED")
	return p
}

// shipped lists the orders to which something was shipped, by their places in all, each
// time once.
func (r *repository) shipped(all []apiserver.Order) []int {
	var found []int
	ids, writes := r.world.api.Sequence()
	for n, id := range ids {
		for i, o := range all {
			if o.ID == id && writes[n].Op == apiserver.Ship {
				found = append(found, i)
			}
		}
	}
	slices.Sort(found)
	return found
}

func (r *repository) shippedAre(all []apiserver.Order, want ...int) {
	r.t.Helper()
	if got := r.shipped(all); !slices.Equal(want, got) {
		r.t.Errorf("shipped were %v, want %v", got, want)
	}
}

// What was approved is sent, whichever way a forge merges it: by a merge commit, squashed,
// rebased, or by a queue. Each change is recorded with its pull request.
func TestEachWayToMergeSendsTheSame(t *testing.T) {
	t.Parallel()
	for name, merge := range merges {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			orders := apiserver.Generate(3100, 5, apiserver.Processing)
			r := newRepository(t, oneApproval, orders)
			first := r.approved(17, func() { r.ships("a", orders, 0) }, func() { r.ships("b", orders, 1) })
			second := r.approved(18, func() { r.ships("c", orders, 2) }, func() { r.ships("c", orders, 2, 3) })
			merge(r, first, second)
			r.applies(tip).exits(0).says("reviewed in #17, approved by carol", "reviewed in #18, approved by carol", "Apply done: 4 applied.")
			r.shippedAre(orders, 0, 1, 2, 3)
			r.applies(tip).exits(0).says("Nothing that was reviewed is left to do.")
			r.shippedAre(orders, 0, 1, 2, 3)

			r.applier.run("audit", "list").exits(0).says("APPROVED BY", "carol")
			for _, e := range r.recorded() {
				p, number := first, "/17"
				if e.Order.Number == orders[2].SourceNumber || e.Order.Number == orders[3].SourceNumber {
					p, number = second, "/18"
				}
				if !strings.HasSuffix(e.PullRequest, number) || e.Author != "ann" || !slices.Equal(e.Approvers, []string{"carol"}) || e.Merger != "merger" ||
					e.Head != p.Head || e.Base != p.Base || e.Merge != p.Merge || e.Plan == "" {
					t.Errorf("recorded is %+v of %s", e, number)
				}
			}
		})
	}
}

// recordedReview is what the audit log keeps of a review.
type recordedReview struct {
	PullRequest string   `json:"pull_request"`
	Author      string   `json:"author"`
	Approvers   []string `json:"approvers"`
	Merger      string   `json:"merger"`
	Head        string   `json:"head_commit"`
	Base        string   `json:"base_commit"`
	Merge       string   `json:"merge_commit"`
	Plan        string   `json:"plan_hash"`
	Order       struct {
		Number string `json:"source_order_number"`
	} `json:"order"`
}

func (r *repository) recorded() (all []recordedReview) {
	r.t.Helper()
	r.applier.run("audit", "verify").exits(0)
	listed := r.applier.run("audit", "list", "--json").exits(0)
	for decoder := json.NewDecoder(strings.NewReader(listed.stdout)); decoder.More(); {
		var e recordedReview
		if err := decoder.Decode(&e); err != nil {
			r.t.Fatal(err)
		}
		all = append(all, e)
	}
	if len(all) == 0 {
		r.t.Error("nothing is recorded")
	}
	return all
}

// A job of the pull request that lies plans something else under the approved commit, and
// even gets it approved: another number, and a cancel. Neither is sent.
func TestAForgedPlanSendsNothing(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(3200, 3, apiserver.Processing)
	r := newRepository(t, oneApproval, orders)
	p := r.open(17, func() { r.ships("a", orders, 0, 1) })
	r.publish(p)
	r.publish(p, func(w *world) {
		w.table("shipments/a.csv", shipColumns, [][]string{shipRow(orders[0], "", trackingOf(900), "UPS", ""), shipRow(orders[1], "", trackingOf(1), "UPS", "")})
		w.write("cancel.hcl", cancelOf(orders[2]))
	})
	r.review(p, "carol", "APPROVED")
	r.merge(p)
	r.applies(tip).exits(3).says("1 not reviewed", "plan", "showed another change")
	r.shippedAre(orders, 1)
	r.expect(orders, map[string]want{orders[1].ID: {status: apiserver.Shipped, number: orders[1].Number, tracking: trackingOf(1), carrier: "UPS", writes: []string{apiserver.Ship}}})
}

func cancelOf(o apiserver.Order) string {
	return "order \"gone\" {\n  find   = { source = \"" + o.Source + "\", source_order_number = \"" + o.SourceNumber + "\" }\n  status = \"cancelled\"\n  reason = \"out of stock\"\n}\n"
}

// A pull request that is behind main was planned to ship what another one cancels: the
// order is canceled and never shipped, and the rest goes out.
func TestAPullRequestBehindMain(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(3300, 3, apiserver.Processing)
	r := newRepository(t, oneApproval, orders)
	base := r.open(16, func() { r.ships("x", orders, 0) })
	r.merge(base) // without an approval: only later pull requests show it
	cancels := r.approved(17, func() {
		r.ships("x", orders)
		r.write("cancel.hcl", cancelOf(orders[0]))
	})
	ships := r.open(18, func() { r.ships("y", orders, 1, 2) })
	r.publish(ships) // ships orders[0] too
	r.review(ships, "carol", "APPROVED")
	r.merge(cancels, ships)
	r.applies(tip).exits(0).says("Apply done: 3 applied.")
	r.shippedAre(orders, 1, 2)
	if is := r.world.api.Order(orders[0].ID); is.Status != apiserver.Canceled {
		t.Errorf("%+v", is.Values)
	}
}

// The runs of two merges never came: the third sends what all three showed, once.
func TestRunsThatWereDropped(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(3400, 4, apiserver.Processing)
	r := newRepository(t, oneApproval, orders)
	r.applies(tip).exits(0)
	for i, name := range []string{"a", "b", "c"} {
		r.merge(r.approved(17+i, func() { r.ships(name, orders, i) }))
		if i == 0 {
			r.applies(tip).exits(0)
			r.shippedAre(orders, 0)
		}
	}
	r.merge(r.approved(20, func() { r.ships("d", orders, 3) }))
	said := r.applies(tip, "--json", "--markdown", "result.md").exits(0)
	r.shippedAre(orders, 0, 1, 2, 3)
	if strings.Count(said.stdout, `"approvers":["carol"]`) != 3 {
		t.Error(said.stdout)
	}
	if report := r.applier.read("result.md"); strings.Count(report, ", reviewed in #") != 3 || !strings.Contains(report, "reviewed in #20, approved by carol") {
		t.Error(report)
	}
}

// Yesterday's job is run again after a newer one: nothing is sent, unless that is asked
// for, and then it is on record.
func TestAJobThatIsRunAgain(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(3500, 2, apiserver.Processing)
	r := newRepository(t, oneApproval, orders)
	r.merge(r.approved(17, func() { r.ships("a", orders, 0) }))
	yesterday := r.git(r.world, "rev-parse", "main")
	r.merge(r.approved(18, func() { r.ships("a", orders); r.ships("b", orders, 1) }))
	r.applies(tip).exits(0)
	r.shippedAre(orders, 1)
	r.applies(yesterday).exits(1).says("nothing was sent", "--older")
	r.shippedAre(orders, 1)
	r.applies(yesterday, "--older").exits(0)
	r.shippedAre(orders, 0, 1)
	r.applier.run("audit", "list", "--action", "apply_older").exits(0).says("does not contain the commit that was applied last")
}

// A policy that the pull request itself lifts does not count less than that of another
// directory.
func TestAPolicyThatThePullRequestLifts(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(3600, 1, apiserver.Processing)
	r := newRepository(t, oneApproval, orders)
	r.write("../policy/main.hcl", oneApproval)
	p := r.open(17, func() {
		r.write("main.hcl", strings.Replace(r.read("main.hcl"), oneApproval, "", 1))
		r.ships("a", orders, 0)
	})
	r.publish(p)
	r.merge(p)
	dir := r.root + "/policy"
	r.applies(tip, "--policy-dir", dir).exits(3).says("pull request #17 needs 1 approval of one plan (min_approvals): nobody reviewed it")
	r.shippedAre(orders)
	r.review(p, "rita", "APPROVED")
	r.applies(tip, "--policy-dir", dir).exits(3).says("rita has no write permission")
	r.review(p, "carol", "APPROVED")
	r.applies(tip, "--policy-dir", dir).exits(0).says("approved by carol")
	r.shippedAre(orders, 0)
}

// The token goes to the forge alone, and where nobody can be asked nothing is sent.
func TestNothingIsSentWhereTheForgeCannotBeAsked(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(3700, 1, apiserver.Processing)
	r := newRepository(t, oneApproval, orders)
	r.merge(r.approved(17, func() { r.ships("a", orders, 0) }))
	r.api = "http://127.0.0.1:1/api/v3"
	r.applies(tip).exits(1).says("nothing was sent, because it is not known what was reviewed", "no connection")
	r.applier.extra = nil
	r.applier.run("apply", "--published").exits(1).says("the forge can't be asked who approved", "GITHUB_API_URL")
	r.applier.run("apply", "--auto-approve").exits(1).says("min_approvals, main.hcl:", "gdfctl apply --published")
	r.shippedAre(orders)
}
