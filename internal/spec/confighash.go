package spec

import (
	"encoding/hex"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"
)

// configHashVersion is the first thing that is hashed: a gdfctl that covers
// something else makes other hashes of everything.
const configHashVersion = "gdfctl-config-2"

// ConfigHash identifies what a configuration makes gdfctl do: what is wanted of
// which orders, by whom and when, and the settings and policies under which it is done. How it is
// laid out, what files and blocks are called, and which gdfctl read it, does not
// matter; what variables do to it does.
func ConfigHash(wishes *Wishes, accounts []*Account, policies []Policy, schedules []*Schedule) string {
	var f fieldHash
	f.texts(configHashVersion, wishes.Hash)
	for _, a := range accounts { // sorted by name
		f.texts("account", a.Name, a.Endpoint, a.Formerly)
		f.durations(a.Settle, a.ReadLag, a.TakeTime)
		f.sources(a.Sources)
	}
	for i := range policies {
		// What another commit says is no part of it: after the merge it is not there.
		if policies[i].Source.Ref == "" {
			f.policy(&policies[i])
		}
	}
	for _, s := range schedules { // sorted by name
		f.schedule(s)
	}
	sum := f.sum()
	return hex.EncodeToString(sum[:])
}

func (f *fieldHash) sources(sources map[string]SourceSettings) {
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		f.texts("source", name)
		s := sources[name]
		if s.Confirms != nil {
			f.texts("confirms", strconv.FormatBool(*s.Confirms))
		}
		if s.TakeTime != nil {
			f.texts("take_time")
			f.durations(*s.TakeTime)
		}
	}
}

func (f *fieldHash) schedule(s *Schedule) {
	f.texts("schedule", s.Name, s.Times.String(), string(s.Run), strconv.FormatBool(s.CatchUp))
	f.texts(s.Targets...)
	f.policy(&s.Limits)
}

func (f *fieldHash) policy(p *Policy) {
	f.texts("policy")
	for _, n := range []int{p.MaxChanges, p.MaxShips, p.MaxAcknowledgements, p.MaxCancellations, p.MaxCorrections, p.MaxHeld} {
		f.number(int64(n))
	}
	f.number(int64(math.Float64bits(p.MaxCancellationRatio)))
	f.durations(p.MaxPlanAge, p.MaxReviewAge)
	f.texts("confirm", strconv.FormatBool(p.ConfirmCancellations))
	var batches []string
	for _, b := range p.Batches {
		batches = append(batches, limitText(b.MaxChanges)+" "+limitText(b.MaxHeld))
	}
	slices.Sort(batches)
	f.texts(batches...)
	if p.MaxInserts != NoLimit {
		f.texts("max_inserts")
		f.number(int64(p.MaxInserts))
	}
	if p.MinApprovals > 0 {
		f.texts("min_approvals")
		f.number(int64(p.MinApprovals))
	}
	if p.EnvironmentApproves {
		f.texts("environment")
	}
	for _, rule := range slices.Sorted(maps.Keys(p.Raised)) {
		if p.Raised[rule] {
			f.texts("raised", rule)
		}
	}
	var rules []string
	for _, r := range p.Rules {
		rules = append(rules, r.Digest)
	}
	slices.Sort(rules)
	f.texts(rules...)
}

func (f *fieldHash) durations(all ...time.Duration) {
	for _, d := range all {
		f.number(int64(d))
	}
}
