package markdown

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
)

// Plan prints a plan for whoever reviews it: what keeps it from being carried
// out, what can't be undone, what is held back, and then the rest.
func Plan(w io.Writer, d *report.Plan) error {
	intro := marked(d.Mark) + fmt.Sprintf("## Plan\n\n%s\n\n%s\n\nPlan hash: <code>%s</code>. Made at %s.\n",
		strings.Join(d.Sums, " "), d.Cost, d.PlanHashShort, d.CreatedAt.UTC().Format(time.RFC3339))
	if len(d.Partial) > 0 {
		intro += "\nThis plan is partial: " + code(strings.Join(d.Partial, ", ")) + "\n"
	}
	unsettled := &section{title: "Not planned: calls whose outcome is not known yet", columns: []string{"order", "run"}}
	for _, o := range d.Unsettled {
		unsettled.add(orderName(o.Order, o.Address), code(o.RunID))
	}
	limits := &section{title: "Beyond the policy: nothing is changed", columns: []string{"limit", "why"}}
	for _, v := range d.Violations {
		limits.add(code(v.Limit), code(v.Message))
	}
	missing := &section{title: "Accounts that could not be read", columns: []string{"account", "why"}}
	for _, m := range d.Missing {
		missing.add(code(m.Name), code(m.Message))
	}
	stopped := &section{title: "Stopped batches", columns: []string{"batch", "why"}}
	for _, b := range d.Stopped {
		stopped.add(code(b.Address), code(strings.Join(b.Messages, "; ")))
	}
	held := &section{title: "Held back", columns: []string{"order", "why"}}
	for _, group := range d.HeldByCode {
		for _, h := range group {
			held.add(orderName(h.Order, h.Address), code(string(h.Code))+"<br>"+code(h.Message)+"<br>"+code(h.DefinedAt.String()))
		}
	}
	findings := &section{title: "Findings", columns: []string{"address", "what"}}
	for _, group := range d.FoundByRule() {
		for _, f := range group.Findings {
			findings.add(code(f.Address), code(string(f.Severity)+" "+f.Rule)+"<br>"+code(f.Message))
		}
	}
	sections := []*section{limits, missing, stopped}
	changes := d.ByAction()
	var ordinary []*section
	for _, kind := range []struct {
		action order.Action
		title  string
	}{{order.Cancel, "Cancel: this can't be undone"}, {order.Correct, "Correct tracking numbers"}, {order.Ship, "Ship"}, {order.Acknowledge, "Acknowledge"}} {
		s := &section{title: kind.title, columns: []string{"order", "change"}}
		for _, c := range changes[kind.action] {
			s.add(orderName(c.Order, c.Address), change(c))
		}
		if kind.action == order.Cancel || kind.action == order.Correct {
			sections = append(sections, s)
		} else {
			ordinary = append(ordinary, s)
		}
	}
	return write(w, intro, append(append(sections, held, unsettled, findings), ordinary...)...)
}

// orderName is how people call an order.
func orderName(ref order.Ref, address string) string { return code(cmp.Or(ref.String(), address)) }

// change is what is sent of an order.
func change(c *plan.Change) string {
	switch c.Actions[len(c.Actions)-1] {
	case order.Cancel:
		return code(cmp.Or(c.Reason, "no reason"))
	case order.Correct:
		return code(c.Before.Tracking) + " → " + code(strings.TrimSpace(c.After.Carrier+" "+c.After.Tracking))
	case order.Acknowledge:
		return code(c.After.OrderNumber)
	}
	return code(strings.TrimSpace(c.After.Carrier + " " + cmp.Or(c.After.Tracking, "no number")))
}
