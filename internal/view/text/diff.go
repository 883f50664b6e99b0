package text

import (
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// difference is one field that a change changes.
type difference struct{ field, before, after string }

// differences lists the fields that a change changes, in the order of the
// language.
func (v *planView) differences(c *plan.Change) []difference {
	var out []difference
	add := func(field, before, after string) {
		if slices.Contains(c.AfterUnknown, field) {
			after = "(the moment of sending)"
			if !c.ShippedOn.IsZero() {
				after = "on " + c.ShippedOn.String() + " (the time is chosen at sending)"
			}
		} else if before == after {
			return
		}
		out = append(out, difference{field, absent(before), absent(after)})
	}
	stamp := func(t time.Time) string { return v.stamp(c.Account, t) }
	after := c.After.Fields(stamp)
	for i, before := range c.Before.Fields(stamp) {
		add(before.Name, before.Value, after[i].Value)
	}
	return out
}

func absent(text string) string {
	if text == "" {
		return "–"
	}
	return safetext.Line(text)
}

func (v *planView) stamp(account string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(v.zone(account)).Format("2006-01-02 15:04:05 MST")
}
