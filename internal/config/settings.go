package config

import (
	"cmp"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// settings reads the gdfctl block. With a mistake in it, it is not known where
// the state is.
func (l *loader) settings() (diags hcl.Diagnostics) {
	defer func() { l.cfg.Backend.Faulty = diags.HasErrors() }()
	l.cfg.Backend = spec.Backend{Label: "local"}
	blocks := l.blocks["gdfctl"]
	if len(blocks) == 0 {
		return nil
	}
	content, diags := contentOf(blocks[0].Body, &hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{{Name: "required_version"}},
		Blocks:     []hcl.BlockHeaderSchema{{Type: "backend", LabelNames: []string{"kind"}}},
	})
	if attr, ok := content.Attributes["required_version"]; ok {
		constraint, more := l.scope("var", "local").text(attr)
		diags = append(diags, more...)
		if !more.HasErrors() {
			diags = append(diags, checkVersion(constraint, l.opts.Version, attr.Expr.Range())...)
		}
	}
	for i, b := range content.Blocks {
		if i > 0 {
			diags = append(diags, errorAt(b.DefRange, "Duplicate backend block", "The state is kept in one place only.")...)
			continue
		}
		diags = append(diags, l.backend(b, l.scope("var", "local"))...)
	}
	return diags
}

// backend reads a backend block as it is written. Which labels and attributes
// there are is not known here: each backend says that itself.
func (l *loader) backend(b *hcl.Block, s scope) hcl.Diagnostics {
	read := spec.Backend{Label: b.Labels[0], At: lang.PlainRange(b.LabelRanges[0])}
	attributes, diags := b.Body.JustAttributes()
	for _, attr := range slices.SortedFunc(maps.Values(attributes), func(a, b *hcl.Attribute) int {
		return cmp.Compare(a.Range.Start.Byte, b.Range.Start.Byte)
	}) {
		var value string
		var more hcl.Diagnostics
		from := ""
		if slices.Contains(fromEnvironment[b.Type], attr.Name) {
			from = lang.EnvironmentName(attr.Expr)
		}
		if from != "" {
			value, more = l.variableOf(attr, from, l.secrets)
			l.secrets[from] = true // no account sends anything there
		} else {
			value, more = s.text(attr)
		}
		diags = append(diags, more...)
		read.Attributes = append(read.Attributes, spec.BackendAttribute{
			Name: attr.Name, Value: value, From: from, Known: !more.HasErrors(), NameAt: lang.PlainRange(attr.NameRange), ValueAt: lang.PlainRange(attr.Expr.Range()),
		})
	}
	l.cfg.Backend = read
	return diags
}
