package state

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
)

// Key is what an order is kept under. It does not name the block that wishes
// something of the order, so that renaming blocks changes nothing.
type Key struct {
	Endpoint string
	Account  string
	ID       string // the API's OrderId
}

// Compare orders keys by endpoint, account and id.
func (k Key) Compare(other Key) int {
	return cmp.Or(
		cmp.Compare(k.Endpoint, other.Endpoint),
		cmp.Compare(k.Account, other.Account),
		cmp.Compare(k.ID, other.ID),
	)
}

// Entry is what is known of one open order. An Entry that was handed out is
// never changed afterward: a change puts another one in its place.
type Entry struct {
	Key
	Ref     order.Ref
	Created time.Time // at the marketplace; zero if not known
	OrderID string    // the API's id of an order that was inserted, once a read showed it

	Applied  *Applied     // the last change that the API accepted; nil: gdfctl changed nothing yet
	Earlier  []Applied    // the changes before it that reads may not show yet, oldest first
	Replaced []string     // tracking numbers that the API accepted before the latest one, each once, oldest first
	Closed   *ClosedEntry // what it was closed with before it was taken up again; nil: it never was
	Observed *Observed    // nil: not read since it is kept
	Verified time.Time    // of the first read that showed the applied change for good; zero until then
	Pull     *Pull        // a parcel that must not be handed over; nil: none is known
	Intents  []Intent     // begun, outcome not known; nothing else may be sent for this order
	Silenced string       // the marketplace's error that people released the order for, and their reason, as hashes
}

// Sent lists the tracking numbers that the API accepted from gdfctl for the
// order, each once, the latest last.
func (e *Entry) Sent() []string {
	if a := e.Applied; a != nil && a.ships() && a.Values.Tracking != "" {
		return append(slices.Clip(e.Replaced), a.Values.Tracking)
	}
	return e.Replaced
}

// ErrorHash is that of the marketplace's error in the latest read; empty if there is none.
func (e *Entry) ErrorHash() string {
	if e.Observed == nil {
		return ""
	}
	return e.Observed.Error
}

// LastChange names the last change that is known of an order: it is another one
// as soon as anything was done to the order in between. It is empty where nothing
// is known.
func (e *Entry) LastChange() string {
	switch {
	case e == nil:
		return ""
	case e.Applied != nil:
		return e.Applied.Name()
	case e.Closed != nil:
		return "closed/" + e.Closed.ClosedAt.UTC().Format(time.RFC3339)
	}
	return ""
}

// changes are the applied changes that are remembered, oldest first.
func (e *Entry) changes() []Applied {
	if e.Applied == nil {
		return nil
	}
	return append(slices.Clip(e.Earlier), *e.Applied)
}

// ErrorFirst is the hash of the marketplace's error before the first of the changes that
// were never shown for good. One that was gone before a later change is forgotten: if it
// comes again, it is about the change.
func (e *Entry) ErrorFirst() string {
	first := ""
	for i, a := range e.changes() {
		if i == 0 || a.ErrorBefore == "" {
			first = a.ErrorBefore
		}
	}
	return first
}

// Applied is a change that the API accepted.
type Applied struct {
	Action  order.Action
	Before  order.Values // the live values that it changed: a read that still shows them lags
	Values  order.Values // that the change led to
	At      time.Time    // when it was known to be accepted
	RunID   string
	Seq     uint64
	Attempt int    // the configuration's attempt that it served
	Number  uint64 // counts the changes of a state as they were accepted: clocks can be set back; 0 if not known

	ErrorBefore string    // the hash of the marketplace's error before the change; empty: there was none
	Shown       time.Time // of the first read that showed it; zero until then
}

// Name distinguishes a change from all others: it is that of its call.
func (a *Applied) Name() string { return fmt.Sprintf("%s/%d", a.RunID, a.Seq) }

// Change finds a change that is remembered by its name; nil if it is not.
func (e *Entry) Change(name string) *Applied {
	if e == nil {
		return nil
	}
	for _, a := range e.changes() {
		if a.Name() == name {
			return &a
		}
	}
	return nil
}

func (a *Applied) ships() bool { return a.Action == order.Ship || a.Action == order.Correct }

// Observed is what the latest read showed.
type Observed struct {
	Values       order.Values
	SourceStatus order.Status // the marketplace's own word; empty where it gives none
	At           time.Time
	Marketplace
}

// Marketplace is what a read showed of an order's marketplace beside its status.
// Nothing of it is there for most orders.
type Marketplace struct {
	Word  string // its own word, where it says more than the status
	Error string // the hash of its error
	// ErrorSince is the first read that showed this error; zero where the first read
	// of the order showed it already.
	ErrorSince time.Time
	SyncOff    bool // it does not hear of changes to the order
	Twice      bool // several orders have the number of one that was inserted
}

// Observation is what a read of an order showed, and what follows from it.
type Observation struct {
	Key      Key
	Ref      order.Ref // empty: as it is known
	Created  time.Time // likewise
	OrderID  string    // likewise, of an order that was inserted
	Observed Observed
	Shown    bool          // the last change shows
	Verified bool          // the last change shows for good
	Closed   *order.Values // nothing more is wanted of the order but these values
	Silenced *string       // as of an Entry; nil: as it is
}

// Intent is one call about to be made, with everything that is needed to find
// out its outcome and to repeat it exactly.
type Intent struct {
	RunID string // filled in by Session.Intend
	Seq   uint64 // likewise: counts the calls of the run from 1
	Key
	Ref       order.Ref
	Created   time.Time
	Address   string // of the wish
	DefinedAt string // file:line of the wish
	Action    order.Action
	Before    order.Values // the live values that the call rests on
	After     order.Values // what it should lead to, a ship date chosen at sending included
	Attempt   int          // of the configuration; 1 if left 0
	Sending   int          // 1, or more where an identical call had no effect; 1 if left 0
	Repeated  bool         // an earlier sending was read back after the waiting time
	Reason    string
	Resent    bool               // people asked to send the change again, on purpose
	Content   string             // of an insert: an HMAC of what is sent, which is kept nowhere
	PlanHash  string             // that of the run if left empty
	Review    *provenance.Review // likewise filled in, where that plan was reviewed
	At        time.Time          // now if left zero
	Recorded  bool               // as unknown, in the audit log: kept by the state

	ErrorBefore string // the hash of the marketplace's error in the read that the call rests on
}

// IntentID identifies an intent over all runs.
type IntentID struct {
	RunID string
	Seq   uint64
}

// Ident returns what Session.RecordOutcome knows the intent by.
func (in Intent) Ident() IntentID { return IntentID{in.RunID, in.Seq} }

// Outcome is the outcome of an intent.
type Outcome struct {
	Result   order.Result
	Message  string    // the API's words; masked, escaped and cut before they are kept
	Status   int       // of the HTTP answer; 0 if there was none
	At       time.Time // now if left zero
	ReadBack bool      // known from reading the order again, not from the answer
}

// ClosedEntry is an order that is verified and wanted as before. It costs no
// call any more.
type ClosedEntry struct {
	Key
	Ref      order.Ref
	Wanted   order.Values
	Sent     []string // as Entry.Sent had them; nil if gdfctl sent no number
	ClosedAt time.Time
	OrderID  string // of an order that was inserted, as Entry has it

	// AuditLine is how long the audit log was when this was saved: what it
	// holds is older, whatever the clocks said. 0 if that is not known.
	AuditLine int
}

// Notice is something that went wrong and was put right, or can be lived with,
// and that people should know of.
type Notice struct {
	Path string // the file that it is about
	Text string
}

func (n Notice) String() string { return n.Path + ": " + n.Text }

// Run names one execution of a command that changes orders.
type Run struct {
	ID       string
	PlanHash string // empty where no plan is executed
	Command  string // "apply", "resend", …
	// Reviews are those of the reviewed plans of which the run makes changes, by their
	// hashes.
	Reviews map[string]*provenance.Review
}
