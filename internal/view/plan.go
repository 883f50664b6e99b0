package view

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// How many orders are shown unless all are asked for: of a group, and of the
// groups of changes together, of which each keeps one.
const (
	firstOfGroup  = 10
	firstOfGroups = 100
)

// Plan prints a plan for people: what is held back, what was noticed, what
// will change, then the summary and the cost. full shows every order.
func Plan(w io.Writer, s Style, p *plan.Plan, full bool) error {
	v := &planView{w: bufio.NewWriter(w), s: s, p: p, most: firstOfGroup}
	if full {
		v.most = len(p.Changes) + len(p.Held) + len(p.Pending) + len(p.Findings) + len(p.Replaced)
	}
	v.missing()
	v.stopped()
	v.held()
	v.findings()
	v.replaced()
	v.pending()
	v.changes()
	v.summary()
	return v.w.Flush()
}

type planView struct {
	w    *bufio.Writer
	s    Style
	p    *plan.Plan
	most int
}

func (v *planView) printf(format string, args ...any) { fmt.Fprintf(v.w, format, args...) }

// name is how people call an order, with the id behind it.
func (v *planView) name(ref order.Ref, address string) string {
	switch {
	case ref.SourceNumber != "" && ref.ID != "":
		return v.s.bold(safetext.Line(ref.String())) + " " + v.s.faint("("+safetext.Line(ref.ID)+")")
	case ref.SourceNumber != "" || ref.ID != "":
		return v.s.bold(safetext.Line(ref.String()))
	}
	return v.s.bold(safetext.Line(address))
}

func (v *planView) more(n int, what string) {
	if n > 0 {
		v.printf("    %s\n", v.s.faint(fmt.Sprintf("… and %s more%s; --full shows all", number(n), what)))
	}
}

// missing comes first: of these orders the plan says nothing.
func (v *planView) missing() {
	for _, m := range v.p.Missing {
		v.printf("%s %s, with %s\n      %s\n\n", v.s.red("Not read: account"), safetext.Line(m.Name), plural(m.Orders, "order", "orders"), safetext.Line(m.Message))
	}
}

// stopped tells of each batch that sends nothing in one line, with the most
// frequent reasons.
func (v *planView) stopped() {
	for _, b := range v.p.Stopped {
		var why []string
		for _, m := range b.Messages {
			why = append(why, safetext.Line(m))
		}
		v.printf("%s: %s; nothing of it is sent (%s not changed). %s\n\n", v.s.red(b.Address+" "+string(b.Code)),
			fmt.Sprintf("%s held back, %s allowed", plural(b.Held, "order is", "orders are"), number(b.MaxHeld)),
			plural(b.Orders, "other order", "other orders"), strings.Join(why, " | "))
	}
}

func (v *planView) held() {
	held := v.p.Held
	if v.most == firstOfGroup {
		held = v.p.HeldOutsideStopped()
	}
	if len(held) == 0 {
		return
	}
	v.printf("%s\n", v.s.red("Held back: "+plural(len(held), "order", "orders")))
	for i, h := range held {
		if i == v.most {
			v.more(len(held)-i, "")
			break
		}
		v.printf("  %s %s  %s\n", v.s.red("!"), v.name(h.Order, h.Address), v.s.red(string(h.Code)))
		v.printf("      %s\n", safetext.Line(h.Message))
		if h.Suggestion != "" {
			v.printf("      %s\n", safetext.Line(h.Suggestion))
		}
		v.printf("      %s\n", v.s.faint(safetext.Line(h.DefinedAt.String())))
	}
	v.printf("\n")
}

// findings are shown by rule: a hundred orders with one and the same remark
// are one line and the first few of them.
func (v *planView) findings() {
	var rulesSeen []string
	byRule := map[string][]plan.Finding{}
	for _, f := range v.p.Findings {
		if byRule[f.Rule] == nil {
			rulesSeen = append(rulesSeen, f.Rule)
		}
		byRule[f.Rule] = append(byRule[f.Rule], f)
	}
	for _, rule := range rulesSeen {
		found := byRule[rule]
		paint := v.s.yellow
		label := "Warning"
		if found[0].Severity == rules.Info {
			paint, label = v.s.faint, "Note"
		}
		v.printf("%s\n", paint(fmt.Sprintf("%s %s: %s", label, rule, plural(len(found), "order", "orders"))))
		most := min(v.most, max(3, v.most-7))
		if v.most > firstOfGroup {
			most = v.most
		}
		for i, f := range found {
			if i == most {
				v.more(len(found)-i, "")
				break
			}
			v.printf("    %s: %s\n", safetext.Line(f.Address), safetext.Line(f.Message))
		}
	}
	if len(rulesSeen) > 0 {
		v.printf("\n")
	}
}

func (v *planView) replaced() {
	if len(v.p.Replaced) == 0 {
		return
	}
	v.printf("%s\n", v.s.faint("Replaced or released: "+plural(len(v.p.Replaced), "entry", "entries")))
	for i, r := range v.p.Replaced {
		if i == v.most {
			v.more(len(v.p.Replaced)-i, "")
			break
		}
		if r.By == spec.StepRelease {
			v.printf("    %s (%s) is released at %s: %s\n", safetext.Line(r.Address), safetext.Line(r.Place.String()), safetext.Line(r.ByPlace.String()), safetext.Line(r.Reason))
			continue
		}
		v.printf("    %s (%s) gives way to %s (%s)\n", safetext.Line(r.Address), safetext.Line(r.Place.String()), safetext.Line(r.ByPlace.String()), r.By)
	}
	v.printf("\n")
}

func (v *planView) pending() {
	if len(v.p.Pending) == 0 {
		return
	}
	v.printf("%s\n", v.s.faint("Pending: "+plural(len(v.p.Pending), "order was", "orders were")+" changed and the API doesn't show it yet"))
	for i, o := range v.p.Pending {
		if i == v.most {
			v.more(len(v.p.Pending)-i, "")
			break
		}
		v.printf("  %s %s  applied %s\n", v.s.mark(o.Action), v.name(o.Order, o.Address), o.AppliedAt.UTC().Format("2006-01-02 15:04:05Z"))
	}
	v.printf("\n")
}

func (v *planView) changes() {
	type group struct {
		title   string
		changes []*plan.Change
	}
	var groups []*group
	index := map[string]*group{}
	for i := range v.p.Changes {
		c := &v.p.Changes[i]
		block, _, _ := strings.Cut(c.Address, "[")
		key := block + ": " + actionWords(c.Actions)
		if len(v.p.Accounts) > 1 {
			key = c.Account + ": " + key
		}
		if index[key] == nil {
			index[key] = &group{title: key}
			groups = append(groups, index[key])
		}
		index[key].changes = append(index[key].changes, c)
	}
	most := v.most
	if most == firstOfGroup {
		most = max(1, min(most, firstOfGroups/max(1, len(groups))))
	}
	for _, g := range groups {
		v.printf("%s %s\n", v.s.bold(safetext.Line(g.title)), v.s.bold(plural(len(g.changes), "order", "orders")))
		for i, c := range g.changes {
			if i == most {
				v.more(len(g.changes)-i, " to "+actionWords(c.Actions))
				break
			}
			v.change(c)
		}
		v.printf("\n")
	}
}

func actionWords(actions []order.Action) string {
	words := make([]string, len(actions))
	for i, a := range actions {
		words[i] = string(a)
	}
	return strings.Join(words, " and ")
}

func (v *planView) change(c *plan.Change) {
	var marks []string
	for _, a := range c.Actions {
		marks = append(marks, v.s.mark(a))
	}
	v.printf("  %s %s\n", strings.Join(marks, " "), v.name(c.Order, c.Address))
	for _, d := range differences(c) {
		v.printf("      %-16s %s → %s\n", d.field, v.s.faint(d.before), d.after)
	}
	if c.Reason != "" {
		v.printf("      %-16s %s\n", "reason", safetext.Line(c.Reason))
	}
}

func (v *planView) summary() {
	sum, calls := v.p.Summary(), v.p.Calls()
	var todo []string
	add := func(n int, what string) {
		if n > 0 {
			todo = append(todo, number(n)+" to "+what)
		}
	}
	add(sum.Insert, "insert")
	add(sum.Ship, "ship")
	add(sum.Correct, "correct")
	add(sum.Cancel, "cancel")
	add(sum.Acknowledge, "acknowledge")
	rest := []string{number(sum.NoOp) + " as wanted"}
	if sum.Pending > 0 {
		rest = append(rest, number(sum.Pending)+" pending")
	}
	if sum.Held > 0 {
		rest = append(rest, number(sum.Held)+" held back")
	}
	head := "No changes"
	if len(todo) > 0 {
		head = "Plan: " + strings.Join(todo, ", ")
	}
	if sum.Orders == 0 {
		v.printf("%s\n", v.s.bold("No changes: the configuration wants nothing of any order."))
		return
	}
	v.printf("%s\n", v.s.bold(head+"; "+strings.Join(rest, "; ")+"."))
	cost := fmt.Sprintf("Calls: %s read", number(calls.Read))
	if calls.Write > 0 {
		cost += fmt.Sprintf(", %s to write", number(calls.Write))
		if calls.Check > 0 {
			cost += fmt.Sprintf(", about %s to check again", number(calls.Check))
		}
		cost += fmt.Sprintf(". About %s%s.", duration(v.p.ETA()), v.limits())
	} else {
		cost += "."
	}
	v.printf("%s\n", cost)
	v.reading()
}

func (v *planView) limits() string {
	if len(v.p.Accounts) != 1 {
		return ", all accounts side by side"
	}
	a := v.p.Accounts[0]
	return fmt.Sprintf(" at %s burst, %s/s", number(a.Burst), decimals(a.PerSec))
}

// Violations prints the limits of a policy that a plan exceeds.
func Violations(w io.Writer, s Style, violations []plan.Violation) {
	for _, v := range violations {
		fmt.Fprintf(w, "%s The plan exceeds the policy's %s: %s.\n", s.red("Error:"), s.bold(v.Limit), safetext.Line(v.Message))
	}
	fmt.Fprintf(w, "  Nothing was changed. Look for the cause first; if the plan is right, raise the limit in the policy block, in review.\n")
}
