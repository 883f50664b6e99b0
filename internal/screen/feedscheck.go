package screen

import (
	"errors"
	"io"

	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/junit"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
	"github.com/gdfctl/gdfctl/internal/view/prometheus"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// FeedsCheck shows a check of feeds from its events.
type FeedsCheck struct {
	Screen   *Screen
	Format   report.Format
	Full     bool // every feed, with everything that was measured
	Files    FeedsFiles
	ExitCode func(*reconcile.FeedsReport) int // how the command is to exit

	progress *text.FeedsProgress
	failed   error // of showing
}

// FeedsFiles are the files that a check of feeds is written to, for others than the
// person at the terminal. Those without a name are not written.
type FeedsFiles struct{ JUnit, Markdown, Prometheus string }

// Ended is why what was found could not be shown.
func (v *FeedsCheck) Ended() error { return v.failed }

// Observe shows an event.
func (v *FeedsCheck) Observe(e reconcile.Event) {
	if v.progress == nil {
		v.progress = text.NewFeedsProgress(v.Screen.Err, v.Screen.StyleErr)
	}
	switch e := e.(type) {
	case reconcile.Downloading:
		if v.Screen.StyleErr.Terminal && v.Format != report.JSON {
			v.progress.Reading(e.Feed, e.N, e.Of)
		}
	case reconcile.FeedsRead:
		v.progress.Done()
	case reconcile.FeedsChecked:
		v.failed = errors.Join(console.Shown(v.show(e.FeedsReport)), v.Files.write(e.Report, v.Screen.Job().Mark(forge.Feeds)))
	default:
		v.Screen.Observe(e)
	}
}

func (v *FeedsCheck) show(r *reconcile.FeedsReport) error {
	problems := make([]report.FeedsProblem, len(r.Unread))
	for i, a := range r.Unread {
		problems[i] = report.FeedsProblem{Account: a.Name, Message: a.Err.Error()}
		v.Screen.Error(a.Err)
	}
	found := report.NewFeedsCheck(r.Report, problems, v.ExitCode(r))
	mark := v.Screen.Job().Mark(forge.Feeds)
	found.Mark, found.Workspace = mark.String(), mark.Workspace
	v.Screen.annotations.Feeds(found)
	v.Screen.summarize(func(w io.Writer) error { return markdown.Feeds(w, found) })
	out := v.Screen.Out
	switch {
	case v.Format == report.JSON:
		return json.Object(out, found)
	case v.Format == report.Markdown:
		return markdown.Feeds(out, found)
	case v.Format == report.JUnit:
		return junit.Feeds(out, found)
	case !r.Watched:
		return text.NoFeedsWatched(out)
	case len(r.Results) == 0 && len(problems) > 0:
		return nil // no account could be read: there are no counts, not even of zero
	}
	return text.FeedsCheck(out, v.Screen.StyleOut, found, v.Full)
}

// write writes all files that are asked for; one that can't be written is no
// reason to leave out the others.
func (f FeedsFiles) write(r watch.Report, mark forge.Mark) error {
	found := report.NewFeedsCheck(r, nil, 0)
	found.Mark, found.Workspace = mark.String(), mark.Workspace
	in := func(view func(io.Writer, *report.FeedsCheck) error) func(io.Writer) error {
		return func(w io.Writer) error { return view(w, found) }
	}
	return errors.Join(writeReport(f.JUnit, sharedMode, in(junit.Feeds)), writeReport(f.Markdown, sharedMode, in(markdown.Feeds)),
		writeReport(f.Prometheus, sharedMode, in(prometheus.Feeds)))
}
