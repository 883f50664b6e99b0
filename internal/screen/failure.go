package screen

import (
	"errors"
	"path/filepath"
	"strings"

	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// Error shows an error. Lines of its own are part of it; those of an argument
// that it quotes, in whatever package, are escaped.
func (s *Screen) Error(err error) {
	if config, ok := errors.AsType[*reconcile.ConfigError](err); ok {
		text.Diagnostics(s.Err, s.StyleErr, config.Diagnostics, config.Files)
		return
	}
	if policy, ok := errors.AsType[*reconcile.PolicyError](err); ok {
		text.Violations(s.Err, s.StyleErr, policy.Violations)
		return
	}
	text.Error(s.Err, s.StyleErr, errors.New(s.inWords(err)))
}

// Failure is an error for programs.
func (s *Screen) Failure(err error, code present.FailureCode, exitCode int) *report.Failure {
	return present.Failure(err, s.inWords(err), code, exitCode)
}

// inWords is what an error says, with what it quotes of the command line escaped.
func (s *Screen) inWords(err error) string {
	message := err.Error()
	if _, ok := errors.AsType[*reconcile.RequestError](err); ok {
		message = "--" + message // a field of a request is the flag of its name
	}
	for _, arg := range s.Args {
		_, value, _ := strings.Cut(arg, "=")
		for _, quoted := range []string{arg, filepath.Clean(arg), strings.TrimLeft(arg, "-"), value, filepath.Clean(value)} {
			if escaped := safetext.Line(quoted); escaped != quoted {
				message = strings.ReplaceAll(message, quoted, escaped)
			}
		}
	}
	return message
}
