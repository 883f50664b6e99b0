package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gdfctl/gdfctl/internal/lang"
)

// fromEnvironment is the attributes that can be taken from the environment, by
// their block: addresses and credentials, which must not stand in a file. A
// value of the environment is never in the context of an expression, so that no
// expression can compute with a secret, and give it away by its result, by its
// failure, or by which of many expressions fails.
var fromEnvironment = map[string][]string{
	"account": {"endpoint", "consumer_key", "token"},
	"notify":  {"webhook", "secret", "heartbeat"},
	"backend": {"url"}, // of a database: it can hold a password
}

const environmentPlaces = "endpoint, consumer_key, token, webhook, secret, heartbeat and a backend's url"

// environmentMisuse finds every env that is not env.NAME, alone, as the whole
// value of an attribute that can be taken from the environment. It looks at
// syntax only and comes before any evaluation.
func environmentMisuse(body *hclsyntax.Body) hcl.Diagnostics {
	diags := misuseInside(body, nil)
	for _, b := range body.Blocks {
		diags = append(diags, misuseInside(b.Body, fromEnvironment[b.Type])...)
		for inner := slices.Clone(b.Body.Blocks); len(inner) > 0; inner = inner[1:] {
			diags = append(diags, misuseInside(inner[0].Body, nestedFromEnvironment(b, inner[0]))...)
			inner = append(inner, inner[0].Body.Blocks...)
		}
	}
	return diags
}

// nestedFromEnvironment is what a block within another one can take from the
// environment.
func nestedFromEnvironment(outer, inner *hclsyntax.Block) []string {
	if outer.Type == "gdfctl" && inner.Type == "backend" {
		return fromEnvironment[inner.Type]
	}
	return nil
}

// misuseInside looks at the attributes of one body, of which some can be taken
// from the environment.
func misuseInside(body *hclsyntax.Body, allowed []string) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for name, attr := range body.Attributes {
		whole := slices.Contains(allowed, name)
		if whole && lang.EnvironmentName(attr.Expr) != "" {
			continue
		}
		diags = append(diags, misusedEnvironment(name, whole, attr.Expr)...)
	}
	return diags
}

// misusedEnvironment is the error for an env within an expression. whole says
// that the attribute could be env.NAME.
func misusedEnvironment(attribute string, whole bool, expr hcl.Expression) hcl.Diagnostics {
	variable, at := environmentIn(expr)
	switch {
	case at == nil:
		return nil
	case whole:
		return errorAt(*at, "env must stand alone", fmt.Sprintf(
			"Write %s = env.NAME, without quotes, parentheses or functions: no expression sees a value of the environment.", attribute))
	}
	if variable == "" {
		variable = "NAME"
	}
	name := strings.ToLower(variable)
	return errorAt(*at, `"env" can't be used here`, fmt.Sprintf(
		"env.NAME stands only as the whole value of %s. Write `variable \"%s\" {}` and var.%s here, and set it with --var %s=…, with --var-file, or in the environment as GDF_VAR_%s.",
		environmentPlaces, name, name, name, name))
}

// environmentIn is the place of the first env in an expression, nil where there
// is none, and the variable that it names. A loop that calls its own variable env
// counts too: who reads it would take it for the environment.
func environmentIn(expr hcl.Expression) (variable string, at *hcl.Range) {
	syntax, ok := expr.(hclsyntax.Expression)
	if !ok { // JSON: its strings are templates
		for _, t := range expr.Variables() {
			if t.RootName() == "env" {
				return stepName(t), t.SourceRange().Ptr()
			}
		}
		return "", nil
	}
	_ = hclsyntax.VisitAll(syntax, func(node hclsyntax.Node) hcl.Diagnostics {
		switch n := node.(type) {
		case *hclsyntax.ScopeTraversalExpr:
			if at == nil && n.Traversal.RootName() == "env" {
				variable, at = stepName(n.Traversal), n.SrcRange.Ptr()
			}
		case *hclsyntax.ForExpr:
			if at == nil && (n.KeyVar == "env" || n.ValVar == "env") {
				at = n.OpenRange.Ptr()
			}
		}
		return nil
	})
	return variable, at
}

// environmentNames lists the environment variables that some attributes of
// blocks are taken from.
func environmentNames(blocks []*hcl.Block, attributes ...string) map[string]bool {
	schema := &hcl.BodySchema{}
	for _, name := range attributes {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name})
	}
	names := map[string]bool{}
	for _, b := range blocks {
		content, _, _ := b.Body.PartialContent(schema)
		for _, attr := range content.Attributes {
			if name := lang.EnvironmentName(attr.Expr); name != "" {
				names[name] = true
			}
		}
	}
	return names
}

// variableOf is the value of the environment variable of an attribute. Those in
// refused hold a secret that must not get to where this value goes.
func (l *loader) variableOf(attr *hcl.Attribute, name string, refused map[string]bool) (string, hcl.Diagnostics) {
	if refused[name] {
		return "", errorAt(attr.Expr.Range(), fmt.Sprintf("\"env.%s\" can't be used here", name),
			"It holds a key or a webhook's address: a key is sent to the API alone, a webhook's address is never shown. Use another variable.")
	}
	return strings.TrimSpace(l.opts.Env(name)), nil
}

// credential is a secret: a text that stands in the file as it is, or a variable
// of the environment, whose name is returned too. Nothing is evaluated. One in a
// file is in the history of version control for good, so it makes a warning.
func (l *loader) credential(attr *hcl.Attribute, refused map[string]bool) (value, from string, diags hcl.Diagnostics) {
	if name := lang.EnvironmentName(attr.Expr); name != "" {
		value, diags = l.variableOf(attr, name, refused)
		return value, name, diags
	}
	if constant, ok := attr.Expr.(*hclsyntax.LiteralValueExpr); ok && constant.Val.IsNull() {
		return "", "", nil
	}
	usual := cmp.Or(map[string]string{"consumer_key": "GDF_CONSUMER_KEY", "token": "GDF_TOKEN"}[attr.Name], "NAME")
	text, ok := writtenText(attr.Expr)
	if !ok {
		if _, at := environmentIn(attr.Expr); at != nil {
			return "", "", hcl.Diagnostics{reportedAlready}
		}
		return "", "", errorAt(attr.Expr.Range(), attr.Name+" must be env.NAME or a text",
			fmt.Sprintf("Write %s = env.%s. It is a secret, which no expression may see: not a variable, a local, a template or a function.", attr.Name, usual))
	}
	if value = strings.TrimSpace(text.AsString()); value == "" {
		return "", "", errorAt(attr.NameRange, attr.Name+" is empty", fmt.Sprintf("Write %s = env.%s, or leave the attribute out.", attr.Name, usual))
	}
	return value, "", warningAt(attr.NameRange, attr.Name+" is written into the configuration",
		fmt.Sprintf("Whoever reads this file, now or in its history, can use it. Write %s = env.%s, and have this one replaced.", attr.Name, usual))
}
