package report

import (
	"cmp"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/explain"
	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// Explained is everything that is known of the orders that go by one number.
type Explained struct {
	FormatVersion string           `json:"format_version"`
	Number        string           `json:"number"` // as it was asked for
	Offline       bool             `json:"offline"`
	Unread        *string          `json:"unread"` // why live orders could not be read; null: they were, or it is offline
	Orders        []ExplainedOrder `json:"orders"`
}

// ExplainedOrder is one of them. Members that don't apply are absent.
type ExplainedOrder struct {
	Account  string         `json:"account"`
	Order    order.Ref      `json:"order"`
	Numbers  []string       `json:"order_numbers"`
	Tracking []string       `json:"tracking_numbers"` // past ones too
	Rows     []ExplainedRow `json:"rows"`
	Changes  []audit.Entry  `json:"changes"` // entries of the audit log, as they are stored
	State    *StateOrder    `json:"state,omitempty"`
	Uptake   *uptake.Word   `json:"uptake,omitempty"`
	By       uptake.Witness `json:"verified_by,omitempty"`
	Silenced bool           `json:"silenced,omitempty"` // by a release, which knows of the refusal
	Live     *ExplainedLive `json:"live,omitempty"`
	NotFound bool           `json:"not_found"` // the API was asked, and does not have it
	Next     ExplainedNext  `json:"next"`
	Help     []Helped       `json:"help"`
}

// ExplainedRow is a row of a table, or an order block, that names the order.
type ExplainedRow struct {
	Address   string       `json:"address"`
	DefinedAt spec.Place   `json:"defined_at"`
	More      int          `json:"more_rows,omitempty"` // behind it, that were put together with it
	Fate      explain.Fate `json:"fate"`
	Status    order.Status `json:"status,omitempty"`
	Number    string       `json:"order_number,omitempty"`
	Tracking  string       `json:"tracking_number,omitempty"`
	Carrier   string       `json:"carrier,omitempty"`
	By        spec.Step    `json:"by,omitempty"`
	ByAddress string       `json:"by_address,omitempty"`
	ByPlace   *spec.Place  `json:"by_defined_at,omitempty"`
	Reason    string       `json:"reason,omitempty"`
	Code      string       `json:"code,omitempty"`
	Message   string       `json:"message,omitempty"`
}

// ExplainedLive is what GoDataFeed and the marketplace show.
type ExplainedLive struct {
	Values       order.Values `json:"values"`
	SourceStatus *string      `json:"source_status"` // in the marketplace's word
	Created      *time.Time   `json:"created_at"`
	SyncStatus   *string      `json:"sync_status"`
	SyncError    *string      `json:"sync_error"`
	ReadAt       *time.Time   `json:"read_at"`
	From         string       `json:"from"` // "api", or "state": the last read that it remembers
}

// ExplainedNext is what the next apply would do.
type ExplainedNext struct {
	Decision   explain.Decision `json:"decision"`
	Actions    []order.Action   `json:"actions,omitempty"`
	After      *order.Values    `json:"after,omitempty"`
	Code       string           `json:"code,omitempty"`
	Message    string           `json:"message,omitempty"`
	Suggestion string           `json:"suggestion,omitempty"`
	Address    string           `json:"address,omitempty"`
	DefinedAt  *spec.Place      `json:"defined_at,omitempty"`
	Findings   []plan.Finding   `json:"findings"`
}

// Helped is a command that helps, and why.
type Helped struct {
	Command string `json:"command"`
	Why     string `json:"why"`
}

// NewExplained is the report of orders. command makes a line of words that a shell takes.
func NewExplained(number string, offline bool, unread error, orders []*explain.Subject, command func(...string) string) *Explained {
	out := &Explained{FormatVersion: jsonformat.Version, Number: number, Offline: offline, Orders: make([]ExplainedOrder, 0, len(orders))}
	if unread != nil {
		out.Unread = nullable(safetext.Message(unread.Error()))
	}
	for _, s := range orders {
		out.Orders = append(out.Orders, explainedOrder(s, number, offline, command))
	}
	return out
}

func explainedOrder(s *explain.Subject, number string, offline bool, command func(...string) string) ExplainedOrder {
	doc := ExplainedOrder{
		Account: s.Account, Order: s.Ref, Numbers: listed(s.Numbers), Tracking: listed(s.Tracking), Rows: []ExplainedRow{}, Changes: listed(s.Audit),
		NotFound: s.Absent, Next: explainedNext(&s.Next), Help: []Helped{},
	}
	for i := range s.Rows {
		doc.Rows = append(doc.Rows, explainedRow(&s.Rows[i]))
	}
	switch {
	case s.Entry != nil:
		entry := entryDocument(s.Entry)
		doc.State = &entry
	case s.Closed != nil:
		doc.State = &NewState("", 0, nil, []state.ClosedEntry{*s.Closed}).Orders[0]
	}
	if s.Uptake != nil {
		doc.Uptake, doc.By, doc.Silenced = &s.Uptake.Word, s.Uptake.By, s.Silenced
	}
	if s.Live != nil {
		doc.Live = explainedLive(s.Live)
	}
	for _, h := range s.Helps(number, offline) {
		doc.Help = append(doc.Help, Helped{command(h.Words...), h.Why})
	}
	return doc
}

func explainedRow(r *explain.Row) ExplainedRow {
	row := ExplainedRow{
		Address: r.Address, DefinedAt: r.DefinedAt, More: r.More, Fate: r.Fate, Status: r.Want.Status, Number: r.Want.OrderNumber, Tracking: r.Want.Tracking,
		Carrier: r.Want.Carrier, Code: r.Code, Message: r.Message,
	}
	if r.Fate == explain.Replaced {
		row.By, row.ByAddress, row.ByPlace, row.Reason = r.By.By, r.By.ByAddress, &r.By.ByPlace, r.By.Reason
	}
	return row
}

func explainedLive(l *explain.Sight) *ExplainedLive {
	doc := &ExplainedLive{
		Values: l.Values, SourceStatus: nullable(cmp.Or(l.SourceWord, string(l.SourceStatus))), Created: wholeSeconds(l.Created()), SyncStatus: nullable(safetext.Line(l.SyncStatus)),
		SyncError: nullable(safetext.Foreign(l.SyncError)), ReadAt: wholeSeconds(l.At), From: "api",
	}
	if l.State {
		doc.From = "state"
	}
	return doc
}

func explainedNext(n *explain.Next) ExplainedNext {
	doc := ExplainedNext{
		Decision: n.Decision, Code: n.Code, Message: n.Message, Suggestion: n.Suggestion, Address: n.Address, Findings: listed(n.Findings),
	}
	if n.DefinedAt.File != "" {
		doc.DefinedAt = &n.DefinedAt
	}
	if n.Change != nil {
		doc.Actions, doc.After = n.Change.Actions, &n.Change.After
	}
	return doc
}
