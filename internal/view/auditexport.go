package view

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
)

// AuditRecords prints records of the audit record one at a time, as JSON or
// CSV, and keeps none of them.
type AuditRecords struct {
	out  *bufio.Writer
	json *json.Encoder
	csv  *csvRows // nil: JSON
	row  []field
}

// NewAuditRecords begins such a print. CSV begins with its header, so that a
// list without records is a table without rows. Nothing is certain to be
// written before Flush.
func NewAuditRecords(w io.Writer, format Format) (*AuditRecords, error) {
	out := bufio.NewWriterSize(w, 1<<16)
	a := &AuditRecords{out: out}
	if format != CSVFormat {
		// JSON is written as the record itself is, down to the letter: whoever
		// has an exported line can compute its hash.
		a.json = json.NewEncoder(jsonText{out})
		return a, nil
	}
	a.csv = newCSVRows(out)
	return a, a.csv.write(fieldNames(auditFields(nil, &state.AuditRecord{})))
}

// Write prints one record.
func (a *AuditRecords) Write(r *state.AuditRecord) error {
	if a.csv == nil {
		return a.json.Encode(r)
	}
	a.row = auditFields(a.row[:0], r)
	cells := make([]string, len(a.row))
	for i, f := range a.row {
		cells[i] = f.value
	}
	return a.csv.write(cells)
}

// Flush writes what is left, and returns the first error of all writing.
func (a *AuditRecords) Flush() error {
	if a.csv != nil {
		if err := a.csv.flush(); err != nil {
			return err
		}
	}
	return a.out.Flush()
}

// auditFields appends all of a record, in the order of its columns. Their names
// are those of the JSON form, with that of the object before them where it is
// needed.
func auditFields(fields []field, r *state.AuditRecord) []field {
	var o state.AuditOrder
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
		field{"line", strconv.Itoa(r.Line)}, field{"at", stamp(r.At)},
		field{"run_id", r.RunID}, field{"seq", strconv.FormatUint(r.Seq, 10)}, field{"settled_by", r.SettledBy},
		field{"who", r.Who}, field{"host", r.Host}, field{"ci", r.CI}, field{"commit", r.Commit}, field{"author", r.Author},
		field{"approver", r.Approver}, field{"pull_request", r.PullRequest}, field{"run_url", r.RunURL}, field{"plan_hash", r.PlanHash},
		field{"endpoint", endpoint.Shown(r.Endpoint)}, field{"account", r.Account}, field{"address", r.Address},
		field{"order_id", o.ID}, field{"source", o.Source}, field{"source_order_number", o.SourceNumber},
		field{"order_number", o.OrderNumber}, field{"tracking_number", o.Tracking},
		field{"action", r.Action}, field{"reason", r.Reason})
	fields = auditValues(fields, "before_", r.Before)
	fields = auditValues(fields, "after_", r.After)
	return append(fields,
		field{"result", string(r.Result)}, field{"http_status", status}, field{"message", r.Message},
		field{"attempt", attempt}, field{"repeated_after_settle", strconv.FormatBool(r.Repeated)}, field{"read_back", strconv.FormatBool(r.ReadBack)},
		field{"prev", r.Prev}, field{"hash", r.Hash})
}

// auditValues are columns even where a record has no values.
func auditValues(fields []field, prefix string, v *order.Values) []field {
	if v == nil {
		v = &order.Values{}
	}
	return append(fields,
		field{prefix + "status", string(v.Status)}, field{prefix + "order_number", v.OrderNumber},
		field{prefix + "tracking_number", v.Tracking}, field{prefix + "carrier", v.Carrier}, field{prefix + "shipped_at", stamp(v.ShippedAt)})
}
