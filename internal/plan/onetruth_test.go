package plan_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// truth is a world of orders that gdfctl changed: each was changed once or twice, and
// shows what was there before, what was sent, or something else.
type truth struct {
	account *spec.Account
	lives   []order.Live
	wishes  []spec.Wish
	created []*spec.NewOrder
	done    []func(x *state.Session) error
	release []spec.Release
}

func drawTruth(r *rapid.T) *truth {
	a := mainAccount()
	own := 3 * time.Hour
	a.Sources = map[string]spec.SourceSettings{"phone": {TakeTime: &own}}
	w := &truth{account: a}
	minutes := rapid.IntRange(1, 2000)
	tracking := rapid.SampledFrom([]string{"1Z1", "1Z2", "1Z9", "001Z1"})
	carrier := rapid.SampledFrom([]string{"UPS", "FedEx"})
	text := rapid.SampledFrom([]string{"", "", "the carrier is not valid", "the date is too early"})
	for i := range 8 {
		before := live(i)
		if rapid.Bool().Draw(r, "acknowledged before") {
			before.Values = order.Values{Status: order.Processing, OrderNumber: "SO"}
		}
		before.SyncError = text.Draw(r, "error before")
		parcel := func(label string) order.Values {
			return order.Values{Status: order.Shipped, OrderNumber: before.OrderNumber, Tracking: tracking.Draw(r, label), Carrier: carrier.Draw(r, label)}
		}
		seen := []order.Values{before.Values, parcel("foreign"), {Status: order.Cancelled}}
		ago, read, sent := time.Duration(minutes.Draw(r, "ago"))*time.Minute, before, before.Values
		send := func(action order.Action, v order.Values) {
			w.done = append(w.done, applied(a, read, action, v, ago))
			seen, ago, sent, read.Values = append(seen, v), ago/2, v, v
		}
		switch rapid.SampledFrom([]string{"ship", "ship", "correct", "acknowledge", "cancel", "nothing"}).Draw(r, "change") {
		case "ship":
			send(order.Ship, parcel("sent"))
		case "correct":
			send(order.Ship, parcel("sent"))
			if rapid.Bool().Draw(r, "shown between") {
				w.done = append(w.done, shown(a, read, ago))
			}
			read.SyncError = text.Draw(r, "error between")
			send(order.Correct, parcel("corrected"))
		case "acknowledge":
			before.Values, read.Values, seen[0] = order.Values{Status: order.New}, order.Values{Status: order.New}, order.Values{Status: order.New}
			send(order.Acknowledge, order.Values{Status: order.Processing, OrderNumber: "SO"})
		case "cancel":
			send(order.Cancel, order.Values{Status: order.Cancelled})
		}
		if rapid.Bool().Draw(r, "was shown") {
			w.done = append(w.done, shown(a, read, ago))
		}
		l := before
		l.Values = rapid.SampledFrom(seen).Draw(r, "now")
		l.SourceStatus = rapid.SampledFrom([]order.Status{"", order.New, order.Shipped, order.Cancelled}).Draw(r, "marketplace")
		l.SyncError = text.Draw(r, "error")
		w.lives = append(w.lives, l)
		if rapid.IntRange(0, 9).Draw(r, "unknown") == 0 {
			w.done = append(w.done, begun(a, read, order.Correct, parcel("begun")))
		}
		wanted := sent
		switch rapid.IntRange(0, 4).Draw(r, "wanted") {
		case 0:
			wanted = parcel("wanted")
		case 1:
			continue // nobody wants anything of it any more
		}
		if wanted.Status.Open() {
			wanted = order.Values{Status: order.Acknowledged, OrderNumber: "SO"}
		}
		wish := want(a, byID(i), wanted)
		wish.Place.Line = i + 2
		w.wishes = append(w.wishes, wish)
		if rapid.IntRange(0, 9).Draw(r, "released") == 0 {
			w.release = append(w.release, spec.Release{Account: a, Find: byID(i), Reason: "by hand", Place: spec.Place{File: "main.hcl", Line: i}})
		}
	}
	for i := range 3 {
		w.created = append(w.created, mustExist(a, i+1, time.Hour))
		switch rapid.SampledFrom([]string{"new", "accepted", "begun"}).Draw(r, "insert") {
		case "accepted":
			w.done = append(w.done, applied(a, toInsert(i+1), order.Insert, order.Values{Status: order.New}, time.Duration(minutes.Draw(r, "ago"))*time.Minute))
		case "begun":
			w.done = append(w.done, begun(a, toInsert(i+1), order.Insert, order.Values{Status: order.New}))
		}
		for n := range rapid.IntRange(0, 2).Draw(r, "there") {
			w.lives = append(w.lives, there(fmt.Sprintf("phone-%d-%d", i, n), i+1))
		}
	}
	return w
}

// shown is a read of an order that shows its last change for good.
func shown(a *spec.Account, l order.Live, ago time.Duration) func(x *state.Session) error {
	return func(x *state.Session) error {
		x.Observe(state.Observation{
			Key: keyOf(a, l), Ref: l.Ref, Created: l.Created(), Observed: state.Observed{Values: l.Values, At: noon.Add(-ago).Add(time.Second)}, Shown: true, Verified: true,
		})
		return nil
	}
}

// A plan, and what verify and status say of the state after its reads, tell one truth.
func TestOneTruth(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		w := drawTruth(r)
		n++
		store := stateIn(filepath.Join(dir, fmt.Sprint(n)))
		session, err := store.Lock(context.Background(), state.LockRequest{Operation: "test"})
		if err != nil {
			r.Fatal(err)
		}
		for _, do := range w.done {
			err = errors.Join(err, do(session))
		}
		if err != nil {
			r.Fatal(err)
		}
		in := creating(t, &script{orders: w.lives}, session.State(), w.created, w.wishes...)
		in.Wishes.Released = w.release
		p := mustBuild(t, in)
		for o := range plan.Observe(in) {
			session.Observe(o.State())
		}
		s := p.Summary()
		if sum := len(p.Changes) + s.NoOp + s.Held + s.Pending + s.Unsettled + s.Deferred + s.Released + s.Stopped; sum != s.Orders {
			r.Errorf("%d orders, and %d are accounted for: %+v", s.Orders, sum, s)
		}
		open := map[order.Ref]plan.Accepted{}
		for _, a := range plan.Uptake(session.State(), in.Accounts, nil, noon) {
			open[a.Entry.Ref] = a
		}
		for _, pending := range p.Pending {
			a, is := open[pending.Order]
			switch {
			case !is:
				r.Errorf("%s is pending, and verify does not list it", pending.Order)
			case is && pending.NotTaken != (a.Result.Word == uptake.NotTaken):
				r.Errorf("%s: not taken is %v in the plan, and verify says %s", pending.Order, pending.NotTaken, a.Result.Word)
			case a.Result.Done:
				r.Errorf("%s is pending, and verify says %s", pending.Order, a.Result.Word)
			}
		}
		wanted := map[string]bool{}
		for _, wish := range w.wishes {
			wanted[wish.Find.ID] = !slices.ContainsFunc(w.release, func(x spec.Release) bool { return x.Find == wish.Find })
		}
		for ref, a := range open {
			if !a.Unknown && wanted[ref.ID] {
				w.said(r, p, ref, a.Result.Word)
			}
		}
		_ = session.Close()
	})
}

// said compares what a plan says of an order with the word of verify.
func (w *truth) said(r *rapid.T, p *plan.Plan, ref order.Ref, word uptake.Word) {
	address := fmt.Sprintf("batch.b[%q]", ref.ID)
	decided := slices.ContainsFunc(p.Changes, func(c plan.Change) bool { return c.Order == ref }) ||
		slices.ContainsFunc(p.Held, func(h plan.Held) bool { return h.Order == ref })
	for _, said := range uptake.Words {
		found := slices.ContainsFunc(p.Findings, func(f plan.Finding) bool { return f.Address == address && f.Rule == string(said) })
		switch {
		case found && said != word:
			r.Errorf("%s: the plan says %s, and verify says %s", ref, said, word)
		case !found && said == word && (said == uptake.RefusedLater || said.NeedsPerson() && !decided):
			r.Errorf("%s: verify says %s, and the plan does not", ref, word)
		}
	}
}
