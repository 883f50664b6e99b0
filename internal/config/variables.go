package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/table"
)

// variables decides var and local, which all other blocks may use, and makes
// the context that they are evaluated in.
func (l *loader) variables() hcl.Diagnostics {
	l.cfg.base = &hcl.EvalContext{
		Functions: lang.Functions(lang.Options{Root: l.cfg.root, Now: l.opts.Now}),
		Variables: map[string]cty.Value{"var": cty.EmptyObjectVal, "local": cty.EmptyObjectVal},
	}
	given, diags := l.givenVariables()
	values := map[string]cty.Value{}
	for _, b := range l.blocks["variable"] {
		name := b.Labels[0]
		v, more := l.variable(b, given[name])
		diags = append(diags, more...)
		delete(given, name)
		values[name] = v
	}
	for _, name := range sortedKeys(given) {
		if given[name].required {
			diags = append(diags, &hcl.Diagnostic{
				Severity: hcl.DiagError, Summary: fmt.Sprintf("No variable %q", name),
				Detail: fmt.Sprintf("A value for it was given by %s, but no file declares it. Add `variable %q {}`, or remove the value.", given[name].from, name),
			})
		}
	}
	l.cfg.base.Variables["var"] = cty.ObjectVal(values)
	return append(diags, l.evalLocals()...)
}

// givenValue is a variable's value from outside the configuration.
type givenValue struct {
	text     string         // from a flag or the environment …
	expr     hcl.Expression // … or from a file
	from     string
	required bool // must be declared
}

// givenVariables gathers values from the environment, --var-file and --var; a
// later one wins.
func (l *loader) givenVariables() (map[string]*givenValue, hcl.Diagnostics) {
	given := map[string]*givenValue{}
	for _, b := range l.blocks["variable"] {
		name := b.Labels[0]
		if text := l.opts.Env("GDF_VAR_" + name); text != "" {
			given[name] = &givenValue{text: text, from: "GDF_VAR_" + name}
		}
	}
	var diags hcl.Diagnostics
	for _, path := range l.opts.VarFiles {
		diags = append(diags, l.varFile(path, given)...)
	}
	for _, name := range sortedKeys(l.opts.Vars) {
		given[name] = &givenValue{text: l.opts.Vars[name], from: "--var", required: true}
	}
	return given, diags
}

// linked is why a link may not stand in the place of a variables file. Whoever
// runs gdfctl chooses the file, but what is in the configuration's directory can
// come with a pull request: a link there is held to the rules of tables.
func (l *loader) linked(path string) error {
	dir, err := filepath.Abs(l.cfg.Dir)
	if err != nil {
		return err
	}
	file, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	below, err := filepath.Rel(dir, file)
	if err != nil || !filepath.IsLocal(below) {
		return nil //nolint:nilerr // it is not there
	}
	dir, err = filepath.EvalSymlinks(dir)
	if err != nil {
		return err
	}
	target, err := filepath.EvalSymlinks(file)
	if err != nil || target == filepath.Join(dir, below) {
		return err
	}
	if _, err := l.cfg.root.Stat(below); err != nil { // it leads out
		return err
	}
	return table.Reserved(l.cfg.root, filepath.ToSlash(below))
}

func (l *loader) varFile(path string, given map[string]*givenValue) hcl.Diagnostics {
	var src []byte
	err := l.linked(path)
	if err == nil {
		src, err = os.ReadFile(path)
	}
	if err != nil {
		return hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "The variables file can't be read",
			Detail: fmt.Sprintf("--var-file %s: %s.", safetext.Line(path), reason(err)),
		}}
	}
	name := filepath.ToSlash(path) // as all other places are named
	// The parser of HCL drops a byte order mark by itself, that of JSON doesn't.
	src = bytes.TrimPrefix(src, []byte("\xEF\xBB\xBF"))
	if diags := lang.CheckNesting(src, name); diags.HasErrors() {
		return diags
	}
	var file *hcl.File
	var diags hcl.Diagnostics
	if strings.HasSuffix(path, ".json") {
		file, diags = json.Parse(src, name)
	} else {
		file, diags = hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	}
	if file == nil || diags.HasErrors() {
		return diags
	}
	l.cfg.Files[name] = &diag.Source{Text: file.Bytes}
	if nav, ok := file.Nav.(interface{ ContextString(offset int) string }); ok {
		l.cfg.Files[name].Block = nav.ContextString
	}
	attrs, more := file.Body.JustAttributes()
	diags = append(diags, more...)
	for variable, attr := range attrs {
		diags = append(diags, misusedEnvironment(variable, false, attr.Expr)...)
		given[variable] = &givenValue{expr: attr.Expr, from: name, required: true}
	}
	return diags
}

var variableSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
	{Name: "default"}, {Name: "type"}, {Name: "description"},
}}

func (l *loader) variable(b *hcl.Block, given *givenValue) (cty.Value, hcl.Diagnostics) {
	if diags := misnamed(b, "a variable", ""); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	content, diags := contentOf(b.Body, variableSchema)
	want := cty.DynamicPseudoType
	if attr, ok := content.Attributes["type"]; ok {
		t, more := typeexpr.TypeConstraint(attr.Expr)
		diags = append(diags, more...)
		want = t
	}
	constant := scope{ctx: &hcl.EvalContext{Functions: l.cfg.base.Functions}}
	var v cty.Value
	at := b.DefRange
	switch attr := content.Attributes["default"]; {
	case given != nil && given.expr != nil:
		var more hcl.Diagnostics
		l.noteFile("var."+b.Labels[0], given.expr)
		v, more = constant.value(given.expr)
		diags, at = append(diags, more...), given.expr.Range()
	case given != nil:
		var more hcl.Diagnostics
		v, more = textValue(given, b.Labels[0], want)
		diags = append(diags, more...)
	case attr != nil:
		var more hcl.Diagnostics
		l.noteFile("var."+b.Labels[0], attr.Expr)
		v, more = constant.value(attr.Expr)
		diags, at = append(diags, more...), attr.Expr.Range()
	default:
		return cty.DynamicVal, append(diags, errorAt(b.DefRange, fmt.Sprintf("No value for variable %q", b.Labels[0]),
			fmt.Sprintf("Set it with --var %s=…, --var-file or GDF_VAR_%s, or give it a default.", b.Labels[0], b.Labels[0]))...)
	}
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	converted, err := convert.Convert(v, want)
	if err != nil {
		return cty.DynamicVal, append(diags, errorAt(at, fmt.Sprintf("Variable %q has the wrong type", b.Labels[0]),
			fmt.Sprintf("It must be %s.", want.FriendlyName()))...)
	}
	return converted, diags
}

// textValue reads a value given as text: as it is for strings and untyped
// variables, as an expression of constants for the others, as Terraform does.
// What is wrong with it is told without the text: it may come from the
// environment.
func textValue(given *givenValue, name string, want cty.Type) (cty.Value, hcl.Diagnostics) {
	if want == cty.DynamicPseudoType || want.IsPrimitiveType() {
		return cty.StringVal(given.text), nil
	}
	source := "<value of " + name + ">"
	diags := lang.CheckNesting([]byte(given.text), source)
	var v cty.Value
	if !diags.HasErrors() {
		var expr hcl.Expression
		if expr, diags = hclsyntax.ParseExpression([]byte(given.text), source, hcl.InitialPos); !diags.HasErrors() {
			v, diags = scope{ctx: &hcl.EvalContext{}}.value(expr)
		}
	}
	if !diags.HasErrors() {
		return v, nil
	}
	return cty.DynamicVal, hcl.Diagnostics{{
		Severity: hcl.DiagError, Summary: fmt.Sprintf("The value of variable %q is not %s", name, want.FriendlyName()),
		Detail: fmt.Sprintf(`The value given by %s must be written as in a file, from constants alone: ["a", "b"], or { key = "value" }.`, given.from),
	}}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
