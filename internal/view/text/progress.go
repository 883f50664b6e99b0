package text

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// ApplyProgress shows the course of an apply: on a terminal a bar that is
// drawn again and again, elsewhere a line now and then. What fails is reported at once.
type ApplyProgress struct {
	w        io.Writer
	s        Style
	drawn    time.Time
	barShown bool
}

// NewApplyProgress returns a view that has shown nothing yet.
func NewApplyProgress(w io.Writer, s Style) *ApplyProgress {
	return &ApplyProgress{w: w, s: s}
}

// redraw is how often a bar is drawn at most.
const redraw = 100 * time.Millisecond

// Event takes the next event.
func (v *ApplyProgress) Event(e apply.Event, now time.Time) {
	switch e.Type {
	case apply.ChangeFailed, apply.ChangeSkipped, apply.ChangeUnknown:
		v.clear()
		fmt.Fprintf(v.w, "  %s %s %s: %s\n", v.sign(e.Type), safetext.Line(e.Order.String()), e.Action, safetext.Line(e.Message))
	case apply.Throttled:
		v.wait(e.Message)
	case apply.Progress:
		if e.Message != "" {
			v.wait(e.Message)
		} else if !v.s.Terminal {
			fmt.Fprintln(v.w, status(e, sayAll))
		}
	}
	if v.s.Terminal && now.Sub(v.drawn) >= redraw {
		v.drawn, v.barShown = now, true
		fmt.Fprintf(v.w, "\r\x1b[K%s", v.bar(e))
	}
}

// wait tells why nothing seems to happen.
func (v *ApplyProgress) wait(why string) {
	v.barShown = false // it gives way
	Waiting(v.w, v.s, why)
}

// Waiting says why nothing seems to happen, instead of whatever bar is
// shown.
func Waiting(w io.Writer, s Style, why string) {
	if s.Terminal {
		fmt.Fprint(w, "\r\x1b[K")
	}
	fmt.Fprintf(w, "  %s %s\n", s.yellow("…"), safetext.Line(why))
}

// Done takes the bar away.
func (v *ApplyProgress) Done() { v.clear() }

func (v *ApplyProgress) clear() {
	if v.barShown {
		fmt.Fprint(v.w, "\r\x1b[K")
		v.barShown = false
	}
}

func (v *ApplyProgress) sign(t apply.EventType) string {
	if t == apply.ChangeSkipped {
		return v.s.yellow("!")
	}
	return v.s.red("!")
}

// detail is how much a status says, where there is no room for all of it.
type detail int

const (
	sayDone   detail = iota // how much is done
	sayLeft                 // and how long the rest takes
	sayFailed               // and how much failed
	sayAll                  // and the pace
)

// status is the progress in words.
func status(e apply.Event, d detail) string {
	text := fmt.Sprintf("%s of %s done", number(e.Done), number(e.Total))
	if e.Failed > 0 && d >= sayFailed {
		text += fmt.Sprintf(", %s failed", number(e.Failed))
	}
	if e.PerSecond > 0 && d >= sayAll {
		text += fmt.Sprintf(", %s/s", words.Decimal(e.PerSecond))
	}
	if e.ETASeconds > 0 && e.Done < e.Total && d >= sayLeft {
		text += fmt.Sprintf(", about %s left", words.Duration(time.Duration(e.ETASeconds)*time.Second))
	}
	return text
}

// bar is one line, as wide as the terminal at most: a longer one would break,
// and leave a line behind each time that it is drawn anew.
func (v *ApplyProgress) bar(e apply.Event) string {
	room := v.s.Width - 1 // the cursor stands behind the text
	text := ""
	for d := sayAll; d >= sayDone; d-- {
		if text = status(e, d); len(text) <= room {
			break
		}
	}
	text = text[:max(0, min(len(text), room))] // it is ASCII
	const shortest, longest = 5, 30
	width := min(longest, room-len(text)-1)
	if width < shortest || e.Total == 0 {
		return text
	}
	full := width * min(e.Done, e.Total) / e.Total
	return v.s.green(strings.Repeat("━", full)) + v.s.faint(strings.Repeat("─", width-full)) + " " + text
}
