package shared

import (
	"bytes"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// However much a run could not record, no value is longer than a place has to take.
func TestLateOutcomesAreValuesOfBoundedSize(t *testing.T) {
	s := newShop(t)
	b := New(s.Place("a"), Options{Dir: t.TempDir(), Lineage: s.lineage})
	defer b.Close()
	fatal(t, b.Refresh(t.Context()))
	text := bytes.Repeat([]byte("a line of outcomes\n"), 200_000)
	b.mu.Lock()
	fatal(t, b.appendLateLocked(t.Context(), 1, text))
	b.mu.Unlock()
	entries, _, err := b.log.From(t.Context(), 0)
	fatal(t, err)
	values := entries[len(entries)-1].Changes[0].Values
	for _, v := range values {
		if v.Size > largestValue {
			t.Errorf("one of %d values has %d bytes", len(values), v.Size)
		}
	}
	if got := content(t, b, backend.Late); got != string(text) {
		t.Errorf("%d of %d bytes are read", len(got), len(text))
	}
}
