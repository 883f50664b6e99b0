package state

import (
	"errors"
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// SignHead signs the last line of the audit log with the key of Store.Signing,
// and puts that instead of the signed head before. It belongs after Commit:
// what is signed must be durable. It reports whether it signed: without a key, or
// with an empty log, there is nothing to do.
func (x *Session) SignHead() (bool, error) {
	x.gate.Lock()
	defer x.gate.Unlock()
	signer := x.store.signer
	at, durable := x.audit.Durable()
	if signer == nil || at.Lines == 0 {
		return false, nil
	}
	if err := x.fenced(); err != nil {
		return false, err
	}
	if !durable {
		return false, errors.New("the end of the audit log can't be signed: it is not on disk for good")
	}
	signed, err := audit.Sign(at.Head, x.state.Lineage(), signer)
	if err == nil {
		err = x.lease.Replace(backend.SignedHead, func(w io.Writer) error {
			_, err := w.Write(signed)
			return err
		})
	}
	if err != nil {
		return false, fmt.Errorf("the audit log is whole, but its end could not be signed: %w", err)
	}
	return true, nil
}
