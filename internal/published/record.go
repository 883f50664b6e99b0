package published

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Entry is a published plan as its publisher describes it. None of it is proved,
// apart from Hash once the plan itself was read.
type Entry struct {
	Hash        string    `json:"hash"`        // of the saved plan
	ConfigHash  string    `json:"config_hash"` // of the configuration that it was made from
	Version     string    `json:"gdfctl_version"`
	Lineage     string    `json:"lineage,omitempty"` // of the state that it was made against
	Made        time.Time `json:"made_at"`
	At          time.Time `json:"published_at"`
	Who         string    `json:"who,omitempty"`
	Head        string    `json:"head,omitempty"` // the commit that was planned
	Base        string    `json:"base,omitempty"` // the commit that it is to be merged into
	PullRequest string    `json:"pull_request,omitempty"`
	Number      int       `json:"number,omitempty"`    // of the pull request; 0: not known
	ForgeAt     time.Time `json:"forge_time,omitzero"` // when it was published, by the forge's clock; zero: not known
	Changes     int       `json:"changes"`
	Counts      Counts    `json:"counts,omitzero"`
	Partial     bool      `json:"partial,omitempty"` // it leaves something out that the configuration wants

	Values []string `json:"values"` // the hashes of its pieces, in order
}

// Counts are how many orders a plan changes in each way, for the words of a later one.
type Counts struct {
	Acknowledge int `json:"acknowledge,omitempty"`
	Ship        int `json:"ship,omitempty"`
	Correct     int `json:"correct,omitempty"`
	Cancel      int `json:"cancel,omitempty"`
	Insert      int `json:"insert,omitempty"`
}

// The kinds of records.
const (
	kindBegin   = "begin"
	kindPlan    = "plan"
	kindDiscard = "discard"
	kindList    = "list" // all that is kept: a reader can begin here
)

// record is one line of the log.
type record struct {
	N      int64     `json:"n"`
	Prev   string    `json:"prev"`
	ID     string    `json:"id"` // by chance: no two records are the same
	Kind   string    `json:"kind"`
	At     time.Time `json:"at"`
	Plan   *Entry    `json:"plan,omitempty"`
	Hash   string    `json:"hash,omitempty"`   // of what is discarded
	Who    string    `json:"who,omitempty"`    // discards it
	Reason string    `json:"reason,omitempty"` // likewise
	Plans  []Entry   `json:"plans,omitempty"`
}

// raw makes the record that stands behind prev.
func (r record) raw(prev sharedlog.Position) (sharedlog.Raw, error) {
	var id [8]byte
	rand.Read(id[:])
	r.N, r.Prev, r.ID, r.At = prev.N+1, prev.Hash, hex.EncodeToString(id[:]), r.At.UTC().Truncate(time.Second)
	data, err := json.Marshal(r)
	return sharedlog.Raw{N: r.N, Data: append(data, '\n'), Kind: r.Kind, At: r.At, Snapshot: r.Kind == kindList}, err
}

// mostListed is how many plans a log is read for: whoever may publish could
// publish without end.
const mostListed = 10_000

// folded is a log that was read.
type folded struct {
	end   sharedlog.Position
	plans []Entry // oldest first
	first int64   // the first record that was read
	none  bool    // nothing was ever published here
}

// add takes one more record. What can't be understood says nothing.
func (f *folded) add(raw sharedlog.Raw) {
	f.end = raw.Position()
	var r record
	if json.Unmarshal(raw.Data, &r) != nil {
		return
	}
	switch r.Kind {
	case kindPlan:
		if r.Plan != nil && r.Plan.usable() {
			f.drop(r.Plan.Hash)
			f.plans = append(f.plans, *r.Plan)
		}
	case kindDiscard:
		f.drop(r.Hash)
	case kindList:
		f.plans = nil
		for i := range r.Plans {
			if r.Plans[i].usable() {
				f.plans = append(f.plans, r.Plans[i])
			}
		}
	}
	if more := len(f.plans) - mostListed; more > 0 {
		f.plans = f.plans[more:]
	}
}

func (f *folded) drop(hash string) {
	kept := f.plans[:0]
	for _, e := range f.plans {
		if e.Hash != hash {
			kept = append(kept, e)
		}
	}
	f.plans = kept
}

// usable reports whether an entry names a plan that can be read, found by its hash
// and discarded, and times that can be written again.
func (e *Entry) usable() bool {
	return isHash(e.Hash) && len(e.Values) > 0 && len(e.Values) <= mostPieces &&
		!slices.ContainsFunc(e.Values, func(hash string) bool { return !isHash(hash) }) &&
		!e.At.IsZero() && inCalendar(e.At) && inCalendar(e.Made) && (e.ForgeAt.IsZero() || inCalendar(e.ForgeAt))
}

// isHash accepts a hash only as it is written here: a search is for small letters.
func isHash(text string) bool {
	b, err := hex.DecodeString(text)
	return err == nil && len(b) == 32 && strings.ToLower(text) == text
}

// inCalendar reports whether a time can be written in every zone: an offset moves the
// last days of the year 9999 out of what JSON holds.
func inCalendar(t time.Time) bool {
	year := t.UTC().Year()
	return year > 0 && year < 9999
}
