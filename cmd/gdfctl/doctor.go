package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/doctor"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type doctorOptions struct {
	variableFlags
	accountFlag
	json bool
}

func newDoctor(p *program) *cobra.Command {
	o := doctorOptions{}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check credentials, limits and clocks, and learn how the API behaves",
		Long: `doctor checks, for each account, what has to hold before anything can be planned:
endpoint, credentials, permissions, call limit, clock; and that the state can be
kept. It finds out what the API's documents leave open: the largest page, the
order of listings, the date that they are filtered by. What it learned saves
later plans calls.

It only reads, and makes 12 calls an account at most.`,
		Example: `  gdfctl doctor
  gdfctl doctor --account us --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runDoctor(cmd.Context(), o) },
	}
	o.variableFlags.register(cmd)
	o.accountFlag.registerFilter(cmd, "only this account, by `name` (default: all)")
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON for programs")
	return cmd
}

func (p *program) runDoctor(ctx context.Context, o doctorOptions) error {
	w, err := p.openToLook(o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	accounts, err := w.accounts(o.accountFlag)
	if err != nil {
		return err
	}
	reports := make([]doctor.Report, len(accounts))
	var wg sync.WaitGroup
	for i, a := range accounts {
		wg.Go(func() { reports[i] = w.examine(ctx, a) })
	}
	wg.Wait()
	if ctx.Err() != nil {
		return errInterrupted
	}
	learned := map[*spec.Account]state.LearnedAccount{}
	for i, r := range reports {
		if r.New {
			learned[accounts[i]] = r.Known
		}
	}
	w.keep(learned)
	directory := []doctor.Finding{w.stateFinding()}
	found := report.NewDoctor(reports, directory)
	show := func() error { return text.Doctor(p.stdout, p.styleOut, found) }
	if o.json {
		show = func() error { return json.Object(p.stdout, found) }
	}
	if err := shown(show()); err != nil {
		return err
	}
	if found.Result == doctor.Problem {
		return &saidError{exitError}
	}
	return nil
}

func (w *workspace) examine(ctx context.Context, a *spec.Account) doctor.Report {
	known, _ := w.learned.Account(a.Endpoint, a.Name)
	return doctor.Examine(ctx, doctor.Subject{
		Account: a, Known: known, Now: w.p.now,
		Open: func(observe func(godatafeed.Call)) (doctor.API, doctor.Limit, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			options, err := w.clientOptions(a)
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
	path := w.store.Paths().State
	f := doctor.Finding{Check: doctor.State, Result: doctor.Problem}
	if err := w.store.Check(); err != nil {
		f.Found = fmt.Sprintf("no state can be kept at %s: %s", path, bare(err))
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
