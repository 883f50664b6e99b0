package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// policyRefFlag names a commit whose policy counts too.
type policyRefFlag string

func (f *policyRefFlag) register(cmd *cobra.Command) {
	cmd.Flags().Var(f, "policy-ref", "a `commit` like origin/main whose policy applies too; in CI, the base branch of the pull request, unless it is "+reconcile.NoPolicyRef)
}

func (f *policyRefFlag) String() string { return string(*f) }

// Set refuses no name, as that of a variable of the shell that is not set: it would be
// a check that nobody makes.
func (f *policyRefFlag) Set(name string) error {
	if name == "" {
		return errors.New("write the name of a commit, or " + reconcile.NoPolicyRef)
	}
	*f = policyRefFlag(name)
	return nil
}

// Type is how help calls the value.
func (f *policyRefFlag) Type() string { return "commit" }
