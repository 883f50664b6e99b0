package view

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// ApplySummary is how an apply ended, for both views.
type ApplySummary struct {
	RunID     string
	Result    *apply.Result
	HeldBack  int // by the plan
	Deferred  int // by the plan
	Missing   []plan.MissingAccount
	AuditHash string
	AuditLine int
	AuditFile string // where the signed head is; empty if it was not signed
	Elapsed   time.Duration
	NextStep  string // what to do now, if anything
	ExitCode  int
}

// verdicts in the order in which they are told.
var verdicts = []struct {
	verdict apply.Verdict
	words   string
}{
	{apply.Applied, "applied"},
	{apply.Settled, "of an earlier run found applied"},
	{apply.AsWanted, "as wanted already"},
	{apply.Skipped, "skipped"},
	{apply.HeldBack, "held back"},
	{apply.Failed, "failed"},
	{apply.Unknown, "unknown"},
	{apply.Left, "not begun"},
}

// Summary prints the end of an apply for people.
func Summary(w io.Writer, s Style, sum ApplySummary) {
	r := sum.Result
	last := apply.Verdict("")
	for _, item := range r.Items {
		if item.Verdict != last {
			last = item.Verdict
			fmt.Fprintf(w, "\n%s\n", s.bold(title(item.Verdict)))
		}
		fmt.Fprintf(w, "  %s %s %s\n", s.red("!"), safetext.Line(item.Order.String()), item.Action)
		fmt.Fprintf(w, "      %s\n", safetext.Line(item.Message))
		if item.DefinedAt.File != "" {
			fmt.Fprintf(w, "      %s\n", s.faint(safetext.Line(item.DefinedAt.String())))
		}
	}
	for _, item := range r.Unrecorded {
		fmt.Fprintf(w, "%s %s %s: %s; write it down, the journal could not be written\n", s.red("NOT RECORDED"), safetext.Line(item.Order.String()), item.Action, safetext.Line(item.Message))
	}
	var parts []string
	for _, v := range verdicts {
		if n := r.Counts[v.verdict]; n > 0 || v.verdict == apply.Applied {
			parts = append(parts, number(n)+" "+v.words)
		}
	}
	if n := len(sum.Missing); n > 0 {
		parts = append(parts, plural(n, "account", "accounts")+" not read")
	}
	if sum.HeldBack > 0 {
		parts = append(parts, number(sum.HeldBack)+" held back by the plan")
	}
	if sum.Deferred > 0 {
		parts = append(parts, number(sum.Deferred)+" deferred by the plan")
	}
	head := "Apply done: "
	switch {
	case r.Interrupted:
		head = "Apply interrupted: "
	case r.Stopped != "":
		head = "Apply stopped: "
	case sum.ExitCode != 0:
		head = "Apply incomplete: "
	}
	fmt.Fprintf(w, "\n%s\n", s.bold(head+strings.Join(parts, ", ")+"."))
	if r.Stopped != "" {
		fmt.Fprintf(w, "%s %s\n", s.red("Stopped because"), safetext.Line(r.Stopped))
	}
	fmt.Fprintf(w, "Calls: %s sent, %s to read again, in %s.", number(r.Calls), number(r.Rereads), duration(sum.Elapsed))
	if r.Throttled > 0 {
		fmt.Fprintf(w, " %s asked to slow down.", plural(r.Throttled, "answer", "answers"))
	}
	fmt.Fprintln(w)
	if sum.AuditHash != "" {
		fmt.Fprintf(w, "Audit: %s@%d\n", sum.AuditHash, sum.AuditLine)
	}
	if sum.AuditFile != "" {
		fmt.Fprintf(w, "Signed: %s\n", safetext.Line(sum.AuditFile))
	}
	if sum.NextStep != "" {
		fmt.Fprintln(w, sum.NextStep)
	}
}

func title(v apply.Verdict) string {
	switch v {
	case apply.Skipped:
		return "Skipped: changed since the plan"
	case apply.HeldBack:
		return "Held back"
	case apply.Failed:
		return "Failed"
	case apply.Unknown:
		return "Unknown: what became of these calls is not known"
	}
	return string(v)
}

// SummaryJSON prints the end of an apply as the last line of its events.
func SummaryJSON(w io.Writer, at time.Time, sum ApplySummary) error {
	r := sum.Result
	counts := map[apply.Verdict]int{}
	for _, v := range verdicts {
		counts[v.verdict] = r.Counts[v.verdict]
	}
	items := r.Items
	if items == nil {
		items = []apply.Item{}
	}
	return JSONLine(w, summaryJSON{
		Type: "summary", Format: formatVersion, At: at.UTC().Truncate(time.Second), RunID: sum.RunID, Seq: r.Events + 1,
		Done: r.Done, Failed: r.Counts[apply.Failed], Total: r.Total, Counts: counts, HeldByPlan: sum.HeldBack, DeferredByPlan: sum.Deferred,
		Missing: sum.Missing, Items: items, Unrecorded: r.Unrecorded, Calls: r.Calls, Rereads: r.Rereads, Throttled: r.Throttled,
		Interrupted: r.Interrupted, Stopped: r.Stopped, AuditHead: auditHead(sum), SignedHead: sum.AuditFile, ExitCode: sum.ExitCode,
	})
}

// summaryJSON has the members that all events of apply share, and its own.
type summaryJSON struct {
	Type           string                `json:"type"`
	Format         string                `json:"format_version"`
	At             time.Time             `json:"at"`
	RunID          string                `json:"run_id"`
	Seq            int                   `json:"seq"`
	Done           int                   `json:"done"`
	Failed         int                   `json:"failed"`
	Total          int                   `json:"total"`
	Counts         map[apply.Verdict]int `json:"counts"`
	HeldByPlan     int                   `json:"held_by_plan"`
	DeferredByPlan int                   `json:"deferred_by_plan"`
	Missing        []plan.MissingAccount `json:"missing_accounts,omitempty"`
	Items          []apply.Item          `json:"items"`
	Unrecorded     []apply.Item          `json:"unrecorded,omitempty"`
	Calls          int                   `json:"calls"`
	Rereads        int                   `json:"rereads"`
	Throttled      int                   `json:"throttled"`
	Interrupted    bool                  `json:"interrupted"`
	Stopped        string                `json:"stopped,omitempty"`
	AuditHead      string                `json:"audit_head,omitempty"`
	SignedHead     string                `json:"signed_head,omitempty"`
	ExitCode       int                   `json:"exit_code"`
}

func auditHead(sum ApplySummary) string {
	if sum.AuditHash == "" {
		return ""
	}
	return fmt.Sprintf("%s@%d", sum.AuditHash, sum.AuditLine)
}
