package state

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
)

// The types of this file are how values stand in the state file and the
// journal. They leave out what is empty and encode without methods of their
// own, which is what makes a state of 100,000 orders open in a moment. Field by
// field they are the exported types, so that most of them convert.

type storedValues struct {
	Status      order.Status `json:"status,omitempty"`
	OrderNumber string       `json:"order_number,omitempty"`
	Tracking    string       `json:"tracking_number,omitempty"`
	Carrier     string       `json:"carrier,omitempty"`
	ShippedAt   time.Time    `json:"shipped_at,omitzero"`
}

type storedEntry struct {
	Source       string          `json:"source,omitempty"`
	SourceNumber string          `json:"source_order_number,omitempty"`
	Created      time.Time       `json:"created,omitzero"`
	OrderID      string          `json:"order_id,omitempty"`
	Applied      *storedApplied  `json:"applied,omitempty"`
	Earlier      []storedApplied `json:"earlier,omitempty"`
	Replaced     []string        `json:"replaced,omitempty"`
	Closed       *storedClosed   `json:"closed,omitempty"`
	Observed     *storedObserved `json:"observed,omitempty"`
	Verified     time.Time       `json:"verified,omitzero"`
	Pull         *storedPull     `json:"pull,omitempty"`
	Intents      []storedIntent  `json:"intents,omitempty"`
	Silenced     string          `json:"silenced,omitempty"`
}

type storedApplied struct {
	Action  order.Action `json:"action"`
	Before  storedValues `json:"before,omitzero"`
	Values  storedValues `json:"values"`
	At      time.Time    `json:"at"`
	RunID   string       `json:"run_id"`
	Seq     uint64       `json:"seq"`
	Attempt int          `json:"attempt"`
	Number  uint64       `json:"number,omitempty"`

	ErrorBefore string    `json:"error_before,omitempty"`
	Shown       time.Time `json:"shown,omitzero"`
}

// storedClosed is an order as it was closed; its key and name are the entry's.
type storedClosed struct {
	Wanted   storedValues `json:"wanted"`
	Sent     []string     `json:"sent,omitempty"`
	ClosedAt time.Time    `json:"closed_at"`
}

type storedPull struct {
	Tracking string    `json:"tracking_number,omitempty"`
	Carrier  string    `json:"carrier,omitempty"`
	Since    time.Time `json:"since"`
	Seen     time.Time `json:"seen"`
}

type storedObserved struct {
	Values       storedValues `json:"values"`
	SourceStatus order.Status `json:"source_status,omitempty"`
	At           time.Time    `json:"at"`

	Word       string    `json:"source_word,omitempty"`
	Error      string    `json:"error,omitempty"`
	ErrorSince time.Time `json:"error_since,omitzero"`
	SyncOff    bool      `json:"sync_off,omitempty"`
	Twice      bool      `json:"twice,omitempty"`
}

type storedIntent struct {
	RunID        string       `json:"run_id"`
	Seq          uint64       `json:"seq"`
	Endpoint     string       `json:"endpoint"`
	Account      string       `json:"account"`
	ID           string       `json:"id"`
	Source       string       `json:"source,omitempty"`
	SourceNumber string       `json:"source_order_number,omitempty"`
	Created      time.Time    `json:"created,omitzero"`
	Address      string       `json:"address,omitempty"`
	DefinedAt    string       `json:"defined_at,omitempty"`
	Action       order.Action `json:"action"`
	Before       storedValues `json:"before"`
	After        storedValues `json:"after"`
	Attempt      int          `json:"attempt"`
	Sending      int          `json:"sending"`
	Repeated     bool         `json:"repeated_after_settle,omitempty"`
	Reason       string       `json:"reason,omitempty"`
	Resent       bool         `json:"resent,omitempty"`
	Content      string       `json:"content_hmac,omitempty"`
	PlanHash     string       `json:"plan_hash,omitempty"`
	At           time.Time    `json:"at"`
	Recorded     bool         `json:"recorded,omitempty"`

	Review *provenance.Review `json:"review,omitempty"`

	ErrorBefore string `json:"error_before,omitempty"`
}

type storedOutcome struct {
	RunID    string       `json:"run_id"` // of the intent
	Seq      uint64       `json:"seq"`
	Result   order.Result `json:"result"`
	Message  string       `json:"message,omitempty"`
	Status   int          `json:"http_status,omitempty"`
	At       time.Time    `json:"at"`
	ReadBack bool         `json:"read_back,omitempty"`
	// Intent is here if it is not in the same journal.
	Intent *storedIntent `json:"intent,omitempty"`
}

func storeEntry(e *Entry) storedEntry {
	stored := storedEntry{
		Source: e.Ref.Source, SourceNumber: e.Ref.SourceNumber, Created: e.Created, OrderID: e.OrderID, Verified: e.Verified,
	}
	stored.Replaced, stored.Silenced = e.Replaced, e.Silenced
	if a := e.Applied; a != nil {
		applied := storeApplied(*a)
		stored.Applied = &applied
	}
	for _, a := range e.Earlier {
		stored.Earlier = append(stored.Earlier, storeApplied(a))
	}
	if c := e.Closed; c != nil {
		stored.Closed = &storedClosed{storedValues(c.Wanted), c.Sent, c.ClosedAt}
	}
	if o := e.Observed; o != nil {
		stored.Observed = &storedObserved{storedValues(o.Values), o.SourceStatus, o.At, o.Word, o.Error, o.ErrorSince, o.SyncOff, o.Twice}
	}
	if p := e.Pull; p != nil {
		stored.Pull = &storedPull{p.Tracking, p.Carrier, p.Since, p.Seen}
	}
	for _, in := range e.Intents {
		stored.Intents = append(stored.Intents, storeIntent(in))
	}
	return stored
}

func (stored *storedEntry) entry(k Key) *Entry {
	e := &Entry{
		Key: k, Ref: refOf(k, stored.Source, stored.SourceNumber),
		Created: stored.Created, OrderID: stored.OrderID, Verified: stored.Verified, Replaced: stored.Replaced, Silenced: stored.Silenced,
	}
	if a := stored.Applied; a != nil {
		applied := a.applied()
		e.Applied = &applied
	}
	for _, a := range stored.Earlier {
		e.Earlier = append(e.Earlier, a.applied())
	}
	if c := stored.Closed; c != nil {
		e.Closed = &ClosedEntry{Key: k, Ref: e.Ref, Wanted: order.Values(c.Wanted), Sent: c.Sent, ClosedAt: c.ClosedAt}
	}
	if o := stored.Observed; o != nil {
		e.Observed = &Observed{order.Values(o.Values), o.SourceStatus, o.At, Marketplace{o.Word, o.Error, o.ErrorSince, o.SyncOff, o.Twice}}
	}
	if p := stored.Pull; p != nil {
		e.Pull = &Pull{order.Parcel{Tracking: p.Tracking, Carrier: p.Carrier}, p.Since, p.Seen}
	}
	for _, in := range stored.Intents {
		e.Intents = append(e.Intents, in.intent())
	}
	return e
}

func storeApplied(a Applied) storedApplied {
	return storedApplied{a.Action, storedValues(a.Before), storedValues(a.Values), a.At, a.RunID, a.Seq, a.Attempt, a.Number, a.ErrorBefore, a.Shown}
}

func (a *storedApplied) applied() Applied {
	return Applied{a.Action, order.Values(a.Before), order.Values(a.Values), a.At, a.RunID, a.Seq, a.Attempt, a.Number, a.ErrorBefore, a.Shown}
}

func storeIntent(in Intent) storedIntent {
	return storedIntent{
		RunID: in.RunID, Seq: in.Seq, Endpoint: in.Endpoint, Account: in.Account, ID: in.ID,
		Source: in.Ref.Source, SourceNumber: in.Ref.SourceNumber, Created: in.Created,
		Address: in.Address, DefinedAt: in.DefinedAt, Action: in.Action,
		Before: storedValues(in.Before), After: storedValues(in.After),
		Attempt: in.Attempt, Sending: in.Sending, Repeated: in.Repeated,
		Reason: in.Reason, Resent: in.Resent, Content: in.Content, PlanHash: in.PlanHash, At: in.At, Recorded: in.Recorded, Review: in.Review, ErrorBefore: in.ErrorBefore,
	}
}

func (stored *storedIntent) intent() Intent {
	k := Key{stored.Endpoint, stored.Account, stored.ID}
	return Intent{
		RunID: stored.RunID, Seq: stored.Seq, Key: k, Ref: refOf(k, stored.Source, stored.SourceNumber),
		Created: stored.Created, Address: stored.Address, DefinedAt: stored.DefinedAt, Action: stored.Action,
		Before: order.Values(stored.Before), After: order.Values(stored.After),
		Attempt: stored.Attempt, Sending: stored.Sending, Repeated: stored.Repeated,
		Reason: stored.Reason, Resent: stored.Resent, Content: stored.Content, PlanHash: stored.PlanHash, At: stored.At, Recorded: stored.Recorded, Review: stored.Review, ErrorBefore: stored.ErrorBefore,
	}
}

func storeOutcome(id IntentID, out Outcome) *storedOutcome {
	return &storedOutcome{
		RunID: id.RunID, Seq: id.Seq, Result: out.Result, Message: out.Message, Status: out.Status,
		At: out.At, ReadBack: out.ReadBack,
	}
}

func (stored *storedOutcome) outcome() (IntentID, Outcome) {
	return IntentID{stored.RunID, stored.Seq}, Outcome{
		Result: stored.Result, Message: stored.Message, Status: stored.Status,
		At: stored.At, ReadBack: stored.ReadBack,
	}
}

// refOf names an order that is kept under k.
func refOf(k Key, source, number string) order.Ref {
	return order.Ref{ID: k.ID, Source: source, SourceNumber: number}
}

// plain is v with times as they come back from a file.
func plain(v order.Values) order.Values {
	v.ShippedAt = utc(v.ShippedAt).Truncate(time.Second)
	return v
}

// utc is t without its zone and its monotonic clock.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Round(0)
}
