package report

import (
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Review is what reviewers see beside a plan. All of it may be missing.
type Review struct {
	Workspace string
	Zones     map[string]*time.Location // of the accounts, by name
	Page      func(spec.Place) string   // the page of a line on the web; empty: there is none
	Commit    string                    // that was planned
	Base      string                    // what it is to be merged into
	Branch    string                    // of Base
	RunURL    string                    // the page of the CI run
	Number    int                       // of the plan in its pull request; 0: not known
	Since     string                    // how many more or fewer changes than the one before it; empty: as many
	Published bool                      // apply --published makes the changes
	Until     time.Time                 // from when on they are not made any more
	Checked   time.Time                 // the feeds, last
}

// PageOf is the page of a line on the web, or nothing.
func (r *Review) PageOf(p spec.Place) string {
	if r.Page == nil {
		return ""
	}
	return r.Page(p)
}

// Ships sums up what is shipped.
type Ships struct {
	Sources, Carriers []Share       // the largest first
	Spans             []AccountSpan // of those that ship
	Oldest            *plan.Change
}

// AccountSpan is from when to when the orders of an account were shipped.
type AccountSpan struct {
	Account string
	Span
}

// ShipsOf sums up changes that ship.
func ShipsOf(changes []*plan.Change) *Ships {
	out := &Ships{}
	var sources, carriers tally
	names, spans := map[string]string{}, map[string]*AccountSpan{}
	var accounts []*AccountSpan
	for _, c := range changes {
		key := order.SourceKey(c.Order.Source)
		if names[key] == "" {
			if names[key] = c.Order.Source; key == "" {
				names[key] = "by ID"
			}
		}
		sources.add(names[key])
		carriers.add(goes(c))
		if spans[c.Account] == nil {
			spans[c.Account] = &AccountSpan{Account: c.Account}
			accounts = append(accounts, spans[c.Account])
		}
		spans[c.Account].widen(c)
		if !c.Created.IsZero() && (out.Oldest == nil || c.Created.Before(out.Oldest.Created)) {
			out.Oldest = c
		}
	}
	for _, account := range accounts {
		if !account.From.IsZero() {
			out.Spans = append(out.Spans, *account)
		}
	}
	out.Sources, out.Carriers = sources.largestFirst(), carriers.largestFirst()
	return out
}

// Rows is what happened to the rows of all batches; empty if there is no batch.
func (r *Plan) Rows() string {
	if len(r.Batches) == 0 {
		return ""
	}
	var all spec.BatchCount
	for _, b := range r.Batches {
		all.Add(b)
	}
	if all.Rows == 0 {
		return "The tables have no rows"
	}
	return all.String()
}

// Parcels are the orders whose parcel must be pulled, and the others that are held
// back, by their reason.
func (r *Plan) Parcels() (parcels []*plan.Held, others [][]*plan.Held) {
	for _, group := range r.HeldByCode {
		var rest []*plan.Held
		for _, h := range group {
			if _, _, pull := ParcelOf(h.Message); pull {
				parcels = append(parcels, h)
			} else {
				rest = append(rest, h)
			}
		}
		if len(rest) > 0 {
			others = append(others, rest)
		}
	}
	return parcels, others
}

// ParcelOf is the number of the parcel that a message wants to be pulled, and why.
func ParcelOf(message string) (why, parcel string, found bool) {
	why, parcel, found = strings.Cut(message, order.PullWords)
	return strings.TrimRight(why, ": "), parcel, found
}

// CodeWord is the reason why an order is held back, as people read it.
func CodeWord(code plan.Code) string { return strings.ReplaceAll(string(code), "_", " ") }

// Progress says how far a call is whose outcome is not known.
func Progress(u *plan.Unsettled) string {
	if u.InProgress {
		return "in progress"
	}
	return "unknown"
}

// Remedy is what to do about orders that are held back for one reason, apart from
// what the message of each says.
func Remedy(code plan.Code) string {
	switch code {
	case plan.NotFound, plan.NotFoundInLookback:
		return "Check the number and the marketplace in the row."
	case plan.AlreadyCancelled, plan.AlreadyShipped:
		return "Remove the row or the block: nothing can be changed any more."
	case plan.OrderNumberDiffers, plan.AmbiguousMatch, plan.BadRow, plan.BadTracking, plan.ShippedBeforeCreated:
		return "Correct the row."
	case plan.Conflict, plan.SplitShipment, plan.OlderNumber:
		return "Decide which row stands."
	case plan.UnknownStatus:
		return "Look at the order in GoDataFeed."
	case plan.PolicyRule:
		return "Correct the row, or change the rule of the policy."
	case plan.OutcomeUnknown:
		return "The next apply rereads the order: do not send it by hand."
	}
	return "Correct the row."
}

// Warns reports whether something was noticed that is not only for information.
func (g *RuleFindings) Warns() bool { return g.Severity != rules.Info }
