package reconcile

import (
	"context"
	"fmt"
	"sync"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/doctor"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// ExamineRequest asks whether everything holds that gdfctl needs.
type ExamineRequest struct {
	Source
	Account string // empty: all
	CI      bool   // also the CI job, and what the forge holds people to
}

// DoctorReport is what an examination found, of each account and of the
// directory.
type DoctorReport struct {
	Accounts  []doctor.Report
	Directory []doctor.Finding
	CI        []doctor.Finding // nil if it was not asked for
}

// Examine examines accounts, side by side, and keeps what it learned of the
// API.
func Examine(ctx context.Context, req ExamineRequest, d Deps, o Observer) (*DoctorReport, error) {
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	w, err := d.toLook(req.Source, o)
	if err != nil {
		return nil, err
	}
	defer w.close()
	accounts, err := w.accounts(req.Account)
	if err != nil {
		return nil, err
	}
	report := &DoctorReport{Accounts: make([]doctor.Report, len(accounts))}
	var wg sync.WaitGroup
	for i, a := range accounts {
		wg.Go(func() { report.Accounts[i] = w.examine(ctx, a) })
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, ErrInterrupted
	}
	found := map[*spec.Account]memory.LearnedAccount{}
	for i, r := range report.Accounts {
		if r.New {
			found[accounts[i]] = r.Known
		}
	}
	w.keep(found)
	var job *forge.Job
	if req.CI {
		if job, err = d.job(); err != nil {
			job = nil
		}
		report.CI = w.examineCI(ctx, req.dir(), job, err)
	}
	if report.Directory = w.sharedFindings(ctx, ofPullRequest(job)); report.Directory == nil {
		report.Directory = []doctor.Finding{w.stateFinding()}
	}
	// A job of a pull request can't write the state, if all is well; and what is wrong
	// with the state is said once.
	if !ofPullRequest(job) && report.Directory[0].Result == doctor.OK {
		w.share()
	}
	return report, nil
}

func (w *workspace) examine(ctx context.Context, a *spec.Account) doctor.Report {
	known := w.knownOf(a)
	return doctor.Examine(ctx, doctor.Subject{
		Account: a, Known: known, Now: w.Now,
		Open: func(observe func(godatafeed.Call)) (doctor.API, doctor.Limit, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			options, err := w.clientOptionsLocked(a)
			if err != nil {
				return nil, nil, err
			}
			options.OnCall, options.Patience = observe, -1 // an examination says that the API is down
			client, err := godatafeed.New(options)
			return client, options.Limiter, err
		},
	})
}

// stateFinding tells whether the state can be read, written and locked.
func (w *workspace) stateFinding() doctor.Finding {
	path := w.store.Name()
	f := doctor.Finding{Check: doctor.State, Result: doctor.Problem}
	if err := w.store.Check(); err != nil {
		f.Found = fmt.Sprintf("no state can be kept at %s: %s", path, disk.Cause(err))
		f.Remedy = "Nothing can be applied. Make the directory, or let this user write there; the path is that of the backend block"
		return f
	}
	if _, _, err := w.store.Read(); err != nil {
		f.Found = err.Error()
		return f
	}
	f.Result, f.Found = doctor.OK, path+" can be read, written and locked"
	return f
}
