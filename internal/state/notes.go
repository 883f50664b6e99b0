package state

import (
	"context"

	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// Notes are what the backend keeps that no order depends on.
type Notes struct {
	store *Store
	in    backend.Notes
}

// Notes returns the notes of the state, and false where they are files of this
// machine: see internal/memory.
func (s *Store) Notes() (Notes, bool) {
	in, ok := s.backend.(backend.Notes)
	return Notes{s, in}, ok
}

// Read returns what was noted, as of the moment of the state.
func (n Notes) Read(ctx context.Context) ([]byte, error) { return n.in.Noted(ctx) }

// Note notes what build makes of what was noted by now. operation is what others read
// about who does it.
func (n Notes) Note(ctx context.Context, operation string, build func(now []byte) (backend.Note, error)) error {
	return n.in.Note(ctx, n.store.Holding(operation), build)
}
