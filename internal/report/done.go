package report

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
)

// Formatted are the files that were not formatted.
type Formatted struct {
	FormatVersion string   `json:"format_version"`
	Written       bool     `json:"written"` // false: they were only checked
	Files         []string `json:"files"`
}

// NewFormatted is the report of no file yet.
func NewFormatted(written bool) *Formatted {
	return &Formatted{jsonformat.Version, written, []string{}}
}

// Initialized are the files of a new configuration.
type Initialized struct {
	FormatVersion string   `json:"format_version"`
	Written       []string `json:"written"`
	Kept          []string `json:"kept"` // were there already
	Next          []string `json:"next"` // what a person does next, in order
}

// NewInitialized is the report of a new configuration.
func NewInitialized(written, kept, next []string) *Initialized {
	return &Initialized{jsonformat.Version, listed(written), listed(kept), listed(next)}
}

// RemovedOrder is an order that was removed from the state.
type RemovedOrder struct {
	FormatVersion string  `json:"format_version"`
	Account       string  `json:"account"`
	ID            string  `json:"id"`
	AuditHead     string  `json:"audit_head"`
	SignedHead    *string `json:"signed_head"` // the file of the signed head; null: it was not signed
}

// NewRemovedOrder is the report of an order that was removed.
func NewRemovedOrder(account, id, head, signed string) *RemovedOrder {
	return &RemovedOrder{jsonformat.Version, account, id, head, nullable(signed)}
}

// Unlocked is a lock that was removed.
type Unlocked struct {
	FormatVersion string      `json:"format_version"`
	Lock          *LockHolder `json:"lock"`          // null: the state was not locked
	QuietSeconds  int         `json:"quiet_seconds"` // for how long nothing is sent, by whoever locks next
}

// LockHolder is who held a lock, as the lock says.
type LockHolder struct {
	ID        string     `json:"id"`
	Who       string     `json:"who"`
	Host      string     `json:"host"`
	PID       int        `json:"pid"`
	Operation string     `json:"operation"`
	Since     *time.Time `json:"since"`
}

// NewUnlocked is the report of a lock that was removed, or of none.
func NewUnlocked(holder *LockHolder, quiet time.Duration) *Unlocked {
	if holder != nil && holder.Since != nil {
		holder.Since = wholeSeconds(*holder.Since)
	}
	return &Unlocked{jsonformat.Version, holder, int(quiet.Seconds())}
}

// Rebuilt is a state that was rebuilt.
type Rebuilt struct {
	FormatVersion string `json:"format_version"`
	File          string `json:"file"`
	Orders        int    `json:"orders"`
}

// NewRebuilt is the report of a state that was rebuilt.
func NewRebuilt(file string, orders int) *Rebuilt { return &Rebuilt{jsonformat.Version, file, orders} }

// Saved is a file that was written.
type Saved struct {
	FormatVersion string `json:"format_version"`
	File          string `json:"file"`
	Bytes         int64  `json:"bytes"`
}

// NewSaved is the report of a file that was written.
func NewSaved(file string, size int64) *Saved { return &Saved{jsonformat.Version, file, size} }

// Build is what is known of a build of the program.
type Build struct {
	FormatVersion string `json:"format_version"`
	Version       string `json:"version"`
	Go            string `json:"go_version"`
	OS            string `json:"os"`
	Arch          string `json:"arch"`
	Revision      string `json:"revision,omitempty"` // absent if it was built outside version control
	Time          string `json:"revision_time,omitempty"`
	Modified      bool   `json:"modified,omitempty"`
}
