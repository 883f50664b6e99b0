package text

import (
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
)

func (v *planView) times() report.Clock { return report.Clock{Zones: v.Zones, Plan: v.p} }

// zone, clock, wall and localTimes are those of the account's desks.
func (v *planView) zone(account string) *time.Location       { return v.times().Zone(account) }
func (v *planView) clock(account string, t time.Time) string { return v.times().Time(account, t) }
func (v *planView) wall(account string, t time.Time) string  { return v.times().Wall(account, t) }
func (v *planView) localTimes(account, message string) string {
	return v.times().Local(account, message)
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
