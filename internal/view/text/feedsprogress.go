package text

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// FeedsProgress says which feed's file is being read, since a large one takes
// its time. It is for a terminal: a line that is drawn again and again.
type FeedsProgress struct {
	w     io.Writer
	s     Style
	shown bool
}

// NewFeedsProgress returns a view that shows nothing yet.
func NewFeedsProgress(w io.Writer, s Style) *FeedsProgress { return &FeedsProgress{w: w, s: s} }

// Reading says that the n-th file of so many is being read.
func (v *FeedsProgress) Reading(feed string, n, of int) {
	text := fmt.Sprintf("Reading file %s of %s: %s", number(n), number(of), safetext.Line(feed))
	if v.s.Width > 1 {
		text = cells.Truncate(text, v.s.Width-1, "…")
	}
	fmt.Fprintf(v.w, "\r\x1b[K%s", v.s.faint(text))
	v.shown = true
}

// Done takes the line away.
func (v *FeedsProgress) Done() {
	if v.shown {
		fmt.Fprint(v.w, "\r\x1b[K")
		v.shown = false
	}
}

// CheckedTooSoon says that a check can show nothing new, this long after another.
func CheckedTooSoon(w io.Writer, s Style, since time.Duration) {
	const label = "Warning:"
	text := fmt.Sprintf("%s the last check was %s ago: GoDataFeed's documents call asking more often than every few minutes useless, and it costs calls that orders may need",
		label, words.Duration(since))
	if s.Terminal {
		text = s.wrapped("", text)
	}
	fmt.Fprintf(w, "%s%s\n", s.yellow(label), strings.TrimPrefix(text, label))
}
