package text

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Audit prints entries of the audit log, the oldest first.
func Audit(w io.Writer, s Style, records []audit.Entry) error {
	columns := []column{
		{title: "LINE", right: true},
		{title: "AT"},
		{title: "WHO"},
		{title: "ACTION"},
		{title: "ORDER"},
		{title: "CHANGE"},
		{title: "RESULT"},
		{title: "RUN"},
	}
	var extras []auditColumn
	// What is not known of any entry is no column.
	for _, extra := range auditProvenance {
		if slices.ContainsFunc(records, func(r audit.Entry) bool { return extra.of(&r) != "" }) {
			columns, extras = append(columns, column{title: extra.title}), append(extras, extra)
		}
	}
	rows := make([][]string, len(records))
	for i := range records {
		r := &records[i]
		rows[i] = []string{
			strconv.Itoa(r.Line), moment(r.At), r.Who, r.Action, auditOrderName(r), auditChange(r), auditResult(r), r.RunID,
		}
		for _, extra := range extras {
			rows[i] = append(rows[i], extra.of(r))
		}
	}
	return writeTable(w, s, columns, rows)
}

// auditColumn is something that is known of few entries.
type auditColumn struct {
	title string
	of    func(*audit.Entry) string
}

// auditProvenance says with which plan something was changed, for which commit and pull
// request, and who approved it.
var auditProvenance = []auditColumn{
	{"PLAN", func(r *audit.Entry) string { return words.ShortHash(r.PlanHash) }},
	{"COMMIT", func(r *audit.Entry) string { return words.ShortHash(r.Commit) }},
	{"PULL REQUEST", func(r *audit.Entry) string { return r.PullRequest }},
	{"APPROVED BY", func(r *audit.Entry) string {
		if len(r.Approvers) > 0 {
			return strings.Join(r.Approvers, ", ")
		}
		return r.Approver
	}},
}

func auditOrderName(r *audit.Entry) string {
	if r.Order == nil {
		return ""
	}
	return r.Order.Ref.String()
}

// auditChange is what a record changed, in a few words: the new status with the
// number that came with it, or the reason that people gave.
func auditChange(r *audit.Entry) string {
	if r.After == nil {
		return r.Reason
	}
	words := string(r.After.Status)
	if r.Before != nil && r.Before.Status != r.After.Status {
		words = string(r.Before.Status) + " → " + words
	}
	if r.After.Tracking != "" {
		words = joined(" ", words, r.After.Carrier, r.After.Tracking)
	}
	switch {
	case r.Resent:
		return joined(", ", words, "resent: "+r.Reason)
	case r.After.Tracking != "":
		return words
	}
	return joined(", ", words, r.Reason)
}

func auditResult(r *audit.Entry) string {
	result := string(r.Result)
	if r.Message != "" && r.Result != order.Done {
		result += ": " + r.Message
	}
	return result
}
