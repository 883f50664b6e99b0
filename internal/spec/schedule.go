package spec

import (
	"math"
	"time"

	"github.com/gdfctl/gdfctl/internal/schedule"
)

// Schedule is what an agent does by itself, and when.
type Schedule struct {
	Name    string
	Place   Place
	Times   schedule.Times
	Run     ScheduledRun
	Targets []string // addresses of what it applies; empty for other runs
	Limits  Policy   // of each run, beside the policy
	CatchUp bool     // what became due while no agent ran is run once
}

// ScheduledRun is what a schedule runs.
type ScheduledRun string

// What a schedule can run.
const (
	RunApply  ScheduledRun = "apply"
	RunVerify ScheduledRun = "verify"
	RunFeeds  ScheduledRun = "feeds"
)

// ScheduledRuns are all of them, in the words of the language.
var ScheduledRuns = []string{string(RunApply), string(RunVerify), string(RunFeeds)}

// Unlimited is a policy that forbids nothing: the limits that somebody writes beside a
// policy are put into it.
func Unlimited() Policy {
	const always = time.Duration(math.MaxInt64)
	return Policy{
		MaxChanges: NoLimit, MaxShips: NoLimit, MaxAcknowledgements: NoLimit, MaxCancellations: NoLimit, MaxCorrections: NoLimit, MaxInserts: NoLimit,
		MaxCancellationRatio: 1, MaxHeld: NoLimit, MaxPlanAge: always, MaxReviewAge: always,
	}
}
