package report

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/order"
)

// OlderErrors are what marketplaces reported of orders, not about what gdfctl changed
// last.
type OlderErrors struct {
	FormatVersion string       `json:"format_version"`
	Errors        []OlderError `json:"errors"` // the most frequent first
}

// OlderError is one text of one marketplace.
type OlderError struct {
	Account string      `json:"account"`
	Source  string      `json:"source"`
	Text    string      `json:"text"`
	Count   int         `json:"count"`
	Oldest  *time.Time  `json:"oldest"` // when the oldest of the orders was placed
	Orders  []order.Ref `json:"orders"` // the oldest first
}

// NewOlderErrors is a list of none yet.
func NewOlderErrors() *OlderErrors {
	return &OlderErrors{FormatVersion: jsonformat.Version, Errors: []OlderError{}}
}

// Add adds the orders of one text.
func (r *OlderErrors) Add(account, source, text string, oldest time.Time, orders []order.Ref) {
	r.Errors = append(r.Errors, OlderError{account, source, text, len(orders), wholeSeconds(oldest), orders})
}
