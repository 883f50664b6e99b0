package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// deps is the world of the use cases.
func (p *program) deps() reconcile.Deps {
	return reconcile.Deps{Env: p.env, Now: p.now, Version: version, Provenance: provenance.Detect(provenance.Process()), Command: p.command}
}

// observe shows the events that all commands show alike.
func (p *program) observe(e reconcile.Event) {
	switch e := e.(type) {
	case reconcile.Diagnosed:
		text.Diagnostics(p.stderr, p.styleErr, e.Diagnostics, e.Files)
		p.annotations.Diagnostics(report.Diagnostics(e.Diagnostics))
	case reconcile.Warned:
		p.warn(e.Text)
	case reconcile.Waited:
		text.Waiting(p.stderr, p.styleErr, fmt.Sprintf("account %s: %s", e.Account, e.Wait))
	case reconcile.WaitingForLease:
		text.Waiting(p.stderr, p.styleErr, p.waiting(e).Message)
	case reconcile.CheckedTooSoon:
		text.CheckedTooSoon(p.stderr, p.styleErr, e.Since)
	case reconcile.Stopping:
		fmt.Fprintln(p.stderr, "\nStopping: no more calls are sent, and those under way have a few seconds to finish. Press Ctrl-C again to stop at once.")
	}
}

// waiting is why a run waits for the state.
func (p *program) waiting(e reconcile.WaitingForLease) *report.Waiting {
	return report.NewWaiting(present.LockHolder(e.Holder), e.Holder.String(), e.Until, p.now())
}

func (p *program) warn(message string) { text.Warning(p.stderr, p.styleErr, message) }

// tellError prints an error. Lines of its own are part of it; those of an argument
// that it quotes, in whatever package, are escaped.
func (p *program) tellError(err error) {
	if config, ok := errors.AsType[*reconcile.ConfigError](err); ok {
		text.Diagnostics(p.stderr, p.styleErr, config.Diagnostics, config.Files)
		return
	}
	if policy, ok := errors.AsType[*reconcile.PolicyError](err); ok {
		text.Violations(p.stderr, p.styleErr, policy.Violations)
		return
	}
	text.Error(p.stderr, p.styleErr, errors.New(p.errorText(err)))
}

// errorText is an error in words, with what it quotes of the command line escaped.
func (p *program) errorText(err error) string {
	message := err.Error()
	if _, ok := errors.AsType[*reconcile.RequestError](err); ok {
		message = "--" + message // a field of a request is the flag of its name
	}
	for _, arg := range p.args {
		_, value, _ := strings.Cut(arg, "=")
		for _, quoted := range []string{arg, filepath.Clean(arg), strings.TrimLeft(arg, "-"), value, filepath.Clean(value)} {
			if escaped := safetext.Line(quoted); escaped != quoted {
				message = strings.ReplaceAll(message, quoted, escaped)
			}
		}
	}
	return message
}
