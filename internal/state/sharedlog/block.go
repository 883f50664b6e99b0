package sharedlog

import "strings"

// Log is one of the logs that a backend block stands for. Each has a place of its
// own, which needs credentials of its own.
type Log string

// The logs. A job that publishes plans needs no right to write the state.
const (
	State Log = "state"
	Plans Log = "plans" // published plans: ref gdfctl-plans/NAME, prefix plans/, a table of its own
)

// Block is a backend block as the package gets it that keeps logs for its label.
// Such a package has, for the table in internal/reconcile/backends.go,
//
//	var Attributes []string // of the block, beside state
//	func Configured(sharedlog.Block) (sharedlog.Place, *backend.Mistake)
//
// where Configured touches neither network nor files: validate calls it too. It
// takes credentials from the environment in its system's own way.
type Block struct {
	Dir        string            // of the configuration
	Attributes map[string]string // as they are written; env.NAME is replaced by its value, "" where that is not set
	Log        Log

	// Environ is all that the place may take from outside, as NAME=VALUE, where a machine
	// keeps the states of several tenants. Nil: it takes what this process has.
	Environ []string

	// Premises is a folder of the machine with what tenants brought. No place is in it: what
	// is kept there could be made for that. Empty: there is none.
	Premises string
}

// Variable is a variable of Environ.
func (b Block) Variable(name string) string {
	for _, variable := range b.Environ {
		if value, is := strings.CutPrefix(variable, name+"="); is {
			return value
		}
	}
	return ""
}
