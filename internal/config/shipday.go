package config

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// wishedDay reads shipped_on. A time is refused, not cut off: what the table
// knows of it would be lost.
func wishedDay(text string) (calendar.Day, *fault) {
	day, err := calendar.Parse(text)
	if err == nil {
		return day, nil
	}
	if isTime(text) {
		return 0, &fault{
			"shipped_on", "This is a time, and shipped_on takes a day",
			"Use shipped_at, which keeps the time.",
		}
	}
	return 0, &fault{
		"shipped_on", "This is not a day",
		`Write it like "2026-11-26". For another layout use parse_time("%m/%d/%Y", …).`,
	}
}

// isTime reports whether shipped_at would take a text for a time of day.
func isTime(text string) bool {
	_, dateOnly, f := wishedTime(text, time.UTC)
	return f == nil && !dateOnly
}

// shipDate refuses blocks that say twice when an order was shipped, and days
// that nobody can say when they begin. own are the attributes that the block itself
// has; a shipped_at of a preset can be a day, too.
func shipDate(attributes, own hcl.Attributes, account *spec.Account) hcl.Diagnostics {
	at, on := attributes["shipped_at"], attributes["shipped_on"]
	if at != nil && own["shipped_at"] == nil {
		at, on = nil, at
	}
	if on == nil {
		return nil
	}
	var diags hcl.Diagnostics
	if at != nil {
		diags = append(diags, errorAt(at.NameRange, "shipped_at and shipped_on contradict each other",
			"Keep shipped_at if the table has times, or shipped_on if it has days.")...)
	}
	if account != nil && account.Timezone == nil {
		diags = append(diags, errorAt(on.NameRange, "A day has no zone",
			`None is guessed: the day is that of the warehouse. Set timezone in the account, for example "America/New_York".`)...)
	}
	return diags
}
