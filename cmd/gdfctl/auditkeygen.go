package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/state"
)

func newAuditKeygen(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "keygen NAME",
		Short: "Make a pair of keys for signed heads of the record",
		Long: `keygen makes an ed25519 key that goes by a name, and prints both halves of it.
They are kept nowhere.

With the private one in GDF_AUDIT_KEY, apply, state rm and state unlock sign
where the record ends, in gdfctl.audit.head beside it. With the public one,
"audit verify --signed" proves that the record was not made anew since.`,
		Example: `  gdfctl audit keygen example.com/shop`,
		Args:    oneArg("a name for the key"),
		RunE:    func(_ *cobra.Command, args []string) error { return p.runAuditKeygen(args[0]) },
	}
}

func (p *program) runAuditKeygen(name string) error {
	private, public, err := state.NewHeadKeys(name)
	if err != nil {
		return usagef("%w", err)
	}
	fmt.Fprintf(p.stdout, "%s=%s\n%s=%s\n", auditKeyVariable, private, auditPublicKeyVariable, public)
	fmt.Fprintf(p.stderr, `
%s is the private key. Put it among the secrets of the CI system, and only
there: whoever has it can sign a forged record. gdfctl reads it from the
environment, and prints and keeps it nowhere. This is the only time it is shown.

%s is the public key. Give it to those who verify:
  gdfctl audit verify --signed gdfctl.audit.head --public-key %s
`, auditKeyVariable, auditPublicKeyVariable, public)
	return nil
}
