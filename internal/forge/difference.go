package forge

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/words"
)

// against says how a plan differs from an earlier one, what can't be undone
// first: "2 more cancels, 1 ship fewer".
func (s Shown) against(earlier Shown) string {
	var parts []string
	for _, k := range []struct {
		now, then int
		one, many string
	}{
		{s.Cancel, earlier.Cancel, "cancel", "cancels"},
		{s.Correct, earlier.Correct, "correction", "corrections"},
		{s.Ship, earlier.Ship, "ship", "ships"},
		{s.Acknowledge, earlier.Acknowledge, "acknowledgment", "acknowledgments"},
	} {
		switch more := k.now - k.then; {
		case more > 0:
			parts = append(parts, words.Count(more, "more "+k.one, "more "+k.many))
		case more < 0:
			parts = append(parts, words.Count(-more, k.one, k.many)+" fewer")
		}
	}
	if len(parts) == 0 {
		return "as many changes, but not the same ones"
	}
	return strings.Join(parts, ", ")
}
