package local

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// Damaged implements backend.Backend.
func (b *Backend) Damaged(p backend.Part, reason string) *disk.DamagedError {
	if p == backend.Journal {
		return b.damagedJournal(reason)
	}
	path := b.Name(p)
	if b.hasOtherLineEnds(path) {
		return &disk.DamagedError{Path: path, Reason: disk.LineEndsChanged, Remedy: "Nothing was changed: " + disk.PutLineEndsBack(path)}
	}
	e := &disk.DamagedError{Path: path, Reason: reason}
	if !b.Begun() {
		e.Remedy = "Nothing was changed. There is no backup beside it: put back the copy that you keep elsewhere. To begin with an empty state instead, move " +
			path + " away; orders are then looked up again, and calls whose outcome was unknown are forgotten."
		return e
	}
	e.Backup = b.Backup()
	e.Remedy = fmt.Sprintf("Nothing was changed. The version before it is %s; put it back with: cp %s %s. What happened since is read from the journal and from the API again.",
		e.Backup, e.Backup, path)
	return e
}

func (b *Backend) damagedJournal(reason string) *disk.DamagedError {
	return &disk.DamagedError{
		Path: b.Journal, Reason: reason,
		Remedy: "Nothing was changed. It holds the progress of a run that did not end: look up the orders that its lines name before you go on, " +
			"since a call without an outcome there may have been executed. Then put back a whole copy of it, or move it away with: mv " +
			b.Journal + " " + b.Journal + ".damaged",
	}
}

func (b *Backend) hasOtherLineEnds(path string) bool {
	r, _, err := b.files.Open(path)
	if err != nil {
		return false
	}
	defer r.Close() //nolint:errcheck // only read
	return disk.HasOtherLineEnds(r)
}
