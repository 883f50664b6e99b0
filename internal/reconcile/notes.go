package reconcile

import (
	"context"
	"time"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// noteTime bounds the reading and the writing of notes: what is in them is worth no
// longer wait, with its repetitions, where the place does not answer.
const noteTime = 30 * time.Second

// sharedMemory is what all machines learned that share the state. For a state in files,
// or one that nobody knows how to reach, it is this machine's own.
func (w *workspace) sharedMemory() memory.Memory {
	if w.store == nil {
		return w.own
	}
	notes, ok := w.store.Notes()
	if !ok {
		return w.own
	}
	return memory.Log(w.home.name(), noted{notes})
}

// readNotes reads the place that machines share, as of now. Without it, a check would
// know nothing of what others saw, and take for right what is unknown.
func (w *workspace) readNotes(ctx context.Context) error {
	if !w.home.shared() {
		return nil
	}
	if w.unplaced != nil {
		return w.unplaced
	}
	return w.store.Refresh(ctx)
}

// noted are the notes of a state as a memory takes them.
type noted struct{ notes state.Notes }

// Read implements memory.Notes.
func (n noted) Read() ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), noteTime)
	defer cancel()
	return n.notes.Read(ctx)
}

// Note implements memory.Notes.
func (n noted) Note(build func(now []byte) (lines []byte, whole bool, err error)) error {
	ctx, cancel := context.WithTimeout(context.Background(), noteTime)
	defer cancel()
	return n.notes.Note(ctx, "notes", func(now []byte) (backend.Note, error) {
		lines, whole, err := build(now)
		return backend.Note{Text: lines, Whole: whole}, err
	})
}
