package commandline

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/lang"
)

// Duration is a flag in the words of the language: "90s", "25m", "2h", "1d".
type Duration time.Duration

func (d *Duration) String() string {
	if *d == 0 {
		return ""
	}
	return time.Duration(*d).String()
}

// Set takes the words of the language.
func (d *Duration) Set(text string) error {
	parsed, err := lang.ParseDuration(text)
	if err != nil || parsed < 0 {
		return errors.New(`write a number and a unit, like "90s", "25m" or "2h"`)
	}
	*d = Duration(parsed)
	return nil
}

// Type is how help calls the value.
func (d *Duration) Type() string { return "duration" }

// RegisterLockTimeout adds --lock-timeout.
func (d *Duration) RegisterLockTimeout(cmd *cobra.Command) {
	cmd.Flags().Var(d, "lock-timeout", "wait up to this `duration` for another run to end")
}
