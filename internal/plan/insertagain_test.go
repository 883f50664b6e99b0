package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Which orders that must exist can be asked for again.
func TestInsertsAgain(t *testing.T) {
	a := mainAccount()
	open := begun(a, toInsert(1), order.Insert, order.Values{Status: order.New})
	for name, c := range map[string]struct {
		live  []order.Live
		state []func(x *state.Session) error
		age   time.Duration
		want  string
		says  string
	}{
		"nothing is known":         {age: time.Hour, want: "nothing_sent"},
		"it is there":              {live: []order.Live{there("x", 1)}, age: time.Hour, want: "shown_as_wanted"},
		"the API accepted it":      {state: []func(x *state.Session) error{applied(a, toInsert(1), order.Insert, order.Values{Status: order.New}, time.Hour)}, age: time.Hour, want: "shown_as_wanted"},
		"it was seen once":         {state: []func(x *state.Session) error{closed(a, toInsert(1), order.Values{Status: order.New})}, age: time.Hour, want: "shown_as_wanted"},
		"the outcome is unknown":   {state: []func(x *state.Session) error{open}, age: time.Hour, want: "insert", says: "the order is there twice"},
		"unknown, and it is there": {live: []order.Live{there("x", 1)}, state: []func(x *state.Session) error{open}, age: time.Hour, want: "insert", says: "it is there now, as x: nothing is sent"},
		"unknown, and there twice": {live: []order.Live{there("x", 1), there("y", 1)}, state: []func(x *state.Session) error{open}, age: time.Hour, want: "inserted_twice"},
		"before the lookback":      {state: []func(x *state.Session) error{open}, age: 31 * 24 * time.Hour, want: "too_old_to_check"},
	} {
		in := creating(t, &script{orders: append(lives(3), c.live...)}, stateOf(t, c.state...), []*spec.NewOrder{mustExist(a, 1, c.age)})
		in.Resend = &plan.Resending{Reason: "the desk asked"}
		p := mustBuild(t, in)
		if got := outcomes(p); got["P-1"] != c.want || len(got) != 1 {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
		if c.want != "insert" {
			continue
		}
		if ch := p.Changes[0]; !ch.Resend || ch.Attempt != 2 || ch.Reason != "the desk asked" {
			t.Errorf("%s: %+v", name, ch)
		}
		if len(p.Findings) != 1 || p.Findings[0].Rule != "INS05" || !strings.Contains(p.Findings[0].Message, c.says) {
			t.Errorf("%s: %+v", name, p.Findings)
		}
		if v := plan.CheckPolicy(p, func() spec.Policy {
			policy := spec.DefaultPolicy
			policy.MaxInserts = 0
			policy.MaxCorrections = 0
			return policy
		}()); len(v) != 1 || v[0].Limit != "max_inserts" {
			t.Errorf("%s: limits: %+v", name, v)
		}
	}
}

// While another run has the lease, it may be finding out what it found open.
func TestNoInsertAgainBesideAnotherRun(t *testing.T) {
	a := mainAccount()
	in := creating(t, &script{orders: lives(3)}, stateOf(t, begun(a, toInsert(1), order.Insert, order.Values{Status: order.New})), []*spec.NewOrder{mustExist(a, 1, time.Hour)})
	in.Resend, in.InProgress = &plan.Resending{Reason: "the desk asked"}, true
	if got := outcomes(mustBuild(t, in)); got["P-1"] != "outcome_unknown" {
		t.Errorf("%v", got)
	}
}
