package report

import (
	"cmp"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// StatusFound is what is open, as it was found.
type StatusFound struct {
	At         time.Time
	Offline    bool
	Calls      int
	Open       []plan.Accepted // the oldest first
	InProgress []plan.Accepted // calls of a run under way
	Parcels    []*state.Entry  // whose parcels must not be handed over
	Feeds      watch.Report

	Unacknowledged []plan.Unacknowledged // the oldest first
	Unclaimed      plan.UnclaimedNow
	Problems       []FeedsProblem

	Command func(words ...string) string // a command line to go on with
}

// StatusOf is what is open, with the commands that help.
func StatusOf(r *StatusFound) *Status {
	out, command := NewStatus(r.At, r.Offline, r.Calls), r.Command
	of := func(kind func(plan.Accepted) bool) []plan.Accepted { return filtered(r.Open, kind) }
	word := func(w uptake.Word) []plan.Accepted {
		return of(func(a plan.Accepted) bool { return !a.Unknown && a.Result.Word == w && !a.Result.Done })
	}
	verify := command("verify")
	out.Add(changes(StatusRefused, NeedsYou, word(uptake.RefusedLater), verify))
	out.Add(changes(StatusTwice, NeedsYou, word(uptake.Twice), verify))
	for _, e := range r.Parcels {
		out.Add(parcel(e, command("status", "--pull-list")))
	}
	out.Add(changes(StatusDrifted, NeedsYou, word(uptake.Drifted), verify))
	out.Add(changes(StatusNotTaken, NeedsYou, word(uptake.NotTaken), verify))
	out.Add(changes(StatusUnknown, NeedsYou, of(func(a plan.Accepted) bool { return a.Unknown }), command("apply")))
	addUnacknowledged(out, r, true)
	out.Add(failingFeeds(r, command("feeds", "check")))
	out.Add(withoutOrders(changes(StatusPending, JustWaits, word(uptake.Pending), verify)))
	out.Add(withoutOrders(changes(StatusShown, JustWaits, word(uptake.Shown), "")))
	out.Add(withoutOrders(changes(StatusRunning, JustWaits, r.InProgress, "")))
	addUnacknowledged(out, r, false)
	if u := r.Unclaimed; u.Known {
		list := []string{"orders", "list", "--unclaimed"}
		if u.NewOnly {
			list = append(list, "--status", "new")
		}
		out.Add(StatusItem{
			Kind: StatusUnclaimed, Group: NotInATable, Count: u.Count, AtLeast: u.AtLeast, NewOnly: u.NewOnly,
			Oldest: wholeSeconds(u.Oldest), Command: command(list...),
		})
	}
	out.Problems = append(out.Problems, r.Problems...)
	return out
}

func filtered(all []plan.Accepted, keep func(plan.Accepted) bool) (some []plan.Accepted) {
	for _, a := range all {
		if keep(a) {
			some = append(some, a)
		}
	}
	return some
}

// changes are changes of one kind, the oldest first.
func changes(kind StatusKind, group StatusGroup, all []plan.Accepted, command string) StatusItem {
	item := StatusItem{Kind: kind, Group: group, Count: len(all), Command: command}
	for i := range all {
		a := &all[i]
		item.Orders = append(item.Orders, StatusOrder{Account: a.Account.Name, Order: a.Entry.Ref, Action: a.Action(), Since: a.Since().UTC().Truncate(time.Second)})
	}
	if len(all) > 0 {
		item.Oldest = &item.Orders[0].Since
	}
	return item
}

// withoutOrders is an item without its orders: of what only waits, there can be very many.
func withoutOrders(item StatusItem) StatusItem {
	item.Orders = nil
	return item
}

func parcel(e *state.Entry, command string) StatusItem {
	since := e.Pull.Since
	return StatusItem{
		Kind: StatusPull, Group: NeedsYou, Count: 1, Oldest: &since, Command: command,
		Orders: []StatusOrder{{Account: e.Account, Order: e.Ref, Since: since, Parcel: &e.Pull.Parcel}},
	}
}

// addUnacknowledged adds the orders that marketplaces wait to hear of, by marketplace:
// those that are urgent, or the others.
func addUnacknowledged(out *Status, r *StatusFound, urgent bool) {
	var sources []string
	items := map[string]*StatusItem{}
	for _, o := range r.Unacknowledged {
		if o.Urgent != urgent {
			continue
		}
		source := strings.ToLower(o.Order.Source)
		item := items[source]
		if item == nil {
			item = &StatusItem{
				Kind: StatusWaiting, Group: JustWaits, Source: o.Order.Source, Oldest: wholeSeconds(o.Created), DueAt: wholeSeconds(o.Due),
				Command: r.Command("orders", "list", "--status", "new", "--source", o.Order.Source),
			}
			if urgent {
				item.Kind, item.Group = StatusOverdue, NeedsYou
			}
			items[source] = item
			sources = append(sources, source)
		}
		item.Count++
		item.Orders = append(item.Orders, StatusOrder{Account: o.Account, Order: o.Order, Since: o.Created})
	}
	for _, source := range sources {
		out.Add(*items[source])
	}
}

// failingFeeds counts the feeds that failed in the latest check.
func failingFeeds(r *StatusFound, command string) StatusItem {
	failing := map[[2]string]bool{}
	for i := range r.Feeds.Results {
		if f := &r.Feeds.Results[i]; f.Fails() {
			failing[[2]string{f.Account, cmp.Or(f.FeedID, f.FeedName, f.Watch)}] = true
		}
	}
	return StatusItem{Kind: StatusFeeds, Group: NeedsYou, Count: len(failing), Oldest: wholeSeconds(r.Feeds.At), Command: command}
}
