package report

import (
	"regexp"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
)

// Clock writes the times of a plan as people at the accounts' desks read them.
type Clock struct {
	Zones map[string]*time.Location // of the accounts, by name; UTC where there is none
	Plan  *Plan
}

// Zone is that of an account. Of a plan with one account it is that one's,
// whatever the name.
func (c Clock) Zone(account string) *time.Location {
	if account == "" && len(c.Plan.Accounts) == 1 {
		account = c.Plan.Accounts[0].Name
	}
	if zone := c.Zones[account]; zone != nil {
		return zone
	}
	return time.UTC
}

// Time is a time with its zone: "Nov 26 16:28 EST".
func (c Clock) Time(account string, t time.Time) string {
	return c.Wall(account, t) + " " + t.In(c.Zone(account)).Format("MST")
}

// Wall is a time without its zone. A year is shown where it is not the plan's.
func (c Clock) Wall(account string, t time.Time) string {
	zone := c.Zone(account)
	if t.In(zone).Year() != c.Plan.CreatedAt.In(zone).Year() {
		return t.In(zone).Format("2006-01-02 15:04")
	}
	return t.In(zone).Format("Jan 2 15:04")
}

// Date is a time with the day of its week and its zone, for what is about the plan as
// a whole: "Fri Nov 27, 17:02 EST".
func (c Clock) Date(t time.Time) string {
	return t.In(c.Zone("")).Format("Mon Jan 2, 15:04 MST")
}

// OrderDay is the day on which the marketplace got an order.
func (c Clock) OrderDay(change *plan.Change) string {
	return change.Created.In(c.Zone(change.Account)).Format("Jan 2")
}

// Span is from when to when the orders of an account were shipped.
func (c Clock) Span(s AccountSpan) string {
	zone := c.Zone(s.Account)
	from, to := s.From.In(zone), s.To.In(zone)
	text := from.Format("Mon Jan 2, 15:04")
	switch {
	case from.Format("2006-01-02 15:04") == to.Format("2006-01-02 15:04"):
	case from.Format("2006-01-02") == to.Format("2006-01-02"):
		text += " to " + to.Format("15:04")
	default:
		text += " to " + to.Format("Mon Jan 2, 15:04")
	}
	return text + to.Format(" MST")
}

// utcTime is a time as messages of a plan hold it.
var utcTime = regexp.MustCompile(`\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)

// Local shows the times of a message in the account's zone. The message itself
// stays as it is, so that a plan's hash does not depend on the zone.
func (c Clock) Local(account, message string) string {
	if !strings.Contains(message, "Z") {
		return message
	}
	return utcTime.ReplaceAllStringFunc(message, func(text string) string {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return text
		}
		return c.Time(account, t)
	})
}
