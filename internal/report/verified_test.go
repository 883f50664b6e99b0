package report

import (
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// An order that is there more than once needs a person, whatever else is only waited for.
func TestVerifiedOfAnOrderThatIsThereTwice(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	inserted := func(number string, twice ...string) VerifiedChange {
		e := &state.Entry{Ref: order.Ref{Source: "Phone", SourceNumber: number}, Applied: &state.Applied{Action: order.Insert, At: now}}
		return VerifiedChange{Accepted: plan.Accepted{Account: &spec.Account{Name: "main"}, Entry: e}, Twice: twice}
	}
	r := NewVerified(now, 2, nil, []VerifiedChange{inserted("P-1"), inserted("P-2", "x", "y")})
	if r.Result != NeedsPerson || r.Things() != 1 || r.Orders[0].Order.SourceNumber != "P-2" || r.Orders[0].Result != "inserted_twice" || r.Orders[0].Message == nil {
		t.Errorf("%+v", r)
	}
}
