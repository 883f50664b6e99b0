package text

import (
	"regexp"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
)

// zone is that of an account. Of a plan with one account it is that one's,
// whatever the name.
func (v *planView) zone(account string) *time.Location {
	if account == "" && len(v.p.Accounts) == 1 {
		account = v.p.Accounts[0].Name
	}
	if zone := v.Zones[account]; zone != nil {
		return zone
	}
	return time.UTC
}

// clock is a time as people at the account's desks read it: "Nov 26 16:28 EST".
// A year is shown where it is not the plan's.
func (v *planView) clock(account string, t time.Time) string {
	return v.wall(account, t) + " " + t.In(v.zone(account)).Format("MST")
}

func (v *planView) wall(account string, t time.Time) string {
	zone := v.zone(account)
	if t.In(zone).Year() != v.p.CreatedAt.In(zone).Year() {
		return t.In(zone).Format("2006-01-02 15:04")
	}
	return t.In(zone).Format("Jan 2 15:04")
}

// utcTime is a time as messages of a plan hold it.
var utcTime = regexp.MustCompile(`\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)

// localTimes shows the times of a message in the account's zone. The message
// itself stays as it is, so that a plan's hash does not depend on the zone.
func (v *planView) localTimes(account, message string) string {
	if !strings.Contains(message, "Z") {
		return message
	}
	return utcTime.ReplaceAllStringFunc(message, func(text string) string {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return text
		}
		return v.clock(account, t)
	})
}

// span is from when to when the orders of a block were shipped, as far as the
// configuration says, in parts that stay whole.
func (v *planView) span(b *report.PlanBlock) []string {
	if b.From.IsZero() {
		return nil
	}
	end := v.clock(b.Account(), b.To)
	if b.From.Equal(b.To) {
		return []string{"shipped", end}
	}
	begin := v.clock(b.Account(), b.From)
	if zone := end[strings.LastIndexByte(end, ' '):]; strings.HasSuffix(begin, zone) {
		begin = strings.TrimSuffix(begin, zone)
	}
	return []string{"shipped", begin, "–", end}
}
