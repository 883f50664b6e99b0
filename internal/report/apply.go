package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Applied is how an apply ended, as its caller knows it.
type Applied struct {
	RunID     string
	At        time.Time
	Result    *apply.Result
	HeldBack  int // by the plan
	Deferred  int // by the plan
	Missing   []plan.MissingAccount
	Reviewed  []ReviewedPlan   // the published plans that counted
	Doubles   []PossibleDouble // calls that may have been executed twice
	AuditHash string
	AuditLine int
	AuditFile string // where the signed head is; empty if it was not signed
	Elapsed   time.Duration
	NextStep  string // what to do now, if anything
	Carried   *Carried
	ExitCode  int
	Resend    bool // orders were sent again, by their names
}

// PossibleDouble is a call that may have been executed twice.
type PossibleDouble struct {
	Address string       `json:"address"`
	Account string       `json:"account"`
	Order   order.Ref    `json:"order"`
	Action  order.Action `json:"action"`
	RunID   string       `json:"run_id"` // of the run that made it first
}

// results in the order in which they are told.
var results = []struct {
	result apply.ItemResult
	words  string
}{
	{apply.Applied, "applied"},
	{apply.Confirmed, "of an earlier run found applied"},
	{apply.AsWanted, "as wanted already"},
	{apply.Skipped, "skipped"},
	{apply.HeldBack, "held back"},
	{apply.NotReviewed, "not reviewed"},
	{apply.Failed, "failed"},
	{apply.Unknown, "unknown"},
	{apply.NotReached, "not begun"},
}

// Apply is how an apply ended: for programs the last line of its events.
type Apply struct {
	Type           string                   `json:"type"`
	Format         string                   `json:"format_version"`
	At             time.Time                `json:"at"`
	RunID          string                   `json:"run_id"`
	Seq            int                      `json:"seq"`
	Done           int                      `json:"done"`
	Failed         int                      `json:"failed"`
	Total          int                      `json:"total"`
	Counts         map[apply.ItemResult]int `json:"counts"`
	HeldByPlan     int                      `json:"held_back_by_plan"`
	DeferredByPlan int                      `json:"deferred_by_plan"`
	Missing        []plan.MissingAccount    `json:"missing_accounts,omitempty"`
	Items          []apply.Item             `json:"items"`
	Unrecorded     []apply.Item             `json:"unrecorded,omitempty"`
	Calls          int                      `json:"calls"`
	Rereads        int                      `json:"rereads"`
	Throttled      int                      `json:"throttled"`
	Interrupted    bool                     `json:"interrupted"`
	Stopped        string                   `json:"stopped,omitempty"`
	Reviewed       []ReviewedPlan           `json:"reviewed_plans,omitempty"`
	Doubles        []PossibleDouble         `json:"possible_doubles,omitempty"`
	AuditHead      string                   `json:"audit_head,omitempty"`
	SignedHead     string                   `json:"signed_head,omitempty"`
	ExitCode       int                      `json:"exit_code"`

	Mark     string        `json:"-"` // as of a plan
	Review   Review        `json:"-"`
	Outcome  string        `json:"-"` // in a few words: "Apply done: 3 applied."
	Elapsed  time.Duration `json:"-"`
	NextStep string        `json:"-"`
	Carried  *Carried      `json:"-"` // nil unless somebody wants to see each order
}

// NewApply is the report of an apply.
func NewApply(a Applied) *Apply {
	r := a.Result
	counts := map[apply.ItemResult]int{}
	for _, v := range results {
		counts[v.result] = r.Counts[v.result]
	}
	out := &Apply{
		Type: "summary", Format: jsonformat.Version, At: a.At.UTC().Truncate(time.Second), RunID: a.RunID, Seq: r.Events + 1,
		Done: r.Done, Failed: r.Counts[apply.Failed], Total: r.Total, Counts: counts, HeldByPlan: a.HeldBack, DeferredByPlan: a.Deferred,
		Missing: a.Missing, Items: listed(r.Items), Unrecorded: r.Unrecorded, Calls: r.Calls, Rereads: r.Rereads, Throttled: r.Throttled,
		Interrupted: r.Interrupted, Stopped: r.Stopped, Reviewed: a.Reviewed, Doubles: a.Doubles, SignedHead: a.AuditFile, ExitCode: a.ExitCode,
		Outcome: a.outcome(), Elapsed: a.Elapsed, NextStep: a.NextStep, Carried: a.Carried,
	}
	if a.AuditHash != "" {
		out.AuditHead = fmt.Sprintf("%s@%d", a.AuditHash, a.AuditLine)
	}
	return out
}

// outcome counts the changes in one sentence.
func (a *Applied) outcome() string {
	r := a.Result
	var parts []string
	for _, v := range results {
		if n := r.Counts[v.result]; n > 0 || v.result == apply.Applied {
			parts = append(parts, words.Number(n)+" "+v.words)
		}
	}
	if n := len(a.Missing); n > 0 {
		parts = append(parts, words.Count(n, "account", "accounts")+" not read")
	}
	if a.HeldBack > 0 {
		parts = append(parts, words.Number(a.HeldBack)+" held back by the plan")
	}
	if a.Deferred > 0 {
		parts = append(parts, words.Number(a.Deferred)+" deferred by the plan")
	}
	command := "Apply"
	if a.Resend {
		command = "Resend"
	}
	head := " done: "
	switch {
	case r.Interrupted:
		head = " interrupted: "
	case r.Stopped != "":
		head = " stopped: "
	case a.ExitCode != 0:
		head = " incomplete: "
	}
	return command + head + strings.Join(parts, ", ") + "."
}

// ResultTitle heads the items that ended in one way.
func ResultTitle(v apply.ItemResult) string {
	switch v {
	case apply.Skipped:
		return "Skipped: changed since the plan"
	case apply.NotReviewed:
		return "Not reviewed: no plan that reviewers were shown has these changes"
	case apply.HeldBack:
		return "Held back"
	case apply.Failed:
		return "Failed"
	case apply.Unknown:
		return "Unknown: the outcome of these calls is unknown"
	}
	return string(v)
}

// ResultAdvice says what it means that items ended in one way, and what to do.
func ResultAdvice(v apply.ItemResult) string {
	switch v {
	case apply.Skipped:
		return "These orders changed since the plan, and nothing was sent for them. Plan again."
	case apply.NotReviewed:
		return "No plan that reviewers were shown has these changes, and they were not sent. They are in the next plan for review."
	case apply.HeldBack:
		return "These orders were held back before they were sent."
	case apply.Failed:
		return "These calls were refused or not possible. Correct what the answer names, and plan again."
	case apply.Unknown:
		return "The outcome of these calls is unknown. The next apply rereads these orders: run it again, and send none of them by hand before."
	}
	return ""
}
