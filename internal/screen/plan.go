package screen

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/html"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/junit"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Planned shows a plan that was made now, wherever it is to be shown.
func (s *Screen) Planned(r *reconcile.PlanReport, format report.Format, full bool, files Files) error {
	if err := console.Shown(s.Plan(r, format, full)); err != nil {
		return err
	}
	err := files.write(
		func(w io.Writer) error { return markdown.Plan(w, s.Job().Plan(r)) },
		func(w io.Writer) error { return html.Plan(w, s.Job().Plan(r)) },
	)
	if err != nil {
		return err
	}
	s.planInCI(r)
	s.warnOpenCalls(r)
	return nil
}

// Plan prints a plan in the format that was chosen, and what the latest check of
// feeds found where feeds are watched.
func (s *Screen) Plan(r *reconcile.PlanReport, format report.Format, full bool) error {
	switch format {
	case report.JSON:
		return json.Object(s.Out, present.Plan(r))
	case report.Markdown:
		return markdown.Plan(s.Out, s.Job().Plan(r))
	case report.HTML:
		return html.Plan(s.Out, s.Job().Plan(r))
	case report.JUnit:
		return junit.Plan(s.Out, present.Plan(r))
	}
	if err := s.planText(r, full).Write(s.Out, s.StyleOut); err != nil || !r.Watches {
		return err
	}
	return text.PlanWatches(s.Out, s.StyleOut, r.Feeds, s.Now())
}

// planText is a plan for people.
func (s *Screen) planText(r *reconcile.PlanReport, full bool) text.PlanText {
	return text.PlanText{Plan: present.Plan(r), Zones: r.Zones, Full: full, Command: s.Command}
}

// warnOpenCalls says that there are calls whose outcome is not known.
func (s *Screen) warnOpenCalls(r *reconcile.PlanReport) {
	switch {
	case r.Unclaimed != nil:
		s.Warn("apply will send nothing: " + r.Unclaimed.Error())
	case r.OpenCalls > 0:
		s.Warn(fmt.Sprintf("%s without a known outcome; the next apply finds out before it sends anything for the same order",
			words.Count(r.OpenCalls, "earlier call", "earlier calls")))
	}
}

// Kept says where a plan was kept, and how to make its changes.
func (s *Screen) Kept(r *reconcile.PlanReport, file string, format report.Format) {
	out := s.Err
	if format == report.Text {
		out = s.Out
		text.PlanSaved(out, file, s.Command)
	}
	if e := r.Published; e != nil {
		text.PlanPublished(out, e.Hash, e.Head, s.Command)
	}
}
