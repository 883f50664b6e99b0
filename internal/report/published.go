package report

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
)

// PublishedPlans are the plans that reviewers can be shown, oldest first.
type PublishedPlans struct {
	FormatVersion string          `json:"format_version"`
	Plans         []PublishedPlan `json:"plans"`
}

// PublishedPlan is a published plan, as its publisher described it.
type PublishedPlan struct {
	PlanHash    string     `json:"plan_hash"`
	ConfigHash  string     `json:"config_hash"`
	Version     string     `json:"gdfctl_version"`
	CreatedAt   *time.Time `json:"created_at"`
	PublishedAt *time.Time `json:"published_at"`
	ForgeTime   *time.Time `json:"forge_time"` // null: not known, so that no approval counts
	Who         string     `json:"who"`
	Head        string     `json:"head_commit"` // empty: not known
	Base        string     `json:"base_commit"` // likewise
	PullRequest string     `json:"pull_request"`
	Changes     int        `json:"changes"`
	Partial     bool       `json:"partial"`
	DoneBy      *string    `json:"done_by"` // the run that carried it out; null: none, as far as is known
}

// NewPublishedPlans is the report of published plans.
func NewPublishedPlans(plans []PublishedPlan) *PublishedPlans {
	return &PublishedPlans{jsonformat.Version, listed(plans)}
}

// NewPublishedPlan completes one of them.
func NewPublishedPlan(p PublishedPlan, made, published, byForge time.Time, doneBy string) PublishedPlan {
	p.CreatedAt, p.PublishedAt, p.ForgeTime, p.DoneBy = wholeSeconds(made), wholeSeconds(published), wholeSeconds(byForge), nullable(doneBy)
	return p
}

// Discarded is a published plan that was discarded.
type Discarded struct {
	FormatVersion string `json:"format_version"`
	PlanHash      string `json:"plan_hash"`
}

// NewDiscarded is the report of a plan that was discarded.
func NewDiscarded(hash string) *Discarded { return &Discarded{jsonformat.Version, hash} }

// Begun is a state that was begun.
type Begun struct {
	FormatVersion string  `json:"format_version"`
	State         *string `json:"state"` // which one it is, for the backend block; null: it is kept in files
	Place         string  `json:"place"`
}

// NewBegun is the report of a state that was begun.
func NewBegun(state, place string) *Begun { return &Begun{jsonformat.Version, nullable(state), place} }
