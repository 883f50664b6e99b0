package main

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/state"
)

// The variables that hold the keys for signed heads of the audit record.
const (
	auditKeyVariable       = "GDF_AUDIT_KEY"
	auditPublicKeyVariable = "GDF_AUDIT_PUBLIC_KEY"
)

// signing makes the workspace sign the heads of its audit record, if the
// environment holds a key. It belongs before anything is sent or written: a key
// that is no good ends the command there.
func (w *workspace) signing() error {
	text := w.p.env(auditKeyVariable)
	if text == "" {
		return nil
	}
	signer, err := state.ParseHeadSigner(text)
	if err != nil {
		return fmt.Errorf("nothing was changed, since %s can't be used: %w", auditKeyVariable, err)
	}
	w.store = w.store.Signing(signer)
	return nil
}

// configEnv is the environment as a configuration may see it. The key that
// signs is not in it: as an account's key or a webhook it would be sent.
func (p *program) configEnv(name string) string {
	if name == auditKeyVariable {
		return ""
	}
	return p.env(name)
}
