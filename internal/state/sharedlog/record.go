package sharedlog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// The versions of logs. Record 0 says which one a log has.
const (
	// Begun is the version of a log that began with no state.
	Begun = 1
	// Carried is that of a log to which a state came from another place: who does not
	// know of that would take it for one that was begun just now.
	Carried = 2

	newest = Carried
)

// Kind is what a record is for.
type Kind string

// The kinds of a state's log.
const (
	Init     Kind = "init"     // record 0: which state this is
	Acquire  Kind = "acquire"  // begins an epoch: its writer holds the lease
	Renew    Kind = "renew"    // the holder lives
	Lines    Kind = "lines"    // of the journal: intents and outcomes
	Parts    Kind = "parts"    // other changes to the parts
	Snapshot Kind = "snapshot" // all parts, as values
	Release  Kind = "release"  // ends an epoch
	Late     Kind = "late"     // outcomes of a former epoch, by whoever made the calls
	Want     Kind = "want"     // somebody waits for the lease
	Note     Kind = "note"     // what no order depends on, by whoever learned it
	Break    Kind = "break"    // ends an epoch from outside
	Active   Kind = "active"   // the state is here, on that timeline
	Incoming Kind = "incoming" // all parts, as values, of a state that is on its way here from another place
	Moved    Kind = "moved"    // the last one: the state goes on in another place
)

var kinds = map[Kind]bool{
	Init: true, Acquire: true, Renew: true, Lines: true, Parts: true, Snapshot: true, Release: true, Late: true, Want: true, Note: true,
	Break: true, Incoming: true, Active: true, Moved: true,
}

// OfNoLease reports whether anybody may append such a record at any time: it takes the
// lease from nobody, and says nothing of whether its holder lives.
func (k Kind) OfNoLease() bool { return k == Want || k == Late || k == Note }

// Record is one record of a log: one line of JSON. Log.Append fills in N, Prev and
// ID.
type Record struct {
	N        int64     `json:"n"`
	Prev     string    `json:"prev,omitempty"`  // the hash of the record before
	ID       string    `json:"id"`              // random: whose it is where two writers say the same
	Epoch    int64     `json:"epoch,omitempty"` // the number of its acquire
	Kind     Kind      `json:"kind"`
	At       time.Time `json:"at"` // by its writer's clock, for people
	By       *Writer   `json:"by,omitempty"`
	Timeline string    `json:"timeline,omitempty"` // that the place was on

	Version int    `json:"version,omitempty"` // of an init
	Lineage string `json:"lineage,omitempty"` // of an init: names the state

	Terms  *Terms `json:"terms,omitempty"`   // of an acquire; of an incoming: what former holders promised
	LeftMS int64  `json:"left_ms,omitempty"` // of a release, of an incoming, and of an acquire that accepts a log which was rolled back: for how long nothing may be sent yet
	Calls  int    `json:"calls,omitempty"`   // of a want: how many, about

	Changes []Change        `json:"changes,omitempty"` // to the parts, in this order
	Content []Content       `json:"content,omitempty"` // of a snapshot and of an incoming: all parts
	Older   int64           `json:"older,omitempty"`   // of a snapshot: the one before it; 0: there is none
	Fold    json.RawMessage `json:"fold,omitempty"`    // of a snapshot: what the records before it come to

	Reason string          `json:"reason,omitempty"` // of a break, and of a snapshot that people made
	To     string          `json:"to,omitempty"`     // of moved: the other place
	Move   json.RawMessage `json:"move,omitempty"`   // of moved and incoming, of the init of a log that a state moves to, and of the active that ends that: which move
}

// Begins reports whether a reader can begin with the record.
func (r *Record) Begins() bool { return r.Kind == Snapshot || r.Kind == Incoming }

// Writer is who wrote a record, in their own words.
type Writer struct {
	ID        string    `json:"id"`
	Who       string    `json:"who"`
	Host      string    `json:"host"`
	PID       int       `json:"pid"`
	Operation string    `json:"operation"`
	Since     time.Time `json:"since"`
}

// Terms are what an acquire promises.
type Terms struct {
	LeaseMS  int64 `json:"lease_ms"`  // without a record for so long, others take over
	CallMS   int64 `json:"call_ms"`   // how long a call takes at most
	SettleMS int64 `json:"settle_ms"` // how long after its end a call can take effect
}

// Change is one change to a part.
type Change struct {
	Part   string  `json:"part"`
	Do     Do      `json:"do"`
	Text   string  `json:"text,omitempty"`   // that is added
	Bytes  []byte  `json:"bytes,omitempty"`  // likewise, where it is not UTF-8
	Values []Value `json:"values,omitempty"` // likewise, or what is there instead
	Size   int64   `json:"size,omitempty"`   // what is left, or what is dropped
}

// Do is what a change does.
type Do string

// What changes do.
const (
	Create   Do = "create"
	Add      Do = "add" // to the end
	Truncate Do = "truncate"
	Replace  Do = "replace"
	Remove   Do = "remove"
	Drop     Do = "drop" // from the beginning
)

// Content is one part in a snapshot: its values one after the other, and then what
// was added last.
type Content struct {
	Part   string  `json:"part"`
	Values []Value `json:"values,omitempty"`
	Text   string  `json:"text,omitempty"`
	Bytes  []byte  `json:"bytes,omitempty"`
}

// Value names a value and says how long it is.
type Value struct {
	Hash string `json:"hash"`
	Size int64  `json:"size"`
}

// NewerError says that a log was written by a gdfctl that knows more.
type NewerError struct {
	Place string
	N     int64
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("record %d of %s was written by a newer gdfctl. Install that one or a later one; nothing was changed", e.N, e.Place)
}

// DamagedError says that a record is not what was appended.
type DamagedError struct {
	Place  string
	N      int64
	Reason string
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("record %d of %s is damaged: %s. Nothing was changed.\n"+
		"Put it back from the place's history or a backup. If it is lost, put the place back to how it was before that record, and accept where it ends then with: gdfctl state recover",
		e.N, e.Place, e.Reason)
}

// encode is the record as it is kept.
func (r *Record) encode() ([]byte, error) {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	err := e.Encode(r)
	return line.Bytes(), err
}

// decode reads a record, and finds out whether this gdfctl understands it.
func decode(place string, raw Raw) (*Record, error) {
	r := &Record{}
	if err := json.Unmarshal(raw.Data, r); err != nil {
		return nil, &DamagedError{place, raw.N, err.Error()}
	}
	if r.Version > newest || r.Kind != "" && !kinds[r.Kind] {
		return nil, &NewerError{place, raw.N}
	}
	if r.N != raw.N || r.Kind == "" {
		return nil, &DamagedError{place, raw.N, fmt.Sprintf("it calls itself %s %d", r.Kind, r.N)}
	}
	if reason := r.unsafe(); reason != "" {
		return nil, &DamagedError{place, raw.N, reason}
	}
	return r, nil
}

// Names become parts of paths on the machine that reads them, and sizes say how much
// of a file stays. Whoever can write to the place must not reach further by them.
var (
	partName  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,30}$`)
	valueHash = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// unsafe is why the record can't be one that was appended, or empty.
func (r *Record) unsafe() string {
	for _, c := range r.Content {
		if !partName.MatchString(c.Part) || !areValues(c.Values) {
			return "a part or a value in it has a name that can't be"
		}
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		if !partName.MatchString(c.Part) || !areValues(c.Values) {
			return "a part or a value in it has a name that can't be"
		}
		if c.Size < 0 {
			return "a change in it has a negative size"
		}
	}
	return r.beyond()
}

func areValues(values []Value) bool {
	return !slices.ContainsFunc(values, func(v Value) bool { return v.Size < 0 || !valueHash.MatchString(v.Hash) })
}
