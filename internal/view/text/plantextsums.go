package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
)

func (v *planView) deferred() {
	if n := v.p.ShipLater(); n > 0 {
		v.shipLater(n)
	}
	for _, w := range v.p.Waits {
		v.sentence(strings.Fields("Deferred: " + safetext.Line(w.Text()))...)
	}
	if !v.Full {
		return
	}
	for _, d := range v.p.Deferred {
		until := "next run"
		if !d.Until.IsZero() {
			until = d.Until.String()
		}
		v.entry(v.s.faint("·"), v.name(d.Order, d.Address), until, v.s.faint(safetext.Line(d.DefinedAt.String())))
	}
}

func (v *planView) shipLater(n int) {
	parts := strings.Fields("Deferred: " + plural(n, "order ships", "orders ship") + " later:")
	var ships []string
	for i, day := range v.p.Days {
		if i == firstOfGroup && !v.Full {
			ships = append(ships, "…")
			break
		}
		ships = append(ships, number(day.Orders)+" on "+day.Day)
	}
	parts = append(parts, report.Sequence(ships, ",", "")...)
	v.sentence(parts...)
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

// unsettled says which orders another run is about to change, or was.
func (v *planView) unsettled() {
	if len(v.p.Unsettled) == 0 {
		return
	}
	text := "Not planned: " + plural(len(v.p.Unsettled), "order has a call", "orders have calls") + " whose outcome is not known yet"
	v.sentence(strings.Fields(text)...)
	shown := v.first(len(v.p.Unsettled), fewOfMany)
	for _, o := range v.p.Unsettled[:shown] {
		what := "unknown, of run "
		if o.InProgress {
			what = "in progress, run "
		}
		v.entry(v.s.mark(o.Action), v.name(o.Order, o.Address), what+safetext.Line(o.RunID))
	}
	v.more(len(v.p.Unsettled)-shown, "")
}

// partial says what the plan leaves out.
func (v *planView) partial() {
	if len(v.p.Partial) > 0 {
		v.sentence(append([]string{"This", "plan", "is", "partial:"}, strings.Fields(safetext.Line(strings.Join(v.p.Partial, ", ")))...)...)
	}
}

// replaced says which wishes don't stand. Releases are named one by one, since
// each has a reason that somebody wrote; of the others the first stands for all.
func (v *planView) replaced() {
	releases := v.p.Releases
	if !v.Full {
		releases = v.p.FirstReleases[:v.first(len(v.p.FirstReleases), firstOfGroup)]
	}
	for _, r := range releases {
		v.sentence(append([]string{"Released:", safetext.Line(r.Address), v.s.faint("(" + safetext.Line(r.ByPlace.String()) + "):")},
			strings.Fields(safetext.Line(r.Reason))...)...)
	}
	if !v.Full {
		v.more(len(v.p.FirstReleases)-len(releases), " released")
	}
	others := v.p.LeftOut
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
	open := v.p.NotClaimed
	if open == nil {
		return
	}
	command := []string{"orders", "list", "--unclaimed"}
	if len(v.p.Accounts) > 1 {
		command = append(command, "--account", open.Account)
	}
	v.sentence(append(strings.Fields(safetext.Line(open.Text)+":"), v.Command(command...))...)
}

func (v *planView) summary() {
	if v.p.Summary.Orders == 0 {
		v.printf("%s\n", v.s.bold(strings.Join(v.p.Sums, " ")))
		return
	}
	v.printf("%s\n", v.s.bold(v.s.flow("", "  ", " ", append(slices.Clone(v.p.Sums), "Plan hash: "+v.p.PlanHashShort))))
	v.sentence(strings.Fields(v.p.Cost)...)
	v.reading()
}
