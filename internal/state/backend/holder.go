package backend

import (
	"fmt"
	"strings"
	"time"
)

// Holder is who holds a lock, in the holder's own words.
type Holder struct {
	ID        string    `json:"id"`
	Who       string    `json:"who"`
	Host      string    `json:"host"`
	PID       int       `json:"pid"`
	Operation string    `json:"operation"`
	Since     time.Time `json:"since"`
}

// String names what the holder said of itself: content of another shape, written
// by something other than gdfctl, may say little.
func (h Holder) String() string {
	if h.Who == "" || h.ID == "" {
		return "another process that did not say who it is"
	}
	name := h.Who
	if h.Host != "" {
		name += "@" + h.Host
	}
	var said []string
	if h.Operation != "" {
		said = append(said, h.Operation)
	}
	if h.PID > 0 {
		said = append(said, fmt.Sprintf("process %d", h.PID))
	}
	if !h.Since.IsZero() {
		said = append(said, "since "+h.Since.UTC().Format(time.RFC3339))
	}
	if len(said) == 0 {
		return name
	}
	return fmt.Sprintf("%s (%s)", name, strings.Join(said, ", "))
}

// LockedError says that another process writes this state.
type LockedError struct {
	Path   string
	Holder Holder // zero fields where the holder did not say
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("the state is locked by %s (%s)", e.Holder, e.Path)
}

// UncertainError says that the lease may have been lost: its last record was
// appended too long ago, or is on its way. Nothing may be sent meanwhile.
type UncertainError struct {
	Path   string
	Reason string
}

func (e *UncertainError) Error() string {
	return fmt.Sprintf("it is not certain that this run still holds the state at %s: %s", e.Path, e.Reason)
}

// FencedError says that this session no longer holds the lock: somebody
// removed or took over its file. Nothing may be sent or saved any more.
type FencedError struct {
	Path   string
	Holder Holder // who has it now; zero if nobody is named
	Reason string // how it was lost, where that is not by another holder
}

func (e *FencedError) Error() string {
	if e.Reason != "" {
		return fmt.Sprintf("the lease on the state at %s is lost: %s", e.Path, e.Reason)
	}
	if e.Holder.ID == "" {
		return fmt.Sprintf("the lock on the state is lost: nobody holds %s now. While this run held it, others took it over and gave it back, as state unlock does, or removed or emptied it", e.Path)
	}
	return fmt.Sprintf("the lock on the state is lost: %s is now that of %s", e.Path, e.Holder)
}
