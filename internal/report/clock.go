package report

import (
	"regexp"
	"strings"
	"time"
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
