package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/schedule"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

var scheduleSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "every"}, {Name: "cron"}, {Name: "time_zone"}, {Name: "run", Required: true}, {Name: "target"}, {Name: "catch_up"}},
	Blocks:     []hcl.BlockHeaderSchema{{Type: "limits"}},
}

// mostSchedules bounds what one configuration costs all workspaces of an agent, and their database: each
// schedule has rows, runs and metrics of its own.
const mostSchedules = 200

// scheduleBlocks reads what an agent does by itself. Nobody looks at its plans, so what
// a run may do is bounded here: by targets and limits.
func (l *loader) scheduleBlocks() hcl.Diagnostics {
	var diags hcl.Diagnostics
	if all := l.blocks["schedule"]; len(all) > mostSchedules {
		return errorAt(all[mostSchedules].DefRange, fmt.Sprintf("More than %d schedules", mostSchedules),
			fmt.Sprintf("There are %d, and agents run at most %d of one configuration. Let one schedule have several addresses in target, or split the configuration into several workspaces.", len(all), mostSchedules))
	}
	for _, b := range l.blocks["schedule"] {
		s, more := l.schedule(b)
		diags = append(diags, more...)
		l.cfg.Schedules = append(l.cfg.Schedules, s)
	}
	slices.SortFunc(l.cfg.Schedules, func(a, b *spec.Schedule) int { return strings.Compare(a.Name, b.Name) })
	return diags
}

func (l *loader) schedule(b *hcl.Block) (*spec.Schedule, hcl.Diagnostics) {
	content, diags := contentOf(b.Body, scheduleSchema)
	s := &spec.Schedule{Name: b.Labels[0], Place: placeOf(b.DefRange), CatchUp: true, Limits: spec.Unlimited()}
	diags = append(diags, misnamed(b, "a schedule", ": the name is part of metrics and of records")...)
	diags = append(diags, l.scheduleTimes(s, content, b.DefRange)...)
	values := l.scope("var", "local")
	if attr, ok := content.Attributes["run"]; ok {
		run, more := values.oneOf(attr, spec.ScheduledRuns)
		s.Run = spec.ScheduledRun(run)
		if run == "" && !more.HasErrors() {
			more = errorAt(attr.Expr.Range(), "Missing run", "Write one of these: "+quotedWords(spec.ScheduledRuns)+".")
		}
		diags = append(diags, more...)
	}
	if attr, ok := content.Attributes["catch_up"]; ok {
		text, more := values.oneOf(attr, []string{"once", "none"})
		diags, s.CatchUp = append(diags, more...), text != "none"
	}
	if attr, ok := content.Attributes["target"]; ok {
		var more hcl.Diagnostics
		s.Targets, more = l.scheduleTargets(attr)
		diags = append(diags, more...)
	}
	seen := blocksSeen{}
	for _, inner := range content.Blocks {
		diags = append(diags, seen.duplicate(inner)...)
		diags = append(diags, l.scheduleLimits(s, inner)...)
	}
	return s, append(diags, l.scheduleBounds(s, content, b.DefRange)...)
}

// scheduleTimes reads when a schedule is due.
func (l *loader) scheduleTimes(s *spec.Schedule, content *hcl.BodyContent, block hcl.Range) hcl.Diagnostics {
	every, cron, zone := content.Attributes["every"], content.Attributes["cron"], content.Attributes["time_zone"]
	values := l.scope("var", "local")
	switch {
	case every == nil && cron == nil:
		return errorAt(block, "Missing every or cron", `Write when it is due: every = "10m", or cron = "*/10 6-22 * * *" with time_zone.`)
	case every != nil && cron != nil:
		return errorAt(cron.NameRange, "Both every and cron are set", "Remove one of them.")
	case every != nil && zone != nil:
		return errorAt(zone.NameRange, "time_zone is for cron", "every counts from midnight UTC, in all zones alike. Remove time_zone.")
	case every != nil:
		interval, diags := values.duration(every, 0)
		if !diags.HasErrors() && (interval < schedule.LeastInterval || interval > schedule.MostInterval || interval%time.Second != 0) {
			diags = append(diags, errorAt(every.Expr.Range(), "every is out of range",
				fmt.Sprintf("Write whole seconds, from %s to %s.", words.Duration(schedule.LeastInterval), words.Duration(schedule.MostInterval)))...)
		}
		if !diags.HasErrors() {
			s.Times = schedule.Every(s.Name, interval)
		}
		return diags
	case zone == nil:
		return errorAt(cron.NameRange, "Missing time_zone", `Write the zone whose clock the expression means, like time_zone = "America/New_York". None is guessed.`)
	}
	location, diags := values.timezone(zone)
	expression, more := values.text(cron)
	if diags = append(diags, more...); diags.HasErrors() {
		return diags
	}
	if location == nil {
		return append(diags, errorAt(zone.Expr.Range(), "Missing time_zone", `Write a zone, like "America/New_York" or "UTC".`)...)
	}
	times, err := schedule.Cron(expression, location)
	if err != nil {
		return append(diags, errorAt(cron.Expr.Range(), "Invalid cron expression", `It must be like "*/10 6-22 * * *": `+err.Error()+".")...)
	}
	s.Times = times
	return diags
}

// scheduleTargets reads addresses of blocks, or of orders in them. One that names no
// block is a typo: at night, it would look as if there were nothing to do.
func (l *loader) scheduleTargets(attr *hcl.Attribute) ([]string, hcl.Diagnostics) {
	v, diags := l.scope("var", "local").value(attr.Expr)
	if diags.HasErrors() {
		return nil, diags
	}
	list, err := convert.Convert(v, cty.List(cty.String))
	if err != nil || list.IsNull() || list.LengthInt() == 0 {
		return nil, append(diags, errorAt(attr.Expr.Range(), "target must be a list of addresses", `Write target = ["batch.shipments"].`)...)
	}
	blocks := l.cfg.Blocks()
	var targets []string
	for it := list.ElementIterator(); it.Next(); {
		_, v := it.Element()
		if v.IsNull() {
			return nil, append(diags, errorAt(attr.Expr.Range(), "target has an empty address", `Write target = ["batch.shipments"].`)...)
		}
		target := strings.TrimSpace(v.AsString())
		if !l.opts.OnlyPolicy && !slices.ContainsFunc(blocks, func(block string) bool { return target == block || strings.HasPrefix(target, block+"[") }) {
			diags = append(diags, errorAt(attr.Expr.Range(), "No block "+quotedIn(attr.Expr, target), nearBlocks(target, blocks))...)
			continue
		}
		if !slices.Contains(targets, target) {
			targets = append(targets, target)
		}
	}
	return targets, diags
}

// nearBlocks says which blocks could have been meant.
func nearBlocks(target string, blocks []string) string {
	const most = 5
	if len(blocks) == 0 {
		return "The configuration wants nothing of any order."
	}
	block, _, _ := strings.Cut(target, "[")
	near := nearest.Sorted(block, blocks)
	if len(near) > most {
		return "The nearest are: " + strings.Join(near[:most], ", ") + "."
	}
	return "There are: " + strings.Join(near, ", ") + "."
}

func (l *loader) scheduleLimits(s *spec.Schedule, b *hcl.Block) hcl.Diagnostics {
	wholes := countLimits(&s.Limits)
	schema := &hcl.BodySchema{}
	for _, name := range sortedKeys(wholes) {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name, Required: name == "max_changes"})
	}
	content, diags := contentOf(b.Body, schema)
	for _, name := range sortedKeys(content.Attributes) {
		attr := content.Attributes[name]
		s.Limits.Put(name, placeOf(attr.NameRange))
		n, more := l.scope("var", "local").whole(attr, 0, spec.NoLimit, -1)
		if n < 0 && !more.HasErrors() {
			more = errorAt(attr.Expr.Range(), name+" is null", "Write a number: without a limit, nothing bounds a run that nobody looks at.")
		}
		*wholes[name], diags = n, append(diags, more...)
	}
	return diags
}

// scheduleBounds looks at what only together makes sense.
func (l *loader) scheduleBounds(s *spec.Schedule, content *hcl.BodyContent, block hcl.Range) hcl.Diagnostics {
	target, limited := content.Attributes["target"], len(content.Blocks) > 0
	if s.Run != spec.RunApply {
		switch {
		case s.Run == "": // said already
		case target != nil:
			return errorAt(target.NameRange, "target is for apply", fmt.Sprintf("A run of %q changes no order. Remove target.", s.Run))
		case limited:
			return errorAt(content.Blocks[0].DefRange, "limits are for apply", fmt.Sprintf("A run of %q changes no order. Remove the block.", s.Run))
		}
		return nil
	}
	var diags hcl.Diagnostics
	if target == nil {
		diags = append(diags, errorAt(block, "Missing target", `Nobody looks at the plans of a schedule, so it names what it may change: target = ["batch.shipments"].`)...)
	}
	if !limited {
		diags = append(diags, errorAt(block, "Missing limits", "Nobody looks at the plans of a schedule, so it has limits: limits { max_changes = 200 }.")...)
	}
	if l.cfg.Policy.MinApprovals > 0 {
		diags = append(diags, errorAt(block, "The policy wants approvals", "With min_approvals, only published plans are applied, so this schedule could never run. Remove one of them.")...)
	}
	return diags
}
