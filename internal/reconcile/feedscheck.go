package reconcile

import (
	"context"
	"errors"
	"slices"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// CheckFeedsRequest asks for a check of the feeds that the configuration
// watches.
type CheckFeedsRequest struct{ Source }

// FeedsReport is the result of a check.
type FeedsReport struct {
	watch.Report
	Watched bool            // there is something to watch
	Unread  []UnreadAccount // could not be read
}

// UnreadAccount is an account that could not be read, and why.
type UnreadAccount struct {
	Name string
	Err  error
}

// Fails reports whether a rule of severity error fails.
func (r *FeedsReport) Fails() bool {
	return slices.ContainsFunc(r.Results, func(res watch.Result) bool { return res.Fails() })
}

// CheckFeeds reads the feeds, keeps what it saw for the next check, and
// sends messages about changes to webhooks.
func CheckFeeds(ctx context.Context, req CheckFeedsRequest, d Deps, o Observer) (*FeedsReport, error) {
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	w, err := d.strict(ctx, req.Source, o, d.Now)
	if err != nil {
		return nil, err
	}
	defer w.close()
	return w.checkFeeds(ctx)
}

func (w *workspace) checkFeeds(ctx context.Context) (*FeedsReport, error) {
	look, err := w.look(ctx)
	if err != nil {
		return nil, err
	}
	report := &FeedsReport{Report: look.Report, Watched: len(w.cfg.Watches) > 0}
	if since := look.Report.At.Sub(look.Previous); since >= 0 && since < watch.TooSoon {
		w.observe(CheckedTooSoon{Since: since})
	}
	w.rememberLook(look)
	for _, a := range look.Report.Unread() {
		report.Unread = append(report.Unread, UnreadAccount{a.Name, apiError(ctx, a.Name, a.Err)})
	}
	w.observe(FeedsChecked{report})
	w.tell(ctx, w.feedLook(look.Report, w.runID(), len(report.Unread) == 0))
	return report, nil
}

// look reads and judges the feeds. Nothing is kept of it yet.
func (w *workspace) look(ctx context.Context) (*watch.Look, error) {
	if err := w.readNotes(ctx); err != nil {
		return nil, err
	}
	history, err := w.memory.FeedHistory()
	w.forgot(err)
	req := watch.Request{
		Watches: w.cfg.Watches, APIs: map[string]watch.API{}, Barred: map[string]error{}, History: history, Now: w.Now,
		Downloading: func(feed string, n, of int) { w.observe(Downloading{feed, n, of}) },
	}
	for _, wanted := range w.cfg.Watches {
		name := wanted.Account.Name
		if client, err := w.client(wanted.Account); err != nil {
			req.Barred[name] = noClientError{err}
		} else {
			req.APIs[name] = client
		}
	}
	look, err := watch.Take(ctx, req)
	w.observe(FeedsRead{})
	if err != nil {
		return nil, errors.Join(ErrInterrupted, err)
	}
	look.Report.Calls = int(w.calls.Load())
	return look, nil
}

// rememberLook keeps a look for the next one. That it can't be kept is no reason
// to hide what was found.
func (w *workspace) rememberLook(look *watch.Look) {
	var inner error
	err := w.memory.UpdateFeedHistory(func(h *memory.FeedHistory) { inner = look.Remember(h) })
	if err = errors.Join(err, inner); err != nil {
		w.warnf("what the check found could not be kept, so the next one can't compare with it: %s", err)
	}
}

// latestFeeds is what the latest check found of the watches and accounts that
// are still in the configuration. A plan makes no call for it, and never fails
// for it.
func (w *workspace) latestFeeds() watch.Report {
	latest, _ := watch.Latest(w.memory.Watched()) // the next check tells what is wrong with it
	latest.Results = slices.DeleteFunc(latest.Results, func(r watch.Result) bool {
		return !slices.ContainsFunc(w.cfg.Watches, func(watched *spec.Watch) bool { return watched.Name == r.Watch })
	})
	latest.Accounts = slices.DeleteFunc(latest.Accounts, func(a watch.AccountRead) bool {
		return !slices.ContainsFunc(w.cfg.Watches, func(watched *spec.Watch) bool { return watched.Account.Name == a.Name })
	})
	return latest
}
