package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

type applyOptions struct {
	planFlags
	autoApprove bool
	first       int
	maxFailures int
	deadline    durationFlag
	parallelism int
	lockTimeout durationFlag
}

func newApply(p *program) *cobra.Command {
	o := applyOptions{}
	cmd := &cobra.Command{
		Use:   "apply [FILE]",
		Short: "Make the changes of a saved plan, or of a new plan after asking",
		Long: `apply makes the changes of a saved plan. Without one, it makes a plan, shows it
and asks. Each change is recorded before it is sent and after it is answered: if
a run is stopped or killed at any moment, the next run continues, and no change
is sent twice. The first Ctrl-C stops sending and saves the state; a second one,
more than a second later, stops at once.`,
		Example: `  gdfctl apply
  gdfctl apply release.plan
  gdfctl apply --first 10                 a canary: ten orders now, the rest later
  gdfctl apply --auto-approve --json      in CI, for programs`,
		Args: atMostOneArg("the file of a saved plan"),
		RunE: func(cmd *cobra.Command, args []string) error {
			for name, nothing := range map[string]bool{"first": o.first == 0, "deadline": o.deadline == 0} {
				if cmd.Flags().Changed(name) && nothing {
					return usagef("--%s 0 is not allowed, because it could mean nothing or no limit: omit it for no limit", name)
				}
			}
			file := ""
			if len(args) == 1 {
				file = args[0]
				for _, name := range []string{"target", "exclude", "refresh", "keep-going"} {
					if cmd.Flags().Changed(name) {
						return usagef("--%s is for planning: a saved plan is applied as it is", name)
					}
				}
			}
			return p.runApply(cmd.Context(), file, o)
		},
	}
	o.register(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&o.autoApprove, "auto-approve", false, "do not ask for approval")
	flags.IntVar(&o.first, "first", 0, "change only the first `N` orders, as a canary")
	flags.IntVar(&o.maxFailures, "max-failures", 0, "stop after `N` failed changes (0: no limit); calls already under way can still fail, so the number is exact only with --parallelism 1")
	flags.Var(&o.deadline, "deadline", "stop sending after this `duration`, for example 25m")
	flags.IntVar(&o.parallelism, "parallelism", 0, "concurrent calls per account (default: as many as its limit allows in a second, at least 10)")
	flags.Var(&o.lockTimeout, "lock-timeout", "wait up to this `duration` for another run to end")
	return cmd
}

func (p *program) runApply(ctx context.Context, file string, o applyOptions) error {
	if o.first < 0 || o.maxFailures < 0 || o.parallelism < 0 || o.parallelism > godatafeed.MostAtOnce {
		return usagef("--first, --max-failures and --parallelism must not be negative; --parallelism is at most %d", godatafeed.MostAtOnce)
	}
	scope, err := p.scope(o.planFlags)
	if err != nil {
		return err
	}
	req := reconcile.ApplyRequest{
		Scope: scope, File: file, First: o.first, MaxFailures: o.maxFailures, Parallelism: o.parallelism,
		Deadline: time.Duration(o.deadline), LockTimeout: time.Duration(o.lockTimeout),
	}
	if file == "" && !o.autoApprove {
		if !p.terminal || o.json {
			return errors.New("cannot ask for approval without a terminal; use --auto-approve, or apply a saved plan. Nothing was changed")
		}
		req.Approve = p.ask
	}
	v := &applyView{p: p, o: o, file: file}
	_, err = reconcile.Apply(ctx, req, p.deps(), v.observe)
	switch {
	case err != nil:
		return whatToDoIfLocked(err)
	case v.failed != nil:
		return v.failed
	case v.code != exitDone:
		return &saidError{v.code}
	}
	return nil
}

// whatToDoIfLocked adds the way on to a LockedError.
func whatToDoIfLocked(err error) error {
	if _, locked := errors.AsType[*backend.LockedError](err); locked {
		return fmt.Errorf("%w\nWait for that run to end, or use --lock-timeout 10m to wait here", err)
	}
	return err
}
