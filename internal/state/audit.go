package state

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// The audit record is a file of JSON objects, one a line. Every line ends in
//
//	,"hash":"<64 lower-case hex digits>"}
//
// The hash is the SHA-256 of the line without that member: of all its bytes up
// to `,"hash":"`, followed by the closing brace, without the newline. So this
// prints the hash of line 7:
//
//	sed -n 7p gdfctl.audit.jsonl | sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\n' | sha256sum
//
// Each line holds its number and, as "prev", the hash of the line before it;
// the first one holds 64 zeros. Whoever knows the hash of line N can prove that
// no line up to N was changed, removed, inserted or moved.

// AuditRecord is one line of the audit record: one change to one order, or one
// intervention of people.
type AuditRecord struct {
	Line int       `json:"line"` // counts from 1
	Prev string    `json:"prev"`
	At   time.Time `json:"at"`

	RunID     string `json:"run_id"` // of the run that made the call
	Seq       uint64 `json:"seq"`
	SettledBy string `json:"settled_by,omitempty"` // the run that found out what became of it, if another
	provenance.Provenance
	PlanHash string `json:"plan_hash,omitempty"`

	Endpoint string        `json:"endpoint,omitempty"`
	Account  string        `json:"account,omitempty"`
	Address  string        `json:"address,omitempty"`
	Order    *AuditOrder   `json:"order,omitempty"`
	Action   string        `json:"action"`            // an order.Action, or one of the Audit constants
	Attempt  int           `json:"attempt,omitempty"` // of the configuration; left out if 1
	Reason   string        `json:"reason,omitempty"`
	Before   *order.Values `json:"before,omitempty"`
	After    *order.Values `json:"after,omitempty"`

	Result   Result `json:"result"`
	Status   int    `json:"http_status,omitempty"`
	Message  string `json:"message,omitempty"`
	Repeated bool   `json:"repeated_after_settle"`
	ReadBack bool   `json:"read_back"`

	Hash string `json:"hash,omitempty"`
}

// AuditOrder is an order with all its numbers: those that it has after the
// change, or had before it where the change names none.
type AuditOrder struct {
	order.Ref
	OrderNumber string `json:"order_number,omitempty"`
	Tracking    string `json:"tracking_number,omitempty"`
}

// What people do to the state, and what befell the record itself.
const (
	AuditStateRm = "state_rm"     // an order was taken out of the state
	AuditUnlock  = "state_unlock" // a lock was taken away
	AuditGap     = "audit_gap"    // lines that the state remembers are gone
)

// AuditHead is a point of the audit record: a line and everything before it.
type AuditHead struct {
	Hash  string // of the line; empty for an empty record
	Lines int
	Torn  bool // something follows that was not written to its end; the next run cuts it off
}

// String is HASH@LINE, as VerifyAudit takes it.
func (h AuditHead) String() string { return h.Hash + "@" + strconv.Itoa(h.Lines) }

// ParseAuditHead reads what String wrote.
func ParseAuditHead(s string) (AuditHead, error) {
	hash, number, _ := strings.Cut(strings.TrimSpace(s), "@")
	lines, err := strconv.Atoi(number)
	hash = strings.ToLower(hash)
	if sum, hexErr := hex.DecodeString(hash); err != nil || hexErr != nil || len(sum) != sha256.Size || lines < 1 {
		return AuditHead{}, fmt.Errorf("%q is no head of an audit record: it is written HASH@LINE, with 64 hex digits", s)
	}
	return AuditHead{Hash: hash, Lines: lines}, nil
}

// auditMark is a head as the state keeps it.
type auditMark struct {
	Hash  string `json:"hash"`
	Lines int    `json:"lines"`
}

// prev is the hash that the next line refers to.
func (m auditMark) prev() string {
	if m.Lines == 0 {
		return strings.Repeat("0", 2*sha256.Size)
	}
	return m.Hash
}

const (
	hashStart = `,"hash":"`
	hashEnd   = `"}`
	hashSize  = len(hashStart) + 2*sha256.Size + len(hashEnd)
)

// chain makes the record the next line after m, newline included.
func (m auditMark) chain(r AuditRecord) ([]byte, auditMark, error) {
	r.Line, r.Prev, r.Hash = m.Lines+1, m.prev(), ""
	body, err := json.Marshal(r)
	if err != nil {
		return nil, m, err
	}
	// As it will be printed: whoever has an exported line can compute its hash.
	body = safetext.JSON(body)
	sum := sha256.Sum256(body)
	next := auditMark{hex.EncodeToString(sum[:]), r.Line}
	line := append(body[:len(body)-1], hashStart...)
	line = append(line, next.Hash...)
	return append(line, hashEnd+"\n"...), next, nil
}

// auditLink is what of a line makes the chain.
type auditLink struct {
	Line int
	Prev string
	hash string
}

func (l auditLink) follows(m auditMark) bool { return l.Line == m.Lines+1 && l.Prev == m.prev() }

// readLink checks a line, without its newline, against its own hash.
func readLink(text []byte) (auditLink, bool) {
	cut := len(text) - hashSize
	if cut < 1 || string(text[cut:cut+len(hashStart)]) != hashStart || !bytes.HasSuffix(text, []byte(hashEnd)) {
		return auditLink{}, false
	}
	sum := sha256.New()
	sum.Write(text[:cut])
	sum.Write([]byte("}"))
	l := auditLink{hash: hex.EncodeToString(sum.Sum(nil))}
	if string(text[cut+len(hashStart):len(text)-len(hashEnd)]) != l.hash {
		return auditLink{}, false
	}
	return l, l.read(text)
}

// read takes number and predecessor from the beginning of a line, where they
// always stand. What follows is not parsed: its hash says that it is what was
// written, and a record of years is verified before every run.
func (l *auditLink) read(text []byte) bool {
	rest, ok := bytes.CutPrefix(text, []byte(`{"line":`))
	if !ok {
		return false
	}
	number, rest, ok := bytes.Cut(rest, []byte(`,"prev":"`))
	if !ok {
		return false
	}
	prev, _, ok := bytes.Cut(rest, []byte(`"`))
	line, err := strconv.Atoi(string(number))
	l.Line, l.Prev = line, string(prev)
	return ok && err == nil
}

// recordOutcome is the record of what became of a call. It is the same whether
// the run that learned it writes it, or the one that finds its journal.
func recordOutcome(by string, who provenance.Provenance, in Intent, out Outcome) AuditRecord {
	before, after := in.Before, in.After
	ref := in.Ref
	if out.OrderID != "" {
		ref.ID = out.OrderID
	}
	r := AuditRecord{
		At: out.At, RunID: in.RunID, Seq: in.Seq, Provenance: who, PlanHash: in.PlanHash,
		Endpoint: in.Endpoint, Account: in.Account, Address: safetext.Line(in.Address),
		Order:  auditOrder(ref, after, before),
		Action: string(in.Action), Reason: in.Reason, Before: &before, After: &after,
		Result: out.Result, Status: out.Status, Message: out.Message, Repeated: in.Repeated, ReadBack: out.ReadBack,
	}
	if by != in.RunID {
		r.SettledBy = by
	}
	if in.Attempt > 1 {
		r.Attempt = in.Attempt
	}
	return r
}

func recordRemoval(head *journalHead, removal *storedRemoval) AuditRecord {
	return AuditRecord{
		At: removal.At, RunID: head.RunID, Seq: removal.Seq, Provenance: head.Provenance,
		Endpoint: removal.Endpoint, Account: removal.Account,
		Order:  &AuditOrder{Ref: refOf(removal.key(), removal.Source, removal.SourceNumber)},
		Action: AuditStateRm, Reason: removal.Reason, Result: Done,
	}
}

func auditOrder(ref order.Ref, values ...order.Values) *AuditOrder {
	o := &AuditOrder{Ref: ref}
	for _, v := range values {
		if o.OrderNumber == "" {
			o.OrderNumber = v.OrderNumber
		}
		if o.Tracking == "" {
			o.Tracking = v.Tracking
		}
	}
	return o
}

// auditID tells records apart: each is written once, however often a journal is
// folded in.
type auditID struct {
	run    string
	seq    uint64
	by     string
	result Result
}

func (r *AuditRecord) ident() auditID { return auditID{r.RunID, r.Seq, r.SettledBy, r.Result} }

// names lists every number by which people may look for the record's order.
func (r *AuditRecord) names() []string {
	var names []string
	if o := r.Order; o != nil {
		names = append(names, o.ID, o.SourceNumber, o.OrderNumber, o.Tracking, o.Ref.String())
	}
	for _, v := range []*order.Values{r.Before, r.After} {
		if v != nil {
			names = append(names, v.OrderNumber, v.Tracking)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}
