package reconcile

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// meter collects the facts of a run while it runs: a run that ends with an error has some
// too. A nil one collects nothing.
type meter struct {
	mu     sync.Mutex // guards what is below
	facts  Facts
	fresh  map[freshOrder]plan.NewOrder // new orders that the run listed
	levels map[string]func() float64    // by account

	whose   func(context.Context, StateSeen) error // of the request; nil: nobody asks
	session *state.Session                         // the last one that the run may have used
	seen    *StateSeen                             // nil: the run had no state yet
}

type freshOrder struct{ account, id string }

// observed passes events on, after a look at them.
func (m *meter) observed(o Observer) Observer {
	return func(e Event) {
		switch e := e.(type) {
		case Progressed:
			m.progressed(e.Event)
		case Applied:
			m.applied(e.Result)
		case FeedsChecked:
			m.checked(&e.Report)
		}
		if o != nil {
			o(e)
		}
	}
}

// limited takes note of the call limit of an account.
func (m *meter) limited(account string, level func() float64) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.levels == nil {
		m.levels = map[string]func() float64{}
	}
	m.levels[account] = level
}

func (m *meter) called(account string, c godatafeed.Call) {
	if m == nil {
		return
	}
	code := NoCode
	if c.Status > 0 {
		code = strconv.Itoa(c.Status)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	countIn(&m.facts.Calls, account, code, 1)
	if c.Waited > 0 {
		if m.facts.Waited == nil {
			m.facts.Waited = map[string]time.Duration{}
		}
		m.facts.Waited[account] += c.Waited
	}
}

// read takes note of the new orders that a plan is made from, and that a marketplace waits
// to hear of.
func (m *meter) read(in plan.Input) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.facts.Listed, m.fresh = nil, map[freshOrder]plan.NewOrder{}
	for account, all := range plan.ListedNew(in) {
		m.facts.Listed = append(m.facts.Listed, account)
		for o := range all {
			if rules.WantsAcknowledgment(o.Source) {
				m.fresh[freshOrder{account, o.ID}] = o
			}
		}
	}
}

// progressed counts what was applied: of that, a result keeps only the sum.
func (m *meter) progressed(e apply.Event) {
	result := apply.ItemResult(e.Result)
	if e.Type != apply.ChangeDone || e.Order == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.fresh, freshOrder{e.Account, e.Order.ID}) // whatever was done, it is new no more
	if result != apply.AsWanted {
		countIn(&m.facts.Changes, e.Action, ChangeApplied, 1)
	}
}

func (m *meter) applied(r *apply.Result) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range r.Items {
		switch item := &r.Items[i]; item.Result {
		case apply.Failed:
			countIn(&m.facts.Changes, item.Action, ChangeFailed, 1)
		case apply.Unknown:
			countIn(&m.facts.Changes, item.Action, ChangeUnknown, 1)
		}
	}
}

func (m *meter) checked(r *watch.Report) {
	stateOf := r.FeedStates()
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range r.Watched {
		w := &r.Watched[i]
		items, _, _, _ := w.Feed.Known()
		m.facts.Feeds = append(m.facts.Feeds, FeedFact{
			Account: w.Account, Name: w.Feed.Name, FeedID: w.Feed.ID, State: stateOf(w.Account, w.Feed.ID), Items: items, CompiledAt: w.Feed.LastCompiled.UTC(),
		})
	}
}

// ended are the facts of a slice that ended so.
func (m *meter) ended(err error) Facts {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.facts
	fenced := (*backend.FencedError)(nil)
	f.LeaseLost = errors.As(err, &fenced)
	for account, level := range m.levels {
		if f.Levels == nil {
			f.Levels = map[string]float64{}
		}
		f.Levels[account] = level()
	}
	f.Unacknowledged = unacknowledged(m.fresh)
	return f
}

func unacknowledged(fresh map[freshOrder]plan.NewOrder) []Unacknowledged {
	bySource := map[[2]string]Unacknowledged{}
	for at, o := range fresh {
		key := [2]string{at.account, order.SourceKey(o.Source)}
		u := bySource[key]
		if u.Account = at.account; u.Orders == 0 || o.Source < u.Source {
			u.Source = o.Source // of several spellings, always the same one
		}
		if created := o.Created.UTC(); !o.Created.IsZero() && (u.Oldest.IsZero() || created.Before(u.Oldest)) {
			u.Oldest = created
		}
		u.Orders++
		bySource[key] = u
	}
	return slices.SortedFunc(maps.Values(bySource), func(a, b Unacknowledged) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Source, b.Source))
	})
}

// countIn adds to a count of counts.
func countIn[K, L comparable](counts *map[K]map[L]int, k K, l L, n int) {
	if *counts == nil {
		*counts = map[K]map[L]int{}
	}
	if (*counts)[k] == nil {
		(*counts)[k] = map[L]int{}
	}
	(*counts)[k][l] += n
}
