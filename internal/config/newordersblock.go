package config

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gdfctl/gdfctl/internal/neworder"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// newOrdersBlock is a table of orders that must exist.
type newOrdersBlock struct {
	origin *spec.Origin
	source tableSource
	perRun int
}

var newOrdersSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
	{Name: "rows", Required: true},
	{Name: "account"},
	{Name: "max_per_run"},
}}

func (l *loader) newOrdersBlocks() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, b := range l.blocks["new_orders"] {
		block, more := l.newOrdersBlock(b)
		diags = append(diags, more...)
		if !more.HasErrors() {
			l.cfg.created = append(l.cfg.created, block)
		}
	}
	return diags
}

func (l *loader) newOrdersBlock(b *hcl.Block) (*newOrdersBlock, hcl.Diagnostics) {
	if diags := misnamed(b, "new_orders", ": the name is part of every address"); diags.HasErrors() {
		return nil, diags
	}
	content, diags := contentOf(b.Body, newOrdersSchema)
	account, more := l.accountFor(content, diags, b.DefRange)
	diags = append(diags, more...)
	block := &newOrdersBlock{origin: &spec.Origin{Kind: "new_orders", Name: b.Labels[0], Account: account}}
	if attr, ok := content.Attributes["rows"]; ok {
		diags = append(diags, l.newOrdersTable(block, attr)...)
	}
	if attr, ok := content.Attributes["max_per_run"]; ok {
		block.perRun, more = l.scope("var", "local").whole(attr, 1, spec.NoLimit, 0)
		diags = append(diags, more...)
	}
	return block, diags
}

// newOrdersTable reads `rows`. A list of objects is no table here: what stands in the
// configuration is shown beside messages, and committed, and these rows hold buyers.
func (l *loader) newOrdersTable(block *newOrdersBlock, attr *hcl.Attribute) hcl.Diagnostics {
	call, ok := attr.Expr.(*hclsyntax.FunctionCallExpr)
	if !ok || call.Name != "csv" && call.Name != "jsonl" {
		return hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "rows is not a table",
			Detail:  `Write jsonl("private/orders.jsonl") or csv("private/orders.csv"). The rows hold buyers, so they can't be written in the configuration itself.`,
			Subject: attr.NameRange.Ptr(),
		}}
	}
	block.source.at = attr.Expr.Range()
	return l.tableCall(&block.source, call, l.scope("var", "local"))
}

// documented is what a table of new orders needs, for messages.
func documented() string {
	return fmt.Sprintf("Required are: %s.", quotedList(neworder.Required()))
}
