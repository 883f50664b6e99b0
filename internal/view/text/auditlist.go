package text

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
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
	reviewed := slices.ContainsFunc(records, func(r audit.Entry) bool { return len(r.Approvers) > 0 })
	if reviewed {
		columns = append(columns, column{title: "APPROVED BY"})
	}
	rows := make([][]string, len(records))
	for i := range records {
		r := &records[i]
		rows[i] = []string{
			strconv.Itoa(r.Line), moment(r.At), r.Who, r.Action, auditOrderName(r), auditChange(r), auditResult(r), r.RunID,
		}
		if reviewed {
			rows[i] = append(rows[i], strings.Join(r.Approvers, ", "))
		}
	}
	return writeTable(w, s, columns, rows)
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
		return joined(" ", words, r.After.Carrier, r.After.Tracking)
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
