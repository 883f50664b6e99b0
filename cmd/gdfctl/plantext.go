package main

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// planText is a plan for people.
func (p *program) planText(pl *plan.Plan, hash string, zones map[string]*time.Location, full bool) text.PlanText {
	return text.PlanText{Plan: pl, Hash: hash, Zones: zones, Full: full, Command: p.command}
}

// zonesOf are the zones in which people see times.
func zonesOf(cfg *spec.Config) map[string]*time.Location {
	zones := map[string]*time.Location{}
	for _, a := range cfg.Accounts {
		zones[a.Name] = a.Timezone
	}
	return zones
}

// zones are those of the configuration here, for a saved plan: its file holds
// times in UTC, and no zone. Where there is no configuration, or none that can
// be loaded, people see UTC.
func (p *program) zones() map[string]*time.Location {
	cfg, _, err := p.load(variableFlags{}, true)
	if err != nil {
		return nil
	}
	defer cfg.Close()
	return zonesOf(cfg)
}

// clock is a time in the zone of the configuration's only account, or in UTC.
func (a *applying) clock(t time.Time) string {
	zone := time.UTC
	if accounts := a.w.cfg.Accounts; len(accounts) == 1 && accounts[0].Timezone != nil {
		zone = accounts[0].Timezone
	}
	return t.In(zone).Format("2006-01-02 15:04:05 MST")
}
