package reconcile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/words"
)

// NotAllowedError is a plan with actions that its run may not take. Nothing of it is
// executed.
type NotAllowedError struct{ message string }

func (e *NotAllowedError) Error() string { return e.message }

// allowed checks that the run may take every action of its plan, and may repeat every
// call whose outcome an earlier run left open.
func (a *applying) allowed() error {
	if a.req.Only == nil {
		return nil
	}
	others := map[order.Action]int{}
	for i := range a.report.Plan.Changes {
		for _, action := range a.report.Plan.Changes[i].Actions {
			others[action]++
		}
	}
	if err := a.onlyThese(others, "the plan has"); err != nil {
		return err
	}
	return a.allowedOpen()
}

// allowedOpen is that for the calls alone. Each turn of a run asks it, since the run that
// went first may have left some.
func (a *applying) allowedOpen() error {
	if a.req.Only == nil {
		return nil
	}
	open := map[order.Action]int{}
	for in := range a.session.State().OpenIntents() {
		open[in.Action]++
	}
	return a.onlyThese(open, "an earlier run left open, and this one would have to find out and repeat,")
}

func (a *applying) onlyThese(counts map[order.Action]int, what string) error {
	var others []string
	for action, n := range counts {
		if !slices.Contains(a.req.Only, action) {
			others = append(others, fmt.Sprintf("%s to %s", words.Count(n, "order", "orders"), action))
		}
	}
	if len(others) == 0 {
		return nil
	}
	slices.Sort(others)
	return &NotAllowedError{fmt.Sprintf("%s %s, and an agent may %s. Nothing was sent: run %s to do that",
		what, strings.Join(others, ", "), mayOnly(a.req.Only), a.command("apply"))}
}

// mayOnly says what a run may do.
func mayOnly(actions []order.Action) string {
	if len(actions) == 0 {
		return "change nothing"
	}
	return "only " + order.Joined(actions)
}
