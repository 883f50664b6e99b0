package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state"
)

type stateRmOptions struct {
	stateOptions
	reason      string
	lockTimeout durationFlag
}

func newStateRm(p *program) *cobra.Command {
	o := stateRmOptions{}
	cmd := &cobra.Command{
		Use:   "rm ORDER",
		Short: "Forget an order, on record",
		Long: `rm takes an order out of the state. The live order stays as it is; if the
configuration still wants something of it, the next plan looks at it again, and
takes reads at their word: an order that was changed a moment ago, and that reads
still show as before, would be changed a second time. The removal and its reason
go into the audit record. An order with a call whose
outcome is not known can't be removed: only that entry keeps it from being sent
twice.`,
		Example: `  gdfctl state rm 112-1234567-1234567 --reason "merged into another order by hand"`,
		Args:    oneArg("an order's id, one of its numbers, or an address"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.runStateRm(cmd.Context(), args[0], o)
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&o.reason, "reason", "", "`why`, for the audit record (required)")
	cmd.Flags().Var(&o.lockTimeout, "lock-timeout", "wait this `duration` for another run to end")
	return cmd
}

func (p *program) runStateRm(ctx context.Context, name string, o stateRmOptions) (err error) {
	if strings.TrimSpace(o.reason) == "" {
		return usagef("state rm needs --reason: say why, for the audit record")
	}
	w, err := p.openRecords(o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.signing(); err != nil {
		return err
	}
	session, err := w.store.Lock(ctx, "state rm", time.Duration(o.lockTimeout))
	if err != nil {
		return whatToDoIfLocked(err)
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	p.notices(session.Notices())
	if _, err := w.store.VerifyAudit(""); err != nil {
		return fmt.Errorf("nothing was removed, because the audit record is not as it was written: %w", err)
	}
	found, err := w.findKept(session.State(), name, o.account)
	if err != nil {
		return err
	}
	key, err := single(found, name)
	if err != nil {
		return err
	}
	if e, ok := session.State().Entry(key); ok && len(e.Intents) > 0 {
		return p.stillOpen(e)
	}
	if err := session.Begin(state.Run{ID: newRunID(p.now()), Command: "state rm"}); err != nil {
		return err
	}
	if err := session.Remove(key, o.reason); err != nil {
		return err
	}
	if err := session.Commit(); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Removed %s of account %s from the state. The live order is as it was.\nAudit: %s\n", key.ID, key.Account, session.AuditHead())
	signed, err := session.SignHead()
	if signed {
		fmt.Fprintf(p.stdout, "Signed: %s\n", safetext.Line(w.store.Paths().Head))
	}
	return err
}

// single is the one order that a name means.
func single(found kept, name string) (state.Key, error) {
	keys := found.keys()
	if len(keys) == 1 {
		return keys[0], nil
	}
	var which []string
	for _, k := range keys {
		which = append(which, fmt.Sprintf("%s (account %s)", k.ID, k.Account))
	}
	return state.Key{}, fmt.Errorf("%d orders go by %q; name one by its id, with --account where that is not enough:\n%s", len(keys), name, strings.Join(which, "\n"))
}

// stillOpen says which call keeps an order in the state, and what to do.
func (p *program) stillOpen(e *state.Entry) error {
	in := e.Intents[0]
	return fmt.Errorf("%s can't be removed: what became of the call to %s it at %s (run %s) is not known\nRun `%s`: it reads the order back before it sends anything for it. Then remove it",
		e.ID, in.Action, in.At.UTC().Format("2006-01-02 15:04:05Z"), in.RunID, p.command("apply"))
}

type stateUnlockOptions struct {
	variableFlags
	reason string
}

func newStateUnlock(p *program) *cobra.Command {
	o := stateUnlockOptions{}
	cmd := &cobra.Command{
		Use:   "unlock [LOCK_ID]",
		Short: "Take away the lock of a run that did not end, on record",
		Long: `unlock takes away what a run that did not end left of its lock. On one machine
the kernel frees the lock of a process that ends, and the next run goes on by
itself; a lock whose process is alive is refused. With LOCK_ID, no other lock
than that one is taken away.`,
		Example: `  gdfctl state unlock --reason "the CI job was killed"`,
		Args:    atMostOneArg("the lock's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.runStateUnlock(cmd.Context(), strings.Join(args, ""), o)
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&o.reason, "reason", "", "`why`, for the audit record (required)")
	return cmd
}

func (p *program) runStateUnlock(ctx context.Context, id string, o stateUnlockOptions) error {
	if strings.TrimSpace(o.reason) == "" {
		return usagef("state unlock needs --reason: say why, for the audit record")
	}
	w, err := p.openRecords(o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.signing(); err != nil {
		return err
	}
	if holder, ok := w.store.Holder(); id != "" && ok && holder.ID != id {
		return fmt.Errorf("the lock is another one: %s, of %s; it was left as it is", holder.ID, holder)
	}
	holder, notices, err := w.store.ForceUnlock(ctx, o.reason)
	if err != nil {
		return err
	}
	if holder.ID == "" {
		p.notices(notices)
		fmt.Fprintln(p.stdout, "The state is not locked: there was nothing to remove.")
		return nil
	}
	fmt.Fprintf(p.stdout, "Unlocked: the lock of %s is gone.\n", safetext.Line(holder.String()))
	return nil
}
