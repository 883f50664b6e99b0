package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// accountFlag chooses one of the configuration's accounts.
type accountFlag struct{ name string }

func (f *accountFlag) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.name, "account", "", "the account's `name` (default: the configuration's default account)")
}

// registerFilter is register for commands that mean every account without it.
func (f *accountFlag) registerFilter(cmd *cobra.Command, usage string) {
	cmd.Flags().StringVar(&f.name, "account", "", usage)
}

// accounts are all, or the one that --account names.
func (w *workspace) accounts(f accountFlag) ([]*spec.Account, error) {
	if f.name == "" {
		return w.cfg.Accounts, nil
	}
	a, err := w.account(f)
	if err != nil {
		return nil, err
	}
	return []*spec.Account{a}, nil
}

// account is the one that --account names or, without it, the default one.
func (w *workspace) account(f accountFlag) (*spec.Account, error) {
	names := make([]string, len(w.cfg.Accounts))
	for i, a := range w.cfg.Accounts {
		if a.Name == f.name || (f.name == "" && a.Default) {
			return a, nil
		}
		names[i] = a.Name
	}
	known := strings.Join(names, ", ")
	if f.name != "" {
		return nil, usagef("the configuration has no account %q; it has: %s", f.name, known)
	}
	return nil, usagef("the configuration has several accounts and none is the default.\nName one with --account: %s", known)
}

// live opens the configuration and the client of one of its accounts, for
// commands that only look at the API.
func (p *program) live(ctx context.Context, vars variableFlags, f accountFlag) (*workspace, *spec.Account, *godatafeed.Client, error) {
	w, err := p.openToLook(vars)
	if err != nil {
		return nil, nil, nil, err
	}
	a, err := w.account(f)
	if err != nil {
		w.close()
		return nil, nil, nil, err
	}
	client, err := w.client(a)
	if err != nil {
		w.close()
		return nil, nil, nil, err
	}
	return w, a, client, nil
}

// noClientError is why there is no client for an account, which it names.
type noClientError struct{ error }

// apiError says whose call failed and, where people can do something about it,
// what.
func apiError(ctx context.Context, account string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return errInterrupted
	case errors.As(err, &noClientError{}):
		return err
	}
	err = fmt.Errorf("account %s: %w", account, err)
	if failed, ok := errors.AsType[*godatafeed.Error](err); ok && godatafeed.IsDenied(err) && failed.Reason == "" {
		return fmt.Errorf("%w\nThe API refuses this to these credentials: check GDF_CONSUMER_KEY (or GDF_TOKEN) and the account's endpoint,\nor have it permitted in the GoDataFeed control panel", err)
	}
	return err
}
