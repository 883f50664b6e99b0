package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/schedule"
)

// ScheduleChange is one thing about which the schedules of two commits differ. Nobody looks
// at the plans of an agent, so who reviews the change has to know.
type ScheduleChange struct {
	Schedule string `json:"schedule"`
	What     string `json:"what"` // added, removed, or the attribute
	From     string `json:"from"`
	To       string `json:"to"`
	DoesMore bool   `json:"does_more"` // an agent may do more, or more often
	Text     string `json:"text"`      // in words: "raises max_changes of the schedule night from 10 to 200"
}

// The changes of whole schedules.
const (
	ScheduleAdded   = "added"
	ScheduleRemoved = "removed"
)

// CompareSchedules lists how schedules differ from those that they are to take the place
// of, what makes agents do more first.
func CompareSchedules(own, base []*Schedule) []ScheduleChange {
	changes := []ScheduleChange{}
	for _, s := range own {
		if was := named(base, s.Name); was == nil {
			changes = append(changes, ScheduleChange{
				Schedule: s.Name, What: ScheduleAdded, To: s.words(), DoesMore: true, Text: fmt.Sprintf("adds the schedule %s: %s", s.Name, s.words()),
			})
		} else {
			changes = append(changes, s.changes(was)...)
		}
	}
	for _, was := range base {
		if named(own, was.Name) == nil {
			changes = append(changes, ScheduleChange{Schedule: was.Name, What: ScheduleRemoved, From: was.words(), Text: "removes the schedule " + was.Name})
		}
	}
	slices.SortStableFunc(changes, func(a, b ScheduleChange) int { return moreFirst(a.DoesMore, b.DoesMore) })
	return changes
}

func named(all []*Schedule, name string) *Schedule {
	if i := slices.IndexFunc(all, func(s *Schedule) bool { return s.Name == name }); i >= 0 {
		return all[i]
	}
	return nil
}

// words say what a schedule does, and when.
func (s *Schedule) words() string {
	return s.does() + ", " + s.Times.String()
}

func (s *Schedule) does() string {
	text := string(s.Run)
	if s.Run == RunApply {
		text += " of " + addresses(s.Targets)
	}
	for _, c := range s.Limits.limitChanges(new(Unlimited())) {
		text += ", " + c.What + " " + c.To
	}
	return text
}

func addresses(targets []string) string { return strings.Join(targets, " and ") }

func (s *Schedule) changes(was *Schedule) (changes []ScheduleChange) {
	set := func(what, from, to string, more bool) {
		if from != to {
			changes = append(changes, ScheduleChange{
				Schedule: s.Name, What: what, From: from, To: to, DoesMore: more, Text: fmt.Sprintf("changes %s of the schedule %s from %s to %s", what, s.Name, from, to),
			})
		}
	}
	set(s.when(was))
	set("catch_up", catchUp(was.CatchUp), catchUp(s.CatchUp), s.CatchUp)
	if s.Run != was.Run {
		set("run", was.does(), s.does(), s.Run == RunApply)
		return changes
	}
	ordered := func(targets []string) string { return addresses(slices.Sorted(slices.Values(targets))) } // in any order, they mean the same
	set("target", ordered(was.Targets), ordered(s.Targets), slices.ContainsFunc(s.Targets, func(t string) bool { return !slices.Contains(was.Targets, t) }))
	for _, c := range s.Limits.limitChanges(&was.Limits) {
		c = moved(PolicyChange{What: c.What, Block: "the schedule " + s.Name, From: c.From, To: c.To, Loosens: c.Loosens}, c.Loosens)
		changes = append(changes, ScheduleChange{Schedule: s.Name, What: c.What, From: c.From, To: c.To, DoesMore: c.Loosens, Text: c.Text})
	}
	return changes
}

// when is how due times changed. Only a longer interval is certain to be less.
func (s *Schedule) when(was *Schedule) (what, from, to string, more bool) {
	kind := func(t schedule.Times) string {
		word, _, _ := strings.Cut(t.String(), " ")
		return word
	}
	from, to, what = was.Times.String(), s.Times.String(), kind(s.Times)
	if kind(was.Times) == what {
		from, to = strings.TrimPrefix(from, what+" "), strings.TrimPrefix(to, what+" ")
	}
	longer := was.Times.Interval() > 0 && s.Times.Interval() > was.Times.Interval()
	return what, from, to, !longer
}

func catchUp(is bool) string {
	if is {
		return "once"
	}
	return "none"
}

// moreFirst sorts what allows more before what does not.
func moreFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
