package spec

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/words"
)

// PolicyDiff is how a policy differs from that of another commit, which counts too, and
// how what agents do by themselves differs from what that commit has.
type PolicyDiff struct {
	Ref     string         `json:"ref"` // the commit's name, as people call it
	Commit  string         `json:"commit"`
	Missing bool           `json:"missing"` // that commit has no configuration here: its limits are the defaults
	Changes []PolicyChange `json:"changes"`

	// MovedFrom are other directories of that commit whose limits count, since each is
	// this one under another name, or may be where Missing is true.
	MovedFrom []string `json:"moved_from,omitempty"`

	Schedules []ScheduleChange `json:"schedules"` // of the configuration, which differ too
}

// PolicyChange is one thing about which two policies differ.
type PolicyChange struct {
	What    string `json:"what"`            // a limit, "rule", or the rule that severity raises
	Block   string `json:"block,omitempty"` // the batch's address, or the name of the policy's rule
	From    string `json:"from"`
	To      string `json:"to"`
	Loosens bool   `json:"loosens"` // it may allow what was not allowed
	Text    string `json:"text"`    // in words: "raises max_held from 3 to 20"
}

// Loosens reports whether a policy may allow what the other one does not.
func (d *PolicyDiff) Loosens() bool {
	return slices.ContainsFunc(d.Changes, func(c PolicyChange) bool { return c.Loosens })
}

// DoesMore reports whether agents may do more, or more often, than before.
func (d *PolicyDiff) DoesMore() bool {
	return slices.ContainsFunc(d.Schedules, func(c ScheduleChange) bool { return c.DoesMore })
}

// CompareTo lists how a policy differs from the ones that it is to take the place of,
// what loosens it first.
func (p *Policy) CompareTo(bases ...Policy) []PolicyChange {
	changes := []PolicyChange{}
	for i := range bases {
		base := &bases[i]
		for _, c := range slices.Concat(p.limitChanges(base), p.batchChanges(base), p.ruleChanges(base)) {
			if !slices.Contains(changes, c) {
				changes = append(changes, c)
			}
		}
	}
	slices.SortStableFunc(changes, func(a, b PolicyChange) int { return moreFirst(a.Loosens, b.Loosens) })
	return changes
}

// measure is one limit of a policy: the more of it, the more is allowed.
type measure struct {
	name string
	of   func(*Policy) float64
	text func(float64) string
}

func orders(f float64) string {
	if f >= NoLimit {
		return "no limit"
	}
	return words.Number(int(f))
}

func since(f float64) string { return words.Duration(time.Duration(f)) }

// measures are all limits that are a number or a time.
var measures = []measure{
	{"max_changes", func(p *Policy) float64 { return float64(p.MaxChanges) }, orders},
	{"max_ships", func(p *Policy) float64 { return float64(p.MaxShips) }, orders},
	{"max_acknowledgements", func(p *Policy) float64 { return float64(p.MaxAcknowledgements) }, orders},
	{"max_cancellations", func(p *Policy) float64 { return float64(p.MaxCancellations) }, orders},
	{"max_cancellation_ratio", func(p *Policy) float64 { return p.MaxCancellationRatio }, func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }},
	{"max_corrections", func(p *Policy) float64 { return float64(p.MaxCorrections) }, orders},
	{"max_inserts", func(p *Policy) float64 { return float64(p.MaxInserts) }, orders},
	{"max_held", func(p *Policy) float64 { return float64(p.MaxHeld) }, orders},
	{"max_plan_age", func(p *Policy) float64 { return float64(p.MaxPlanAge) }, since},
	{"max_review_age", func(p *Policy) float64 { return float64(p.MaxReviewAge) }, since},
}

func (p *Policy) limitChanges(base *Policy) (changes []PolicyChange) {
	for _, m := range measures {
		if from, to := m.of(base), m.of(p); from != to {
			changes = append(changes, moved(PolicyChange{What: m.name, From: m.text(from), To: m.text(to), Loosens: to > from}, to > from))
		}
	}
	if from, to := base.MinApprovals, p.MinApprovals; from != to {
		changes = append(changes, moved(PolicyChange{What: "min_approvals", From: words.Number(from), To: words.Number(to), Loosens: to < from}, to > from))
	}
	if from, to := base.EnvironmentApproves, p.EnvironmentApproves; from != to {
		c := PolicyChange{What: "approvals", From: approvals(from), To: approvals(to), Loosens: to}
		c.Text = fmt.Sprintf("sets approvals to %q", c.To)
		changes = append(changes, c)
	}
	if from, to := base.ConfirmCancellations, p.ConfirmCancellations; from != to {
		c := PolicyChange{What: "confirm_cancellations", From: strconv.FormatBool(from), To: strconv.FormatBool(to), Loosens: from}
		c.Text = "sets confirm_cancellations to " + c.To
		changes = append(changes, c)
	}
	return changes
}

func approvals(ofRun bool) string {
	if ofRun {
		return "environment"
	}
	return "reviews"
}

// moved says how a limit was moved.
func moved(c PolicyChange, up bool) PolicyChange {
	verb, of := "lowers", ""
	if up {
		verb = "raises"
	}
	if c.Block != "" {
		of = " of " + c.Block
	}
	c.Text = fmt.Sprintf("%s %s%s from %s to %s", verb, c.What, of, c.From, c.To)
	return c
}

func (p *Policy) batchChanges(base *Policy) (changes []PolicyChange) {
	all := map[string]bool{}
	for _, batches := range []map[string]BatchLimits{base.Batches, p.Batches} {
		for batch := range batches {
			all[batch] = true
		}
	}
	for _, batch := range slices.Sorted(maps.Keys(all)) {
		from, to := base.Batches[batch], p.Batches[batch]
		for _, l := range []struct {
			name     string
			from, to *Limit
			was, is  float64 // without a limit of its own
		}{
			{"max_changes", from.MaxChanges, to.MaxChanges, NoLimit, NoLimit},
			{"max_held", from.MaxHeld, to.MaxHeld, float64(base.MaxHeld), float64(p.MaxHeld)},
		} {
			if l.from == nil && l.to == nil {
				continue
			}
			if l.from != nil {
				l.was = float64(l.from.Most)
			}
			if l.to != nil {
				l.is = float64(l.to.Most)
			}
			if l.was != l.is {
				changes = append(changes, moved(PolicyChange{What: l.name, Block: batch, From: orders(l.was), To: orders(l.is), Loosens: l.is > l.was}, l.is > l.was))
			}
		}
	}
	return changes
}

func (p *Policy) ruleChanges(base *Policy) (changes []PolicyChange) {
	digests := func(p *Policy) map[string]string {
		all := map[string]string{}
		for _, r := range p.Rules {
			all[r.Name] = r.Digest
		}
		return all
	}
	before, after := digests(base), digests(p)
	add := func(what, block, from, to, text string, loosens bool) {
		changes = append(changes, PolicyChange{What: what, Block: block, From: from, To: to, Text: text, Loosens: loosens})
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		switch now, there := after[name]; {
		case !there:
			add("rule", name, "there", "removed", "removes the rule "+name, true)
		case now != before[name]:
			add("rule", name, "there", "changed", "changes the rule "+name, true)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if _, there := before[name]; !there {
			add("rule", name, "none", "added", "adds the rule "+name, false)
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(base.Raised)) {
		if base.Raised[rule] && !p.Raised[rule] {
			add(rule, "", "error", "warning", "makes "+rule+" a warning again", true)
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(p.Raised)) {
		if p.Raised[rule] && !base.Raised[rule] {
			add(rule, "", "warning", "error", "makes "+rule+" an error", false)
		}
	}
	return changes
}
