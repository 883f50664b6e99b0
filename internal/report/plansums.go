package report

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// lastActions counts orders by what is done to them last: each stands in one count.
func (r *Plan) lastActions() map[order.Action]int {
	orders := map[order.Action]int{}
	for i := range r.Changes {
		orders[lastAction(&r.Changes[i])]++
	}
	return orders
}

// todo is what is done to orders, in numbers.
func (r *Plan) todo() []string {
	both, orders := 0, r.lastActions()
	for i := range r.Changes {
		if len(r.Changes[i].Actions) > 1 {
			both++
		}
	}
	var todo []string
	for _, action := range []order.Action{order.Ship, order.Correct, order.Cancel, order.Acknowledge, order.Insert} {
		if n := orders[action]; n > 0 {
			text := words.Number(n) + " to " + string(action)
			if action == order.Ship && both > 0 {
				text += fmt.Sprintf(" (%s acknowledged first)", words.Number(both))
			}
			todo = append(todo, text)
		}
	}
	return todo
}

// sums is what the plan does, and how many orders it leaves as they are.
func (r *Plan) sums() []string {
	s := r.Summary
	if s.Orders == 0 && len(r.Standing) > 0 {
		return []string{"No changes:", "no order is to be acknowledged now."}
	}
	if s.Orders == 0 {
		return []string{"No changes:", "the configuration has no wishes for any order."}
	}
	parts := []string{"No changes;"}
	if todo := r.todo(); len(todo) > 0 {
		head := "Plan: "
		if r.Changes[0].Resend { // then all are
			head = "Plan to send again: "
		}
		todo[0] = head + todo[0]
		parts = Sequence(todo, ",", ";")
	}
	rest := []string{words.Number(s.NoOp) + " as wanted"}
	for _, part := range []struct {
		n    int
		word string
	}{{s.Pending, "pending"}, {s.Unsettled, "with a call whose outcome is not known yet"}, {s.Held, "held back"}, {s.Deferred, "deferred"}, {s.Stopped, "in stopped batches"}, {s.Released, "released"}} {
		if part.n > 0 {
			rest = append(rest, words.Number(part.n)+" "+part.word)
		}
	}
	parts = append(parts, Sequence(rest, ";", ".")...)
	return append(parts, words.Count(s.Orders, "order", "orders")+" in all.")
}

// cost is what the plan cost and what it would cost to apply it.
func (r *Plan) cost(eta time.Duration) string {
	cost := fmt.Sprintf("Calls: %s read", words.Number(r.Calls.Read))
	if r.Calls.Write == 0 {
		return cost + "."
	}
	cost += fmt.Sprintf(", %s to write", words.Number(r.Calls.Write))
	if r.Calls.Check > 0 {
		cost += fmt.Sprintf(", about %s", words.Count(r.Calls.Check, "reread", "rereads"))
	}
	limits := ", all accounts side by side"
	if len(r.Accounts) == 1 {
		a := r.Accounts[0]
		limits = fmt.Sprintf(" at %s burst, %s/s", words.Number(a.Burst), words.Decimal(a.PerSecond))
	}
	return cost + fmt.Sprintf(". About %s%s.", words.Duration(eta), limits)
}

// Sequence puts a sign behind each part and another one behind the last.
func Sequence(parts []string, between, end string) []string {
	for i := range parts {
		if i < len(parts)-1 {
			parts[i] += between
		} else {
			parts[i] += end
		}
	}
	return parts
}

// DeferredDay is how many deferred orders ship on a day.
type DeferredDay struct {
	Day    string
	Orders int
}

func deferredDays(deferred []plan.Deferred) []DeferredDay {
	counts := map[string]int{}
	for i := range deferred {
		if until := deferred[i].Until; !until.IsZero() {
			counts[until.String()]++
		}
	}
	var days []DeferredDay
	for _, day := range slices.Sorted(maps.Keys(counts)) {
		days = append(days, DeferredDay{day, counts[day]})
	}
	return days
}

// replaced separates wishes of released orders, whose reasons somebody wrote,
// from those that do not stand for another reason.
func (r *Plan) replaced() {
	told := map[string]bool{}
	for i := range r.Replaced {
		one := &r.Replaced[i]
		if one.By != spec.StepRelease {
			r.LeftOut = append(r.LeftOut, one)
			continue
		}
		r.Releases = append(r.Releases, one)
		if key := one.Address + " " + one.ByPlace.String(); !told[key] {
			told[key] = true
			r.FirstReleases = append(r.FirstReleases, one)
		}
	}
}

// NotClaimed says how many open orders nothing is wanted of, and which account
// has the most of them.
type NotClaimed struct{ Text, Account string }

func (r *Plan) notClaimed() *NotClaimed {
	if r.Unclaimed == nil || r.Unclaimed.Count == 0 {
		return nil
	}
	var most *PlanAccount
	accounts := 0
	for i := range r.Accounts {
		a := &r.Accounts[i]
		if a.Unclaimed == nil || a.Unclaimed.Count == 0 {
			continue
		}
		if accounts++; most == nil || a.Unclaimed.Count > most.Unclaimed.Count {
			most = a
		}
	}
	text := words.Count(r.Unclaimed.Count, "open order is", "open orders are") + " in no table"
	if oldest := r.Unclaimed.Oldest; !oldest.IsZero() {
		text += fmt.Sprintf(" (oldest %s)", words.Age(r.CreatedAt.Sub(oldest)))
	}
	if accounts > 1 {
		text += ", most of them in account " + most.Name
	}
	return &NotClaimed{text, most.Name}
}
