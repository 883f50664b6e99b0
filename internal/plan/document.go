package plan

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// FormatVersion is the version of the JSON that programs read. The number
// before the dot changes when something is removed or gets a different
// meaning.
const FormatVersion = "2.0"

// Document is a plan as programs see it: `plan --json` and
// `show --format json` print it, with the results of watches beside it.
// docs/json.md describes every field.
type Document struct {
	FormatVersion string             `json:"format_version"`
	Version       string             `json:"gdfctl_version"`
	CreatedAt     time.Time          `json:"created_at"`
	PlanHash      string             `json:"plan_hash"`
	PlanHashShort string             `json:"plan_hash_short"`
	ConfigHash    string             `json:"config_hash"`
	Summary       Summary            `json:"summary"`
	Calls         Calls              `json:"calls"`
	ETASeconds    int                `json:"eta_seconds"`
	Accounts      []AccountDocument  `json:"accounts"`
	Missing       []MissingAccount   `json:"missing_accounts"`
	Batches       []*spec.BatchCount `json:"batches"`
	Changes       []Change           `json:"changes"`
	Held          []Held             `json:"held_back"`
	Pending       []Pending          `json:"pending"`
	Deferred      []Deferred         `json:"deferred"`
	Findings      []Finding          `json:"findings"`
	Replaced      []spec.Replacement `json:"replaced"`
	Stopped       []StoppedBatch     `json:"stopped"`
	Unclaimed     *Unclaimed         `json:"unclaimed"` // null if no lookback was listed
	Violations    []Violation        `json:"violations"`
	Watches       any                `json:"watches"` // a list, put in by who knows of feeds
}

// AccountDocument is one account's part of a Document.
type AccountDocument struct {
	AccountPlan
	ETASeconds int `json:"eta_seconds"`
}

// Document returns the plan for programs. Lists are never null.
func (p *Plan) Document(violations []Violation) (*Document, error) {
	hash, err := p.Hash()
	if err != nil {
		return nil, err
	}
	d := &Document{
		FormatVersion: FormatVersion, Version: p.Version, CreatedAt: p.CreatedAt, PlanHash: hash, PlanHashShort: ShortHash(hash), ConfigHash: p.ConfigHash,
		Summary: p.Summary(), Calls: p.Calls(), ETASeconds: int(p.ETA().Seconds()),
		Accounts: []AccountDocument{}, Missing: listed(p.Missing), Batches: listed(p.Batches), Changes: listed(p.Changes), Held: listed(p.Held), Pending: listed(p.Pending),
		Deferred: listed(p.Deferred), Findings: listed(p.Findings), Replaced: listed(p.Replaced), Stopped: listed(p.Stopped), Unclaimed: p.Unclaimed(), Violations: listed(violations), Watches: []struct{}{},
	}
	for _, a := range p.Accounts {
		d.Accounts = append(d.Accounts, AccountDocument{a, int(a.ETA.Seconds())})
	}
	return d, nil
}

func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
