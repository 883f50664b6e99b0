package order

import "time"

// Live is an order as the API showed it, without its buyer.
type Live struct {
	Ref
	Values

	// SourceStatus is the marketplace's own word for the state
	// (SourceOrderStatus), parsed; empty where the source gives none.
	SourceStatus Status
	// SourceWord is that word, where it says more than the status that it was read as:
	// one of a short list.
	SourceWord string

	CreatedInSource      time.Time // zero if absent
	CreatedInDestination time.Time // zero if absent

	SyncStatus string // "Enabled" where the marketplace hears of changes
	SyncError  string // SyncUserErrorMessage: foreign text, escape before showing
}

// IsCancelled reports whether either status says so: the marketplace may have
// canceled an order that GoDataFeed still shows as new.
func (l Live) IsCancelled() bool {
	return l.Status == Cancelled || l.SourceStatus == Cancelled
}

// Created is when the order came into being at its marketplace, or, where that
// is not known, in GoDataFeed.
func (l Live) Created() time.Time {
	if l.CreatedInSource.IsZero() {
		return l.CreatedInDestination
	}
	return l.CreatedInSource
}
