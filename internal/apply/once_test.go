package apply_test

import (
	"flag"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
)

// Whatever is wanted in turn, by saved plans and without, with runs that are
// killed, reads that lag, answers that get lost, states that are put back and
// accounts that are renamed: what is wanted is executed once each time that it
// comes to be wanted, and in the end it is true, or the plan says why not.
func TestWhatIsWantedIsExecutedOnce(t *testing.T) {
	if checks := flag.Lookup("rapid.checks").Value; courses != "" && checks.String() == flag.Lookup("rapid.checks").DefValue {
		_ = checks.Set(courses)
	}
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		inBubble(t, rt, func() {
			newCourse(rt, dir).play(rt)
		})
	})
}

func (c *course) play(rt *rapid.T) {
	rt.Repeat(map[string]func(*rapid.T){
		"want":        c.want,
		"plan":        c.plan,
		"apply":       c.applyDirect,
		"apply again": c.applyDirect,
		"apply saved": c.applySaved,
		"wait":        c.wait,
		"edit":        c.edit,
		"rename":      c.rename,
		"restore":     c.restore,
		"":            c.check,
	})
	c.end(rt)
}

// inBubble runs something on a clock of its own, and hands on how it ends: rapid
// tells by panics, and knows one failure from another by where they come from.
func inBubble(t *testing.T, rt *rapid.T, f func()) {
	t.Helper()
	var ended any
	synctest.Test(t, func(*testing.T) {
		defer func() { ended = recover() }()
		f()
	})
	switch {
	case rt.Failed():
		panic(ended)
	case ended != nil:
		panic(ended) // no failure: what rapid had to draw from is used up
	}
}

// pass lets time go by in the bubble.
func pass(d time.Duration) { time.Sleep(d) }

// check counts what was executed since it is wanted.
func (c *course) check(t *rapid.T) {
	c.t = t
	for id, w := range c.wishes {
		counts := map[sending]int{}
		for _, s := range c.shop.sent {
			if s.order != id || s.at.Before(w.since) {
				continue
			}
			s.at = time.Time{}
			if counts[s]++; counts[s] > 1 {
				c.fail("executed %d times since it is wanted: %s %s %s", counts[s], id, s.action, s.value)
			}
		}
	}
}

// end checks that what is wanted is true in the end, or that the plan says why
// it is not.
func (c *course) end(t *rapid.T) {
	c.t = t
	c.shop.lag, c.shop.blurred, c.shop.faults = 0, false, false
	c.names = 0
	for range 2 {
		pass(2 * time.Hour)
		c.apply(nil)
	}
	p, result := c.apply(nil)
	for range 3 {
		if result == nil || slices.Contains(c.story, "killed") {
			p, result = c.apply(nil)
		}
	}
	c.check(c.t)
	c.checkRecord()
	if result == nil {
		return // calls of an account that was there under another name
	}
	for id, w := range c.wishes {
		v := c.shop.now(id)
		if string(v.Status) == w.status && (w.status != "shipped" || v.Tracking == w.tracking) {
			continue
		}
		said := slices.ContainsFunc(p.Held, func(h plan.Held) bool { return h.Order.ID == id }) ||
			slices.ContainsFunc(p.Pending, func(h plan.Pending) bool { return h.Order.ID == id }) ||
			slices.ContainsFunc(p.Findings, func(f plan.Finding) bool { return strings.Contains(f.Address, id) }) ||
			slices.ContainsFunc(result.Items, func(i apply.Item) bool { return i.Order.ID == id })
		if !said && len(p.Changes) == 0 {
			c.fail("%s is %+v, and nobody says why", id, v)
		}
	}
}

// checkRecord compares the audit record with what was executed, but for orders
// whose calls are open.
func (c *course) checkRecord() {
	st, _, err := c.store.Read()
	if err != nil {
		c.fail("%v", err)
	}
	open := map[string]bool{}
	for in := range st.OpenIntents() {
		open[in.ID] = true
	}
	more := map[sending]int{}
	for _, s := range c.shop.sent {
		s.at = time.Time{}
		more[s]++
	}
	for r, err := range c.store.AuditList(audit.Filter{}) {
		switch {
		case err != nil:
			c.fail("%v", err)
		case r.Order == nil || r.Result != order.Done:
			continue
		}
		s := sending{order: r.Order.ID, action: order.Action(r.Action)}
		switch s.action {
		case order.Ship, order.Correct:
			s.action, s.value = order.Ship, r.After.Tracking
		case order.Acknowledge:
			s.value = r.After.OrderNumber
		}
		more[s]--
	}
	for s, n := range more {
		// A number that is sent once more, on purpose or because other hands had
		// changed it, counts as done where a reread shows the effect of an earlier attempt.
		w := c.wishes[s.order]
		if again := n < 0 && (w.raised || w.edits > 0); n != 0 && !again && !open[s.order] {
			c.fail("executed %d times more than the record says: %s %s %s", n, s.order, s.action, s.value)
		}
	}
}
