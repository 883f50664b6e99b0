package explain

import (
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Decision is what the next apply would do.
type Decision string

// The decisions, in the words of JSON. Those between Change and AsWanted are lists of a
// plan.
const (
	NotDecided Decision = "not_decided" // no plan was made
	Nothing    Decision = "nothing"     // no row wants anything of the order
	Change     Decision = "change"
	HeldNow    Decision = "held_back"
	Stopped    Decision = "stopped" // with its batch
	Deferred   Decision = "deferred"
	Waiting    Decision = "pending"   // the API accepted a change that reads don't show yet
	NotTaken   Decision = "not_taken" // likewise, for too long
	Unsettled  Decision = "unsettled" // the outcome of a call is not known
	Released   Decision = "released"
	AsWanted   Decision = "as_wanted"
)

// Next is what the next apply would do with an order, as a plan says.
type Next struct {
	Decision   Decision
	Change     *plan.Change // only for Change
	Code       string
	Message    string
	Suggestion string
	Address    string
	DefinedAt  spec.Place
	Findings   []plan.Finding

	conflict []spec.Place // of rows that contradict each other
}

// Decide takes what a plan says of each order; nil: none was made. wants says whether
// something is wanted of an order with these addresses.
func (c *Collection) Decide(p *plan.Plan, wants func(addresses []string) bool) {
	for _, s := range c.Subjects {
		if p == nil {
			s.Next.Decision = NotDecided
			continue
		}
		of := decided{addresses: s.Addresses(), ref: s.Ref, account: s.Account}
		s.Next = of.by(p)
		if s.Next.Decision == AsWanted && (len(of.addresses) == 0 || !wants(of.addresses)) {
			s.Next.Decision = Nothing
		}
		for i := range s.Rows {
			if row := &s.Rows[i]; row.Fate == Stands && slices.ContainsFunc(s.Next.conflict, row.at) {
				row.Fate, row.Code, row.Message = HeldBack, s.Next.Code, "it contradicts another one"
			}
		}
		for _, f := range p.Findings {
			if slices.Contains(of.addresses, f.Address) {
				s.Next.Findings = append(s.Next.Findings, f)
			}
		}
	}
}

// decided is an order in the lists of a plan.
type decided struct {
	addresses []string
	ref       order.Ref
	account   string
}

// is reports whether an item of a plan is about the order.
func (d decided) is(account, address string, ref order.Ref) bool {
	if account != d.account {
		return false
	}
	if ref = read(ref); d.ref.ID != "" && ref.ID != "" {
		return d.ref.ID == ref.ID
	}
	return slices.Contains(d.addresses, address)
}

func (d decided) by(p *plan.Plan) Next {
	for i := range p.Changes {
		if c := &p.Changes[i]; d.is(c.Account, c.Address, c.Order) {
			return Next{Decision: Change, Change: c, Address: c.Address, DefinedAt: c.DefinedAt}
		}
	}
	for _, h := range p.Held {
		if d.is(h.Account, h.Address, h.Order) {
			n := Next{Decision: HeldNow, Code: string(h.Code), Message: h.Message, Suggestion: h.Suggestion, Address: h.Address, DefinedAt: h.DefinedAt}
			if h.Conflict != nil {
				n.conflict = h.Conflict.Places
			}
			return n
		}
	}
	for _, u := range p.Unsettled {
		if d.is(u.Account, u.Address, u.Order) {
			return Next{Decision: Unsettled, Address: u.Address, DefinedAt: u.DefinedAt}
		}
	}
	for _, w := range p.Pending {
		if d.is(w.Account, w.Address, w.Order) {
			n := Next{Decision: Waiting, Address: w.Address, DefinedAt: w.DefinedAt}
			if w.NotTaken {
				n.Decision = NotTaken
			}
			return n
		}
	}
	for _, w := range p.Deferred {
		if d.is(w.Account, w.Address, w.Order) {
			return Next{Decision: Deferred, Message: w.Message, Address: w.Address, DefinedAt: w.DefinedAt}
		}
	}
	for _, m := range p.Missing {
		if m.Name == d.account && len(d.addresses) > 0 {
			return Next{Decision: NotDecided, Message: m.Message}
		}
	}
	return d.rest(p)
}

// rest is what no list of orders says.
func (d decided) rest(p *plan.Plan) Next {
	for _, b := range p.Stopped {
		if slices.ContainsFunc(d.addresses, func(a string) bool { return (plan.Selection{Targets: []string{b.Address}}).Has(a) }) {
			return Next{Decision: Stopped, Code: string(b.Code), Message: b.Why(), Suggestion: b.Raise, Address: b.Address}
		}
	}
	for _, r := range p.Replaced {
		if r.By == spec.StepRelease && slices.Contains(d.addresses, r.Address) {
			return Next{Decision: Released, Message: r.Reason, Address: r.Address, DefinedAt: r.ByPlace}
		}
	}
	return Next{Decision: AsWanted}
}

// NotSelected says of new orders, of which nothing is wanted, why standing orders don't
// select them.
func (c *Collection) NotSelected(blocks []*spec.Standing, now time.Time) {
	for _, s := range c.Subjects {
		if s.Next.Decision != Nothing || s.Live == nil {
			continue
		}
		var reasons []string
		for _, b := range blocks {
			if !s.Of(b.Origin.Account) {
				continue
			}
			if why := s.notSelected(b, now); why != "" {
				if reasons = append(reasons, b.Origin.String()+" does not select it: "+why); len(reasons) == 1 {
					s.Next.DefinedAt = b.Place
				}
			}
		}
		s.Next.Message = strings.Join(reasons, "; ")
	}
}

// notSelected is why a standing order does not select the order; empty: it selects it,
// or is about other orders.
func (s *Subject) notSelected(b *spec.Standing, now time.Time) string {
	live := &s.Live.Live
	if b.Problem != nil {
		if b.Covers(live.Ref, live.OrderNumber, live.Status) {
			return b.Problem.Message
		}
		return ""
	}
	switch b.Fits(*live, now) {
	case spec.LeftOut:
		if b.Only != nil && !b.Only.Has(live.Ref, live.OrderNumber) {
			return "no row of its only names it"
		}
		if row := s.listed(b, Except); row != nil {
			return "its except names it, at " + row.DefinedAt.String()
		}
		return "its except names it"
	case spec.NotMeant:
		if s.listed(b, Only) != nil {
			return "it is about new orders of " + b.Source + " alone"
		}
	case spec.AgeUnknown:
		return "its marketplace gives no date of creation"
	case spec.TooYoung:
		return "it is not old enough yet"
	case spec.TooOld:
		return "it is too old"
	}
	return ""
}

// listed is the row by which a table of a standing order names the order; nil: none does.
func (s *Subject) listed(b *spec.Standing, by Fate) *Row {
	for i := range s.Rows {
		if row := &s.Rows[i]; row.Fate == by && strings.HasPrefix(row.Address, b.Origin.String()+`["`) {
			return row
		}
	}
	return nil
}
