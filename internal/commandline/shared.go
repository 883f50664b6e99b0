package commandline

import (
	"errors"

	"github.com/spf13/cobra"
)

// Account chooses one of the configuration's accounts.
type Account struct{ Name string }

// Register adds the flag to a command that is about one account.
func (f *Account) Register(cmd *cobra.Command) {
	f.RegisterFilter(cmd, "the account's `name` (default: the configuration's default account)")
}

// RegisterFilter is Register for commands that mean every account without it.
func (f *Account) RegisterFilter(cmd *cobra.Command, usage string) {
	cmd.Flags().StringVar(&f.Name, "account", "", usage)
}

// ByHand are the flags of commands that change the state by hand.
type ByHand struct {
	Reason      string
	LockTimeout Duration
}

// Register adds the flags.
func (f *ByHand) Register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.Reason, "reason", "", "the `reason`, for the audit log (required)")
	f.LockTimeout.RegisterLockTimeout(cmd)
}

// PolicyRef names a commit whose policy counts too.
type PolicyRef struct{ Name, none string }

// Register adds the flag. None is the word for no commit.
func (f *PolicyRef) Register(cmd *cobra.Command, none string) {
	f.none = none
	cmd.Flags().Var(f, "policy-ref", "a `commit` like origin/main whose policy applies too; in CI, the base branch of the pull request, unless it is "+none)
}

func (f *PolicyRef) String() string { return f.Name }

// Set refuses no name, as that of a variable of the shell that is not set: it would be
// a check that nobody makes.
func (f *PolicyRef) Set(name string) error {
	if name == "" {
		return errors.New("write the name of a commit, or " + f.none)
	}
	f.Name = name
	return nil
}

// Type is how help calls the value.
func (f *PolicyRef) Type() string { return "commit" }

// Renamed is the value of a flag that had another name. The old name is still taken,
// with a warning.
func Renamed(warn func(string), old, oldValue, name, value string) (string, error) {
	switch {
	case oldValue == "":
		return value, nil
	case value != "":
		return "", Usagef("--%s is the old name of --%s: use --%[2]s only", old, name)
	}
	warn("--" + old + " is now called --" + name + "; the old name will stop working in the next release")
	return oldValue, nil
}
