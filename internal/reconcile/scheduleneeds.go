package reconcile

import (
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/words"
)

// appends is how many records a run writes to a shared state at least, also with nothing to
// do.
var appends = map[spec.ScheduledRun]int{spec.RunApply: 3, spec.RunVerify: 2}

// tooOften warns of schedules that are due more often than their runs, or the backend of the
// state, can keep up with. What is certain is reported, not what could be.
func (h *home) tooOften(cfg *config.Config, wishes *spec.Wishes) (warnings diag.List) {
	if h == nil {
		return nil
	}
	var load float64 // share of the time that the store is busy
	pace := h.pace()
	rate, burst := h.callsPerSecond(cfg.Accounts)
	for _, s := range cfg.Schedules {
		every := s.Times.Closest()
		load += float64(appends[s.Run]) * pace.Seconds() / every.Seconds()
		if s.Run != spec.RunApply {
			continue
		}
		most, limit := mostChanges(s, wishes)
		if takes := time.Duration(float64(most-burst) / rate * float64(time.Second)); takes > every {
			warnings = append(warnings, s.Place.Warning(fmt.Sprintf("The schedule %s is due before a full run can end", s.Name), fmt.Sprintf(
				"A run of %s (%s) takes %s at %g calls a second, and the schedule is due again after %s. Due times meanwhile are counted as missed: write a longer interval, or a smaller limit.",
				words.Count(most, "order", "orders"), limit, words.Duration(takes), rate, words.Duration(every))))
		}
	}
	if load > 1 {
		warnings = append(warnings, &diag.Diagnostic{
			Severity: diag.Warning, Range: cfg.Backend.At, Summary: fmt.Sprintf("The schedules need more than the backend %q can write", h.label),
			Detail: fmt.Sprintf("It takes one record in %s, and the runs of all schedules write %.1f in a minute, even with nothing to do: they will be late. Let them run less often, or keep the state in \"s3\" or \"postgres\".",
				words.Duration(pace), load*float64(time.Minute/pace)),
		})
	}
	return warnings
}

// pace is how often the state's store takes a record; 0: as often as there are some.
func (h *home) pace() time.Duration {
	if !h.shared() {
		return 0
	}
	place, err := h.place(sharedlog.State)
	if err != nil {
		return 0
	}
	return place.Pace()
}

// callsPerSecond is how many calls can be made in a second, and how many at once before, of
// all accounts.
func (h *home) callsPerSecond(accounts []*spec.Account) (rate float64, burst int) {
	for _, a := range accounts {
		rate, burst = rate+a.PerSecond, burst+a.Burst
	}
	if most := h.kind.perSecond; most > 0 {
		rate = min(rate, most)
	}
	return rate, burst
}

// mostChanges is how many orders a run can change, and what says so.
func mostChanges(s *spec.Schedule, wishes *spec.Wishes) (most int, limit string) {
	perRun := 0
	for _, target := range s.Targets {
		i := slices.IndexFunc(wishes.Standing, func(block *spec.Standing) bool { return block.Origin.String() == target })
		if i < 0 || !plan.IsStanding(target) {
			return s.Limits.MaxChanges, fmt.Sprintf("max_changes = %d", s.Limits.MaxChanges)
		}
		perRun += wishes.Standing[i].MaxPerRun
	}
	if perRun < s.Limits.MaxChanges {
		return perRun, fmt.Sprintf("max_per_run = %d", perRun)
	}
	return s.Limits.MaxChanges, fmt.Sprintf("max_changes = %d", s.Limits.MaxChanges)
}
