package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// digest identifies what a rule says: its words without their layout, and the
// values of the variables and locals that they name.
func (l *loader) digest(r ownRule) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q\n", r.name)
	for i, expr := range []hcl.Expression{r.when, r.condition, r.message} {
		fmt.Fprintf(sum, "part %d\n", i)
		if expr != nil {
			l.writeTokens(sum, expr)
			l.writeValues(sum, expr)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// writeTokens writes the words of an expression, one a line.
func (l *loader) writeTokens(w io.Writer, expr hcl.Expression) {
	at := expr.Range()
	file := l.cfg.Files[at.Filename]
	if file == nil || at.Start.Byte > at.End.Byte || at.End.Byte > len(file.Text) {
		return
	}
	tokens, _ := hclsyntax.LexExpression(file.Text[at.Start.Byte:at.End.Byte], at.Filename, at.Start) // it was parsed before
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenNewline && t.Type != hclsyntax.TokenComment {
			fmt.Fprintf(w, "%q\n", t.Bytes)
		}
	}
}

// writeValues writes what the variables and locals of an expression hold.
func (l *loader) writeValues(w io.Writer, expr hcl.Expression) {
	for _, t := range expr.Variables() {
		root := l.cfg.base.Variables[t.RootName()]
		if root == cty.NilVal {
			continue // change, which each order has its own of
		}
		if v, diags := t.TraverseAbs(l.cfg.base); !diags.HasErrors() && v.IsWhollyKnown() {
			text, err := ctyjson.Marshal(v, cty.DynamicPseudoType)
			fmt.Fprintf(w, "%s %v\n", text, err)
		}
	}
}
