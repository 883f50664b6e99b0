package config

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// replaces is an address that a block names with the attribute of that name.
type replaces struct {
	address string
	at      hcl.Range
}

// noteReplaces keeps the address of a block's `replaces` until all blocks are
// known. One that can't be an address is told where the block is read.
func (l *loader) noteReplaces(content *hcl.BodyContent) {
	attr, ok := content.Attributes["replaces"]
	if !ok {
		return
	}
	address, wrong := l.scope("var", "local").text(attr)
	if !wrong.HasErrors() && addressForm.MatchString(address) {
		l.replaces = append(l.replaces, replaces{address, attr.Expr.Range()})
	}
}

// replacements refuses a `replaces` that names no block: mistyped, it would
// leave two wishes in conflict, or nothing replaced at all.
func (l *loader) replacements() hcl.Diagnostics {
	if len(l.replaces) == 0 {
		return nil
	}
	var addresses []string
	known := map[string]bool{}
	for _, kind := range []string{"batch", "order"} {
		for _, name := range sortedKeys(l.named[kind]) {
			address := (&spec.Origin{Kind: kind, Name: name}).String()
			known[address] = true
			addresses = append(addresses, address)
		}
	}
	const most = 20
	there := "The blocks are: " + strings.Join(addresses[:min(most, len(addresses))], ", ")
	if more := len(addresses) - most; more > 0 {
		there += fmt.Sprintf(" and %d more", more)
	}
	var diags hcl.Diagnostics
	for _, r := range l.replaces {
		if !known[r.address] {
			diags = append(diags, errorAt(r.at, "No block has the address "+r.address, there+".")...)
		}
	}
	return diags
}
