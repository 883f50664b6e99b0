package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

type applyOptions struct {
	planFlags
	reports      commandline.Reports
	autoApprove  bool
	cancels      int
	cancelsGiven bool
	published    bool
	older        bool
	first        int
	maxFailures  int
	deadline     commandline.Duration
	parallelism  int
	lockTimeout  commandline.Duration
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
  gdfctl apply --published                after a merge: what reviewers were shown
  gdfctl apply --auto-approve --json      in CI, for programs`,
		Args: commandline.AtMostOneArg("the file of a saved plan, or with --published the hash of a published one"),
		RunE: func(cmd *cobra.Command, args []string) error {
			for name, nothing := range map[string]bool{"first": o.first == 0, "deadline": o.deadline == 0} {
				if cmd.Flags().Changed(name) && nothing {
					return commandline.Usagef("--%s 0 is not allowed, because it could mean nothing or no limit: omit it for no limit", name)
				}
			}
			if o.cancelsGiven = cmd.Flags().Changed("approve-cancellations"); o.cancelsGiven && (!o.autoApprove || len(args) > 0 || o.published) {
				return commandline.Usagef("--approve-cancellations is for --auto-approve of a plan that is made now: a person is asked, and a saved or published plan is confirmed already")
			}
			file := ""
			if len(args) == 1 {
				if file = args[0]; file == "" { // as with a variable of the shell that is not set
					return commandline.Usagef("the name of the plan is empty: nothing was planned or sent")
				}
				for _, name := range []string{"target", "exclude", "refresh", "keep-going"} {
					if cmd.Flags().Changed(name) && !o.published {
						return commandline.Usagef("--%s is for planning: a saved plan is applied as it is", name)
					}
				}
			}
			return p.runApply(cmd.Context(), file, o)
		},
	}
	o.register(cmd)
	o.reports.Register(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&o.published, "published", false, "make only the changes that a published plan showed to reviewers; with a HASH, that plan alone counts")
	flags.BoolVar(&o.older, "older", false, "with --published: also from a commit before the one that was applied last")
	flags.BoolVar(&o.autoApprove, "auto-approve", false, "do not ask for approval")
	flags.IntVar(&o.cancels, "approve-cancellations", 0, "with --auto-approve: go on only if the plan cancels exactly `N` orders")
	flags.IntVar(&o.first, "first", 0, "change only the first `N` orders, as a canary")
	flags.IntVar(&o.maxFailures, "max-failures", 0, "stop after `N` failed changes (0: no limit); calls already under way can still fail, so the number is exact only with --parallelism 1")
	flags.Var(&o.deadline, "deadline", "stop sending after this `duration`, for example 25m")
	flags.IntVar(&o.parallelism, "parallelism", 0, "run `N` calls of one account at once (default: as many as its limit allows in a second, at least 10)")
	o.lockTimeout.RegisterLockTimeout(cmd)
	return cmd
}

func (p *program) runApply(ctx context.Context, file string, o applyOptions) error {
	if o.first < 0 || o.maxFailures < 0 || o.parallelism < 0 || o.parallelism > godatafeed.MostAtOnce {
		return commandline.Usagef("--first, --max-failures and --parallelism must not be negative; --parallelism is at most %d", godatafeed.MostAtOnce)
	}
	scope, err := p.scope(o.planFlags)
	if err == nil {
		err = o.reports.Check()
	}
	if err != nil {
		return err
	}
	req := reconcile.ApplyRequest{
		Scope: scope, File: file, First: o.first, MaxFailures: o.maxFailures, Parallelism: o.parallelism,
		Deadline: time.Duration(o.deadline), LockTimeout: time.Duration(o.lockTimeout),
	}
	if req.Asks = !o.autoApprove; o.cancelsGiven {
		req.Cancellations = &o.cancels
	}
	switch {
	case o.published:
		req.File, req.Reviewed = "", &reconcile.ReviewedRequest{Hash: file, Older: o.older}
	case o.older:
		return commandline.Usagef("--older is for --published")
	case file == "" && !o.autoApprove && (!p.Asks || !o.Talk()):
		return errors.New("can't ask for approval without a terminal; use --auto-approve, or apply a saved plan. Nothing was changed")
	}
	v := p.applyView(o, file)
	req.Approve = v.Approve
	_, err = reconcile.Apply(ctx, req, p.deps(), v.Observe)
	return applied(v, err)
}

// applyView shows an apply with these flags.
func (p *program) applyView(o applyOptions, file string) *screen.Apply {
	return &screen.Apply{
		Screen: &p.Screen, Format: o.Chosen, Full: o.full, Auto: o.autoApprove, File: file, Published: o.published,
		Files: screen.Files(o.reports), ExitCode: applyCode,
	}
}

// applied is how a command ends that showed an apply.
func applied(v *screen.Apply, err error) error {
	if err != nil {
		return whatToDoIfLocked(err)
	}
	code, err := v.Ended()
	if err == nil && code != exitDone {
		err = &saidError{code}
	}
	return err
}

// whatToDoIfLocked adds the way on to a LockedError.
func whatToDoIfLocked(err error) error {
	if _, locked := errors.AsType[*backend.LockedError](err); locked {
		return fmt.Errorf("%w\nWait for that run to end, or use --lock-timeout 10m to wait here", err)
	}
	return err
}
