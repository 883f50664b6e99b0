package text

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

func (v *planView) deferred() {
	if len(v.p.Deferred) == 0 {
		return
	}
	days := map[string]int{}
	for i := range v.p.Deferred {
		days[v.p.Deferred[i].Until.String()]++
	}
	parts := strings.Fields("Deferred: " + plural(len(v.p.Deferred), "order ships", "orders ship") + " later:")
	var ships []string
	for i, day := range slices.Sorted(maps.Keys(days)) {
		if i == firstOfGroup && !v.Full {
			ships = append(ships, "…")
			break
		}
		ships = append(ships, number(days[day])+" on "+day)
	}
	parts = append(parts, sequence(ships, ",", "")...)
	v.sentence(parts...)
	if !v.Full {
		return
	}
	for _, d := range v.p.Deferred {
		v.entry(v.s.faint("·"), v.name(d.Order, d.Address), d.Until.String(), v.s.faint(safetext.Line(d.DefinedAt.String())))
	}
}

func (v *planView) pending() {
	if len(v.p.Pending) == 0 {
		return
	}
	text := "Pending: " + plural(len(v.p.Pending), "order was", "orders were") + " changed and the API doesn't show it yet"
	v.sentence(strings.Fields(text)...)
	shown := v.first(len(v.p.Pending), fewOfMany)
	for _, o := range v.p.Pending[:shown] {
		v.entry(v.s.mark(o.Action), v.name(o.Order, o.Address), "applied "+v.clock(o.Account, o.AppliedAt))
	}
	v.more(len(v.p.Pending)-shown, "")
}

// replaced says which wishes don't stand. Releases are named one by one, since
// each has a reason that somebody wrote; of the others the first stands for all.
func (v *planView) replaced() {
	var others []*spec.Replacement
	told := map[string]int{}
	for i := range v.p.Replaced {
		r := &v.p.Replaced[i]
		if r.By != spec.StepRelease {
			others = append(others, r)
			continue
		}
		key := r.Address + " " + r.ByPlace.String()
		if told[key]++; told[key] > 1 && !v.Full {
			continue
		}
		if len(told) > firstOfGroup && !v.Full {
			continue
		}
		v.sentence(append([]string{"Released:", safetext.Line(r.Address), v.s.faint("(" + safetext.Line(r.ByPlace.String()) + "):")},
			strings.Fields(safetext.Line(r.Reason))...)...)
	}
	if n := len(told) - firstOfGroup; n > 0 && !v.Full {
		v.more(n, " released")
	}
	if len(others) > fewOfMany && !v.Full {
		first := others[0]
		v.sentence(strings.Fields(fmt.Sprintf("Left out: %s, first %s at %s (%s)", plural(len(others), "row gives way to another or is void", "rows give way to others or are void"),
			safetext.Line(first.Address), safetext.Line(first.Place.String()), first.By))...)
		return
	}
	for i, r := range others {
		if i == 0 {
			v.printf("Left out: %s\n", plural(len(others), "row", "rows"))
		}
		text := fmt.Sprintf("%s (%s) gives way to %s (%s)", safetext.Line(r.Address), safetext.Line(r.Place.String()), safetext.Line(r.ByPlace.String()), r.By)
		if r.By == spec.StepVoided {
			text = fmt.Sprintf("%s (%s) is void by %s", safetext.Line(r.Address), safetext.Line(r.Place.String()), safetext.Line(r.ByPlace.String()))
			if r.Place == r.ByPlace {
				text = fmt.Sprintf("%s (%s) is void", safetext.Line(r.Address), safetext.Line(r.Place.String()))
			}
		}
		v.printf("%s\n", v.s.flow("    ", "      ", " ", strings.Fields(text)))
	}
}

// unclaimed is the reverse question: which open orders is nothing wanted of? Of
// many accounts, the one with the most stands for all.
func (v *planView) unclaimed() {
	sum := v.p.Unclaimed()
	if sum == nil || sum.Count == 0 {
		return
	}
	accounts, most := 0, &v.p.Accounts[0]
	for i := range v.p.Accounts {
		a := &v.p.Accounts[i]
		if a.Unclaimed == nil || a.Unclaimed.Count == 0 {
			continue
		}
		if accounts++; accounts == 1 || a.Unclaimed.Count > most.Unclaimed.Count {
			most = a
		}
	}
	text := plural(sum.Count, "open order is", "open orders are") + " in no table"
	if !sum.Oldest.IsZero() {
		text += fmt.Sprintf(" (oldest %s)", words.Age(v.p.CreatedAt.Sub(sum.Oldest)))
	}
	if accounts > 1 {
		text += ", most of them in account " + safetext.Line(most.Name)
	}
	command := []string{"orders", "list", "--unclaimed"}
	if len(v.p.Accounts) > 1 {
		command = append(command, "--account", most.Name)
	}
	v.sentence(append(strings.Fields(text+":"), v.Command(command...))...)
}

// todo counts orders by what is done to them: each stands in one count. An
// order that is acknowledged and shipped counts as shipped.
func (v *planView) todo() []string {
	counts := map[order.Action]int{}
	both := 0
	for i := range v.p.Changes {
		c := &v.p.Changes[i]
		last := c.Actions[len(c.Actions)-1]
		counts[last]++
		if len(c.Actions) > 1 {
			both++
		}
	}
	var todo []string
	for _, action := range []order.Action{order.Insert, order.Ship, order.Correct, order.Cancel, order.Acknowledge} {
		if n := counts[action]; n > 0 {
			text := number(n) + " to " + string(action)
			if action == order.Ship && both > 0 {
				text += fmt.Sprintf(" (%s acknowledged first)", number(both))
			}
			todo = append(todo, text)
		}
	}
	return todo
}

func (v *planView) summary() {
	sum := v.p.Summary()
	if sum.Orders == 0 {
		v.printf("%s\n", v.s.bold("No changes: the configuration has no wishes for any order."))
		return
	}
	parts := []string{"No changes;"}
	if todo := v.todo(); len(todo) > 0 {
		todo[0] = "Plan: " + todo[0]
		parts = sequence(todo, ",", ";")
	}
	rest := []string{number(sum.NoOp) + " as wanted"}
	for _, part := range []struct {
		n    int
		word string
	}{{sum.Pending, "pending"}, {sum.Held, "held back"}, {sum.Deferred, "deferred"}, {sum.Stopped, "in stopped batches"}, {sum.Released, "released"}} {
		if part.n > 0 {
			rest = append(rest, number(part.n)+" "+part.word)
		}
	}
	parts = append(parts, sequence(rest, ";", ".")...)
	parts = append(parts, plural(sum.Orders, "order", "orders")+" in all.", "Plan hash: "+plan.ShortHash(v.Hash))
	v.printf("%s\n", v.s.bold(v.s.flow("", "  ", " ", parts)))
	v.sentence(strings.Fields(v.cost())...)
	v.reading()
}

// cost is what the plan cost and what it would cost to apply it.
func (v *planView) cost() string {
	calls := v.p.Calls()
	cost := fmt.Sprintf("Calls: %s read", number(calls.Read))
	if calls.Write == 0 {
		return cost + "."
	}
	cost += fmt.Sprintf(", %s to write", number(calls.Write))
	if calls.Check > 0 {
		cost += fmt.Sprintf(", about %s", plural(calls.Check, "reread", "rereads"))
	}
	return cost + fmt.Sprintf(". About %s%s.", words.Duration(v.p.ETA()), v.limits())
}

func (v *planView) limits() string {
	if len(v.p.Accounts) != 1 {
		return ", all accounts side by side"
	}
	a := v.p.Accounts[0]
	return fmt.Sprintf(" at %s burst, %s/s", number(a.Burst), words.Decimal(a.PerSec))
}

// sequence puts a sign behind each part and another one behind the last.
func sequence(parts []string, between, end string) []string {
	for i := range parts {
		if i < len(parts)-1 {
			parts[i] += between
		} else {
			parts[i] += end
		}
	}
	return parts
}
