package view

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// ApplyProgress shows the course of an apply: on a terminal a bar that is
// drawn anew, elsewhere a line now and then. What fails is told at once.
type ApplyProgress struct {
	w        io.Writer
	s        Style
	started  time.Time
	drawn    time.Time
	barShown bool
}

// NewApplyProgress returns a view that counts time from now.
func NewApplyProgress(w io.Writer, s Style, now time.Time) *ApplyProgress {
	return &ApplyProgress{w: w, s: s, started: now}
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
			fmt.Fprintln(v.w, v.status(e, now))
		}
	}
	if v.s.Terminal && now.Sub(v.drawn) >= redraw {
		v.drawn, v.barShown = now, true
		fmt.Fprintf(v.w, "\r\x1b[K%s", v.bar(e, now))
	}
}

// wait tells why nothing seems to happen.
func (v *ApplyProgress) wait(why string) {
	v.clear()
	fmt.Fprintf(v.w, "  %s %s\n", v.s.yellow("…"), safetext.Line(why))
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

// status is the progress in words.
func (v *ApplyProgress) status(e apply.Event, now time.Time) string {
	text := fmt.Sprintf("%s of %s done", number(e.Done), number(e.Total))
	if e.Failed > 0 {
		text += fmt.Sprintf(", %s failed", number(e.Failed))
	}
	elapsed := now.Sub(v.started)
	if e.Done == 0 || elapsed < time.Second {
		return text
	}
	rate := float64(e.Done) / elapsed.Seconds()
	text += fmt.Sprintf(", %.1f/s", rate)
	if left := e.Total - e.Done; left > 0 {
		text += fmt.Sprintf(", about %s left", duration(time.Duration(float64(left)/rate*float64(time.Second))))
	}
	return text
}

func (v *ApplyProgress) bar(e apply.Event, now time.Time) string {
	status := v.status(e, now)
	cells := min(30, v.s.Width-len(status)-4)
	if cells < 5 || e.Total == 0 {
		return status
	}
	full := cells * e.Done / e.Total
	return v.s.green(strings.Repeat("━", full)) + v.s.faint(strings.Repeat("─", cells-full)) + " " + status
}
