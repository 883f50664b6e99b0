package order

import "strings"

// sourceWords are the marketplaces' own words for the state of an order, without
// case, spaces and hyphens. A word that is not here confirms nothing: a refund
// before shipping, for one, may leave an order open.
var sourceWords = map[string]Status{
	"new": New, "created": New, "pending": New, "unshipped": New, "paid": New, "open": New, "awaitingshipment": New,
	"processing": Processing, "acknowledged": Processing, "partiallyshipped": Processing,
	"shipped": Shipped, "delivered": Shipped, "completed": Shipped, "fulfilled": Shipped, "invoiced": Shipped,
	"cancelled": Cancelled, "canceled": Cancelled, "voided": Cancelled,
}

func sourceWordKey(raw string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' || r == '-' {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(raw)))
}

// ParseSourceStatus reads a marketplace's own word for the state of an order. The
// status is empty where the marketplace gives none; a word that is not known is kept
// behind "unknown:". The word is the one of the list where it says more than the
// status does.
func ParseSourceStatus(raw string) (s Status, word string) {
	key := sourceWordKey(raw)
	if key == "" {
		return "", ""
	}
	s, ok := sourceWords[key]
	switch {
	case !ok:
		return UnknownStatus(strings.TrimSpace(raw)), ""
	case s == ParseStatus(key):
		return s, ""
	}
	return s, key
}

// IsUnknown reports whether a status is a word that is not known.
func (s Status) IsUnknown() bool { return strings.HasPrefix(string(s), unknownPrefix) }

// UnknownStatus is the status of a word that is not known.
func UnknownStatus(word string) Status { return Status(unknownPrefix + word) }

// Unready is why a marketplace's own word keeps an order from being shipped.
type Unready string

// The reasons. An order that is shipped in part has room for one tracking number.
const (
	Ready      Unready = ""
	Unpaid     Unready = "unpaid"
	PartlySent Unready = "partly_sent"
)

// Unready says why the order can't be shipped although it is open.
func (l Live) Unready() Unready {
	switch l.SourceWord {
	case "pending":
		return Unpaid
	case "partiallyshipped":
		return PartlySent
	}
	return Ready
}

// SyncOff reports whether the marketplace does not hear of changes to the order.
func (l Live) SyncOff() bool {
	return l.SyncStatus != "" && !strings.EqualFold(l.SyncStatus, "enabled")
}
