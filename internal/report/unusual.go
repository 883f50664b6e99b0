package report

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/words"
)

// leastCompared is how many plans there must have been before a number of something is
// unusual.
const leastCompared = 5

// staleAfter is the age from which on a state is unusual: who reviews a plan sees what
// was not sent yet, and not what was sent since.
const staleAfter = 24 * time.Hour

// Compared is what a plan is compared with.
type Compared struct {
	Counts    []state.PlanCounts // of the plans that were carried out last
	NoState   bool               // the state holds nothing, and it should
	StateAt   time.Time          // the newest thing that the state knows; zero: that does not matter
	PolicyRef *spec.PolicyDiff   // nil: no other policy counts
}

// Unusual is what reviewers do not see every day.
type Unusual struct {
	Counts   []UnusualCount `json:"counts"`   // outside the range of the plans before
	Usual    []string       `json:"usual"`    // counts that are within it
	Compared int            `json:"compared"` // so many plans
	NoState  bool           `json:"no_state"`
	StateAt  *time.Time     `json:"state_at"` // null unless it is old

	policy *spec.PolicyDiff
	age    time.Duration // of the state
}

// UnusualCount is a number of changes that is unusual.
type UnusualCount struct {
	Count string `json:"count"` // as in summary
	Value int    `json:"value"`
	Least int    `json:"least"` // of the plans before
	Most  int    `json:"most"`
}

// countKind is a count that is compared, with its names for people.
type countKind struct {
	name, one, many string
	of              func(state.PlanCounts) int
}

var compared = []countKind{
	{"ship", "ship", "ships", func(c state.PlanCounts) int { return c.Ship }},
	{"cancel", "cancel", "cancels", func(c state.PlanCounts) int { return c.Cancel }},
	{"correct", "correction", "corrections", func(c state.PlanCounts) int { return c.Correct }},
	{"insert", "insert", "inserts", func(c state.PlanCounts) int { return c.Insert }},
	{"acknowledge", "acknowledgment", "acknowledgments", func(c state.PlanCounts) int { return c.Acknowledge }},
	{"held_back", "held back", "held back", func(c state.PlanCounts) int { return c.Held }},
}

// Compare notes what is unusual about a plan.
func (r *Plan) Compare(with Compared) {
	r.PolicyRef = with.PolicyRef
	u := &Unusual{Counts: []UnusualCount{}, Usual: []string{}, NoState: with.NoState, policy: with.PolicyRef}
	if len(with.Counts) >= leastCompared {
		u.Compared = len(with.Counts)
		s := r.Summary
		u.count(state.PlanCounts{Acknowledge: s.Acknowledge, Ship: s.Ship, Correct: s.Correct, Cancel: s.Cancel, Insert: s.Insert, Held: s.Held}, with.Counts)
	}
	if age := r.CreatedAt.Sub(with.StateAt); !with.StateAt.IsZero() && age > staleAfter {
		u.StateAt, u.age = &with.StateAt, age
	}
	if len(u.Lines()) > 0 {
		r.Unusual = u
	}
}

func (u *Unusual) count(now state.PlanCounts, before []state.PlanCounts) {
	for _, kind := range compared {
		least, most := kind.of(before[0]), kind.of(before[0])
		for _, b := range before {
			least, most = min(least, kind.of(b)), max(most, kind.of(b))
		}
		if n := kind.of(now); n < least || n > most {
			u.Counts = append(u.Counts, UnusualCount{kind.name, n, least, most})
		} else {
			u.Usual = append(u.Usual, kind.name)
		}
	}
}

// WantsALook reports whether somebody has to decide about it: about a policy that
// allows more, or about agents that do more.
func (u *Unusual) WantsALook() bool {
	return u.policy != nil && (u.policy.Loosens() || u.policy.DoesMore())
}

// mostPolicyLines is how many changes of a policy are shown, and how many of schedules.
const mostPolicyLines = 5

// mostMoved is how many directories are named that this one may have been.
const mostMoved = 3

// Lines are what is unusual, in sentences, each with a word that says what it is about.
// They may hold foreign text.
func (u *Unusual) Lines() []string {
	lines := ScheduleLines(u.policy)
	if len(u.Counts) > 0 {
		var parts []string
		for _, c := range u.Counts {
			parts = append(parts, c.words())
		}
		text := "Unusual: " + strings.Join(parts, ", ") + "."
		if len(u.Usual) > 0 {
			text += " The other counts are in the range of the last " + words.Number(u.Compared) + " plans."
		}
		lines = append(lines, text)
	}
	lines = append(lines, policyLines(u.policy)...)
	switch {
	case u.NoState:
		lines = append(lines, "State: it holds nothing yet, so it is not known what was sent before.")
	case u.StateAt != nil:
		lines = append(lines, "State: the newest thing that it knows is "+words.Age(u.age)+" old.")
	}
	return lines
}

// words are "2 corrections (usually 0 to 1)".
func (c UnusualCount) words() string {
	at := slices.IndexFunc(compared, func(kind countKind) bool { return kind.name == c.Count })
	text := words.Count(c.Value, compared[at].one, compared[at].many) + " (usually " + strconv.Itoa(c.Least)
	if c.Most != c.Least {
		text += " to " + words.Number(c.Most)
	}
	return text + ")"
}

// PolicyLines say how schedules and policy differ from those of the commit that they are to
// be merged into. Names of rules and of batches are foreign.
func PolicyLines(d *spec.PolicyDiff) []string { return append(ScheduleLines(d), policyLines(d)...) }

// ScheduleLines come first in a report: nobody looks at what an agent does with them.
// Targets are foreign.
func ScheduleLines(d *spec.PolicyDiff) []string {
	if d == nil {
		return nil
	}
	var lines []string
	for i, c := range d.Schedules {
		if i == mostPolicyLines {
			lines = append(lines, "Schedule: and "+words.Count(len(d.Schedules)-i, "more change", "more changes")+".")
			break
		}
		lines = append(lines, "Schedule: this "+c.Text+".")
	}
	if d.DoesMore() {
		lines = append(lines, "Schedule: once that is merged, agents do more by themselves, and nobody looks at their plans.")
	}
	return lines
}

func policyLines(d *spec.PolicyDiff) []string {
	if d == nil || len(d.Changes) == 0 && !d.Missing && len(d.MovedFrom) == 0 {
		return nil
	}
	var lines []string
	for i, c := range d.Changes {
		if i == mostPolicyLines {
			lines = append(lines, "Policy: and "+words.Count(len(d.Changes)-i, "more change", "more changes")+".")
			break
		}
		lines = append(lines, "Policy: this "+c.Text+".")
	}
	n := len(d.MovedFrom)
	from := strings.Join(d.MovedFrom[:min(n, mostMoved)], ", ")
	if more := n - mostMoved; more > 0 {
		from += " and " + words.Number(more) + " more"
	}
	switch {
	case d.Missing && n > 0:
		lines = append(lines, "Policy: "+d.Ref+" has no configuration here, and "+from+" "+words.Noun(n, "is", "are")+" gone or changed: "+words.Noun(n, "its", "their")+" limits count too, and the default ones.")
	case n > 0:
		lines = append(lines, "Policy: "+d.Ref+" has this state in "+from+": what it allows there counts too.")
	case d.Missing:
		lines = append(lines, "Policy: "+d.Ref+" has no configuration here, so the default limits count too.")
	case d.Loosens():
		lines = append(lines, "Policy: until that is merged, what "+d.Ref+" allows counts too.")
	}
	return lines
}
