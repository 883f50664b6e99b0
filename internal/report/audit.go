package report

import (
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/order"
)

// AuditFields appends all of a record, in the order of its columns. Their names
// are those of the JSON form, with that of the object before them where it is
// needed.
func AuditFields(fields []Field, r *audit.Entry) []Field {
	var o audit.Order
	if r.Order != nil {
		o = *r.Order
	}
	status, attempt := "", ""
	if r.Status != 0 {
		status = strconv.Itoa(r.Status)
	}
	if r.Attempt != 0 {
		attempt = strconv.Itoa(r.Attempt)
	}
	fields = append(fields,
		Field{"line", strconv.Itoa(r.Line)}, Field{"at", Stamp(r.At)},
		Field{"run_id", r.RunID}, Field{"seq", strconv.FormatUint(r.Seq, 10)}, Field{"settled_by", r.SettledBy},
		Field{"who", r.Who}, Field{"host", r.Host}, Field{"ci", r.CI}, Field{"commit", r.Commit}, Field{"author", r.Author},
		Field{"approver", r.Approver}, Field{"pull_request", r.PullRequest}, Field{"run_url", r.RunURL}, Field{"plan_hash", r.PlanHash},
		Field{"endpoint", endpoint.Shown(r.Endpoint)}, Field{"account", r.Account}, Field{"address", r.Address},
		Field{"order_id", o.ID}, Field{"source", o.Source}, Field{"source_order_number", o.SourceNumber},
		Field{"order_number", o.OrderNumber}, Field{"tracking_number", o.Tracking},
		Field{"action", r.Action}, Field{"reason", r.Reason})
	fields = auditValues(fields, "before_", r.Before)
	fields = auditValues(fields, "after_", r.After)
	return append(fields,
		Field{"result", string(r.Result)}, Field{"http_status", status}, Field{"message", r.Message},
		Field{"attempt", attempt}, Field{"repeated_after_settle", strconv.FormatBool(r.Repeated)}, Field{"read_back", strconv.FormatBool(r.ReadBack)},
		Field{"approvers", strings.Join(r.Approvers, " ")}, Field{"merger", r.Merger},
		Field{"head_commit", r.Head}, Field{"base_commit", r.Base}, Field{"merge_commit", r.Merge},
		Field{"content_hmac", r.Content}, Field{"error_before", r.ErrorBefore}, Field{"resent", strconv.FormatBool(r.Resent)}, Field{"schedule", r.Schedule},
		Field{"prev", r.Prev}, Field{"hash", r.Hash})
}

// auditValues are columns even where a record has no values.
func auditValues(fields []Field, prefix string, v *order.Values) []Field {
	if v == nil {
		v = &order.Values{}
	}
	for _, f := range v.Fields(Stamp) {
		fields = append(fields, Field{prefix + f.Name, f.Value})
	}
	return fields
}

// AuditVerification is an audit log that is what was written.
type AuditVerification struct {
	FormatVersion string  `json:"format_version"`
	Lines         int     `json:"lines"`
	Head          *string `json:"head"`         // HASH@LINE; null if nothing was changed yet
	ProvenLines   int     `json:"proven_lines"` // up to the earlier head that it was compared with
	SignedBy      *string `json:"signed_by"`    // whose key signed that head; null if it was not signed
}

// NewAuditVerification is the report of a verification.
func NewAuditVerification(head, known audit.Head, signedBy *audit.Verifier) *AuditVerification {
	out := &AuditVerification{FormatVersion: jsonformat.Version, Lines: head.Lines, ProvenLines: known.Lines}
	if head.Lines > 0 {
		out.Head = nullable(head.String())
	}
	if signedBy != nil {
		out.SignedBy = nullable(signedBy.String())
	}
	return out
}

// AuditRotation is a file of the audit log that was left for good.
type AuditRotation struct {
	FormatVersion string  `json:"format_version"`
	File          string  `json:"file"`  // its name, beside the log
	Lines         int     `json:"lines"` // up to which line of the log
	AuditHead     string  `json:"audit_head"`
	SignedHead    *string `json:"signed_head"` // the file of the signed head; null: it was not signed
}

// NewAuditRotation is the report of a rotation.
func NewAuditRotation(file string, lines int, head audit.Head, signed string) *AuditRotation {
	return &AuditRotation{jsonformat.Version, file, lines, head.String(), nullable(signed)}
}
