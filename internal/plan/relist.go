package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Relisted is what a listing showed of orders that have no ID yet.
type Relisted struct {
	Calls  int
	byName map[string][]string
	seen   *AccountSnapshot
}

// IDs are the API's ids of the live orders of a marketplace's number, canceled ones
// left out if there are others: sorted.
func (r *Relisted) IDs(source, text string) []string {
	return r.byName[order.InsertID(source, text)]
}

// Listed looks orders up that have no ID yet, in listings that are complete: if one
// can't be, it is an error. Nothing is concluded from less.
func (a Rereading) Listed(ctx context.Context, orders []Unlisted) (*Relisted, error) {
	out := &Relisted{byName: map[string][]string{}}
	var windows []Window
	finds := spec.NewFindSet()
	for _, o := range orders {
		windows = append(windows, o.Windows...)
		finds.Add(spec.Find{Source: o.Source, Number: o.Number})
	}
	seen := newAccountSnapshot(a.Now())
	seen.Listed, out.seen = true, seen // of each order, all its windows
	for _, w := range joinWindows(windows) {
		r := newReading(a.Account, a.API, &wanted{finds: finds}, a.Learned, a.Now)
		q := godatafeed.OrderQuery{From: w.From.Add(min(a.Learned.ClockOffset, 0)), To: w.To.Add(max(a.Learned.ClockOffset, 0))}
		err := r.count(ctx, q, &r.out.How.Counted)
		if err == nil {
			err = r.list(ctx, q, true)
		}
		out.Calls += r.out.Calls
		if err != nil {
			return out, err
		}
		if !r.out.Listed {
			return out, &IncompleteError{Counted: r.out.How.Counted}
		}
		for i := range r.out.Len() {
			seen.add(*r.out.at(int32(i)))
		}
	}
	for i := range seen.Len() {
		live := seen.at(int32(i))
		out.byName[order.InsertID(live.Source, live.SourceNumber)] = seen.inserted(live.Source, live.SourceNumber)
	}
	return out, nil
}

// joinWindows makes one of windows that meet.
func joinWindows(windows []Window) []Window {
	slices.SortFunc(windows, func(a, b Window) int { return a.From.Compare(b.From) })
	var joined []Window
	for _, w := range windows {
		if n := len(joined) - 1; n >= 0 && !w.From.After(joined[n].To) {
			if w.To.After(joined[n].To) {
				joined[n].To = w.To
			}
			continue
		}
		joined = append(joined, w)
	}
	return joined
}

// inserted lists the ids of the live orders of a marketplace's number: those that are not
// canceled or, without any, the canceled ones.
func (s *AccountSnapshot) inserted(source, text string) []string {
	var open, cancelled []string
	for _, at := range s.byNumber.all(strings.TrimSpace(text)) {
		live := s.at(at)
		switch {
		case order.SourceKey(live.Source) != order.SourceKey(source):
		case live.IsCancelled():
			cancelled = append(cancelled, live.ID)
		default:
			open = append(open, live.ID)
		}
	}
	if len(open) == 0 {
		open = cancelled
	}
	slices.Sort(open)
	return open
}

// InsertedTwice says that an order is there more than once.
func InsertedTwice(ids []string) string {
	return fmt.Sprintf("%d live orders have this number, and gdfctl inserted it once: %s. Cancel all but one at the marketplace", len(ids), few(ids))
}
