package reconcile

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gdfctl/gdfctl/internal/doctor"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/words"
)

// sharedFindings tells whether a state that machines share can be read and relied
// upon; nil for one in files. untrusted is a job in which anybody's description runs: it
// must not be able to write the state.
func (w *workspace) sharedFindings(ctx context.Context, untrusted bool) []doctor.Finding {
	if !w.home.shared() {
		return nil
	}
	if w.unplaced != nil {
		return []doctor.Finding{failed(doctor.State, w.unplaced)}
	}
	found := []doctor.Finding{w.reachFinding(ctx)}
	if found[0].Result == doctor.Problem {
		// To prove writes where no state is, or no longer, would leave something there.
		return append(found, w.plansFinding(ctx))
	}
	place, err := w.home.place(sharedlog.State)
	if err != nil {
		return append(found, failed(doctor.StateWrites, err))
	}
	defer w.observe.closing(place.Close)
	found = append(found, w.clockFinding(ctx, place)...)
	return append(found, writesFinding(ctx, place, untrusted), w.plansFinding(ctx))
}

// clockFinding compares this machine's clock with that of the place. One that has none,
// or that can't be reached, says nothing.
func (w *workspace) clockFinding(ctx context.Context, place sharedlog.Place) []doctor.Finding {
	clocked, ok := place.(sharedlog.Clocked)
	if !ok {
		return nil
	}
	sent := w.Now()
	at, err := clocked.Clock(ctx)
	if err != nil || at.IsZero() {
		return nil
	}
	return []doctor.Finding{doctor.ClockOfPlace(sent, w.Now(), at)}
}

// reachFinding reads the state.
func (w *workspace) reachFinding(ctx context.Context) doctor.Finding {
	st, err := w.readState(ctx)
	if err == nil {
		err = w.unexpected()
	}
	if err != nil {
		return failed(doctor.State, err)
	}
	f := doctor.Finding{Check: doctor.State, Result: doctor.OK}
	f.Found = fmt.Sprintf("%s: state %s, %s, as of record %d", w.home.name(), w.home.state, words.Count(st.Len(), "open order", "open orders"), w.store.Position().N)
	if holder, held := w.store.Holder(); held {
		f.Found += "; held by " + holder.String()
	}
	return f
}

// writesFinding proves with writes that it cleans up, and that disturb no run, that
// the place keeps its promises.
func writesFinding(ctx context.Context, place sharedlog.Place, untrusted bool) doctor.Finding {
	warnings, err := place.Prove(ctx)
	f := doctor.Finding{Check: doctor.StateWrites, Result: doctor.OK, Found: "it can be written to, and of two writes at the same time one is refused"}
	refused, isRefused := errors.AsType[*sharedlog.RefusedError](err)
	switch {
	case untrusted && err == nil:
		f.Result, f.Found = doctor.Problem, "this job of a pull request can write the state, and so can whoever can push a branch: the job's description comes from there"
		f.Remedy = "Let only the job that applies write it: with a rule for the branches gdfctl-state/*, or with credentials of its own in S3 or PostgreSQL"
	case untrusted && isRefused && !refused.Read:
		f.Found = "this job of a pull request can't write it, as it should be"
	case err != nil:
		f = failed(doctor.StateWrites, err)
		if f.Remedy == "" {
			f.Remedy = "Only reading works from here"
		}
	case len(warnings) > 0:
		f.Result, f.Found, f.Remedy = doctor.Warning, f.Found+", but:", strings.Join(warnings, " ")
	}
	return f
}

// plansFinding reads what is published. Many a job needs no right to that.
func (w *workspace) plansFinding(ctx context.Context) doctor.Finding {
	store, err := w.plans(w.home)
	if err != nil {
		return failed(doctor.Plans, err)
	}
	defer w.observe.closing(store.Close)
	plans, err := store.List(ctx)
	if err != nil {
		f := failed(doctor.Plans, err)
		f.Result = doctor.Warning
		return f
	}
	return doctor.Finding{Check: doctor.Plans, Result: doctor.OK, Found: words.Count(len(plans), "plan is", "plans are") + " published"}
}

// failed is a finding of an error: what is wrong, and in its other lines what to do.
func failed(check doctor.Check, err error) doctor.Finding {
	text := err.Error()
	if refused, ok := errors.AsType[*sharedlog.RefusedError](err); ok {
		return doctor.Finding{Check: check, Result: doctor.Problem, Found: strings.TrimSuffix(strings.Split(refused.Error(), "\n")[0], "."), Remedy: refused.Remedy}
	}
	found, remedy, _ := strings.Cut(text, "\n")
	return doctor.Finding{Check: check, Result: doctor.Problem, Found: found, Remedy: remedy}
}
