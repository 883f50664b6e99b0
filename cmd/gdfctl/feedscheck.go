package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/watch"
)

type feedsCheckOptions struct {
	variableFlags
	reports feedsReports
	full    bool
	json    bool
}

func newFeedsCheck(p *program) *cobra.Command {
	o := feedsCheckOptions{}
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Hold feeds against the configuration's watches",
		Long: `check reads the feeds that the watch blocks mean, at the fewest calls, and tells
which of their rules fail, which pass, and which are not known. It looks into
the file of a feed only where a watch has a content block, and only when the
feed was compiled since the last check. What it saw is remembered, for rules
that compare; no plan grows stale by that.

It exits 4 if a rule of severity error fails. Of many feeds that fail, each rule
is explained once; --full shows every feed with all that was measured.`,
		Example: `  gdfctl feeds check
  gdfctl feeds check --full
  gdfctl feeds check --junit feeds.xml --prometheus /var/lib/node_exporter/gdfctl.prom
  gdfctl feeds check --json | jq '.watches[] | select(.result == "fail")'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runFeedsCheck(cmd.Context(), o) },
	}
	o.register(cmd)
	return cmd
}

func (o *feedsCheckOptions) register(cmd *cobra.Command) {
	o.variableFlags.register(cmd)
	o.reports.register(cmd)
	cmd.Flags().BoolVar(&o.full, "full", false, "show every feed with all that was measured")
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON for programs")
}

func (p *program) runFeedsCheck(ctx context.Context, o feedsCheckOptions) error {
	w, err := p.open(ctx, o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	look, err := w.look(ctx, o)
	if err != nil {
		return err
	}
	w.rememberLook(look)
	code := lookCode(look)
	err = errors.Join(shown(w.showLook(ctx, look, o, code)), o.reports.write(look.Report))
	w.tell(ctx, w.feedLook(look.Report, newRunID(p.now()), len(look.Report.Unread()) == 0))
	switch {
	case code == exitDone:
		return err
	case err != nil:
		p.tellError(err)
	}
	return &saidError{code}
}

// look reads and judges the feeds. Nothing is kept of it yet.
func (w *workspace) look(ctx context.Context, o feedsCheckOptions) (*watch.Look, error) {
	history, notices := state.LoadFeedHistory(w.store.Paths().Feeds)
	w.p.notices(notices)
	req := watch.Request{Watches: w.cfg.Watches, APIs: map[string]watch.API{}, Barred: map[string]error{}, History: history, Now: w.p.now}
	for _, wanted := range w.cfg.Watches {
		name := wanted.Account.Name
		if client, err := w.client(wanted.Account); err != nil {
			req.Barred[name] = noClientError{err}
		} else {
			req.APIs[name] = client
		}
	}
	progress := text.NewFeedsProgress(w.p.stderr, w.p.styleErr)
	if w.p.styleErr.Terminal && !o.json {
		req.Downloading = progress.Reading
	}
	look, err := watch.Take(ctx, req)
	progress.Done()
	if err != nil {
		return nil, errors.Join(errInterrupted, err)
	}
	look.Report.Calls = int(w.calls.Load())
	w.tellTooSoon(look)
	return look, nil
}

// tellTooSoon says that a look can't show anything new. It is done all the same:
// somebody may have a reason.
func (w *workspace) tellTooSoon(look *watch.Look) {
	if since := look.Report.At.Sub(look.Previous); since >= 0 && since < watch.TooSoon {
		text.CheckedTooSoon(w.p.stderr, w.p.styleErr, since)
	}
}

// rememberLook keeps a look for the next one. That it can't be kept is no reason
// to hide what was found.
func (w *workspace) rememberLook(look *watch.Look) {
	var inner error
	err := state.UpdateFeedHistory(w.store.Paths().Feeds, func(h *state.FeedHistory) { inner = look.Remember(h) })
	if err = errors.Join(err, inner); err != nil {
		text.Warning(w.p.stderr, w.p.styleErr, fmt.Sprintf("what the check saw could not be kept, so the next one can't compare with it: %s", err))
	}
}

// lookCode is the exit code of a look: a feed that fails goes before an account
// that could not be read.
func lookCode(look *watch.Look) int {
	for i := range look.Report.Results {
		if look.Report.Results[i].Fails() {
			return exitFeeds
		}
	}
	if len(look.Report.Unread()) > 0 {
		return exitError
	}
	return exitDone
}

func (w *workspace) showLook(ctx context.Context, look *watch.Look, o feedsCheckOptions, code int) error {
	unread := look.Report.Unread()
	problems := make([]report.FeedsProblem, len(unread))
	for i, a := range unread {
		err := apiError(ctx, a.Name, a.Err)
		problems[i] = report.FeedsProblem{Account: a.Name, Message: err.Error()}
		w.p.tellError(err)
	}
	if o.json {
		return json.Object(w.p.stdout, report.NewFeedsCheck(look.Report, problems, code))
	}
	if len(w.cfg.Watches) == 0 {
		_, err := fmt.Fprintln(w.p.stdout, "Nothing is watched: the configuration has no watch block. To watch all feeds, add:\n\n  watch \"all\" {\n    feeds = \"*\"\n  }")
		return err
	}
	if len(look.Report.Results) == 0 && len(problems) > 0 {
		return nil // no account could be read: there are no counts, not even of zero
	}
	return text.FeedsCheck(w.p.stdout, w.p.styleOut, report.NewFeedsCheck(look.Report, problems, code), o.full)
}

// latestFeeds is what the latest check found of the watches and accounts that
// are still in the configuration. A plan makes no call for it, and never fails
// for it.
func (w *workspace) latestFeeds() watch.Report {
	latest, _ := watch.Latest(state.LoadWatched(w.store.Paths().Feeds)) // the next check tells what is wrong with it
	latest.Results = slices.DeleteFunc(latest.Results, func(r watch.Result) bool {
		return !slices.ContainsFunc(w.cfg.Watches, func(watched *spec.Watch) bool { return watched.Name == r.Watch })
	})
	latest.Accounts = slices.DeleteFunc(latest.Accounts, func(a watch.AccountRead) bool {
		return !slices.ContainsFunc(w.cfg.Watches, func(watched *spec.Watch) bool { return watched.Account.Name == a.Name })
	})
	return latest
}
