package order

import "strings"

// Status is the state of an order, in one canonical spelling. A word that the
// API's documents do not name is kept as "unknown:<as sent>", never guessed.
type Status string

// The states that the API documents, and the one that only a configuration
// can ask for: an acknowledged order shows as Processing in the API.
const (
	New          Status = "new"
	Processing   Status = "processing"
	Shipped      Status = "shipped"
	Cancelled    Status = "cancelled"
	Acknowledged Status = "acknowledged"
)

const unknownPrefix = "unknown:"

// ParseStatus reads a status as the API or a marketplace writes it, in any
// case and in both spellings of canceled. Anything else is kept behind
// "unknown:".
func ParseStatus(raw string) Status {
	switch strings.ToLower(strings.TrimSpace(raw)) {
	case "new":
		return New
	case "processing":
		return Processing
	case "shipped":
		return Shipped
	case "cancelled", "canceled":
		return Cancelled
	}
	return Status(unknownPrefix + strings.TrimSpace(raw))
}

// Unknown is the word behind a status that is none of the four, and that there is one.
func (s Status) Unknown() (word string, ok bool) { return strings.CutPrefix(string(s), unknownPrefix) }

// Known reports whether s is one of the four states of a live order.
func (s Status) Known() bool {
	switch s {
	case New, Processing, Shipped, Cancelled:
		return true
	}
	return false
}

// Open reports whether an order in this state still waits for its seller.
func (s Status) Open() bool { return s == New || s == Processing }
