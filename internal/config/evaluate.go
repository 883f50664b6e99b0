package config

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/gocty"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/nearest"
)

// evalLimit is how long one expression outside tables may take.
const evalLimit = 2 * time.Second

// reportedAlready stands where a value can't be had because of an error somewhere
// else: it makes its place fail, and is not shown itself.
var reportedAlready = &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "A value is not known", Detail: "It can't be known before the configuration is used."}

// value evaluates an expression after checking that it uses only the names
// that this place allows.
func (s scope) value(expr hcl.Expression) (cty.Value, hcl.Diagnostics) {
	if v, ok := writtenText(expr); ok && !s.work.exhausted() {
		s.work.add(0, v)
		return v, nil
	}
	if diags := s.check(expr); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	if s.work.exhausted() {
		return cty.DynamicVal, hcl.Diagnostics{tooMuchWork(expr)}
	}
	began := time.Now()
	v, diags := lang.EvalBudgeted(expr, s.ctx, evalLimit)
	s.work.add(time.Since(began), v)
	diags = withoutTables(forget(diags))
	if !diags.HasErrors() && !v.IsWhollyKnown() {
		diags = append(diags, reportedAlready)
	}
	return v, diags
}

// writtenText is a text that stands in the source as it is. Nearly all values of
// order blocks are such: not to evaluate them takes a fifth off the time that a
// hundred thousand blocks need, and they are nothing that a budget of time is for.
func writtenText(expr hcl.Expression) (cty.Value, bool) {
	t, ok := expr.(*hclsyntax.TemplateExpr)
	if !ok || !t.IsStringLiteral() {
		return cty.NilVal, false
	}
	v, diags := t.Value(nil)
	return v, !diags.HasErrors() && len(v.AsString()) <= lang.MaxText
}

// check refuses references to names that don't exist here.
func (s scope) check(expr hcl.Expression) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, t := range expr.Variables() {
		name := t.RootName()
		if slices.Contains(s.roots, name) {
			diags = append(diags, s.undeclared(t)...)
			continue
		}
		if name == "env" {
			diags = append(diags, reportedAlready) // by environmentMisuse
			continue
		}
		detail := "Here can be used: " + strings.Join(s.roots, ", ") + "." + nearest.Question(name, s.roots)
		if len(s.roots) == 0 {
			detail = "Only a constant can stand here."
		}
		summary := fmt.Sprintf("%q can't be used here", name)
		switch name {
		case "row":
			detail = "row stands only in the attributes of a batch, and in find of only and except, for one row of the table."
		case "row_count":
			detail = "row_count stands only in a batch with group, and not in group itself: it is how many rows of the table were put together."
		case "change":
			detail = "change stands only in the rules of a policy."
		case "live":
			detail = "live stands only in order_number of a standing order."
		case "feed", "previous", "content", "now":
			detail = name + " stands only in the rules of a watch."
		}
		diags = append(diags, errorAt(t.SourceRange(), summary, detail)...)
	}
	return diags
}

// undeclared refuses variables and locals that no block declares.
func (s scope) undeclared(t hcl.Traversal) hcl.Diagnostics {
	root, name := t.RootName(), stepName(t)
	if (root != "var" && root != "local") || name == "" {
		return nil
	}
	for ctx := s.ctx; ctx != nil; ctx = ctx.Parent() {
		declared, ok := ctx.Variables[root]
		if !ok {
			continue
		}
		if !declared.Type().IsObjectType() || declared.Type().HasAttribute(name) {
			return nil
		}
		what, block := "variable", fmt.Sprintf("variable %q {}", name)
		if root == "local" {
			what, block = "local", fmt.Sprintf("locals { %s = … }", name)
		}
		names := sortedKeys(declared.Type().AttributeTypes())
		have := ""
		if len(names) > 0 {
			have = nearest.Question(name, names) + " There are: " + strings.Join(names, ", ") + "."
		}
		return errorAt(t.SourceRange(), fmt.Sprintf("No %s %q", what, name), fmt.Sprintf("Declare it with %s, or correct the name.%s", block, have))
	}
	return nil
}

// stepName is the first name behind the root of a traversal: x of local.x and
// of local["x"].
func stepName(t hcl.Traversal) string {
	if len(t) < 2 {
		return ""
	}
	switch step := t[1].(type) {
	case hcl.TraverseAttr:
		return step.Name
	case hcl.TraverseIndex:
		if step.Key.Type() == cty.String && step.Key.IsKnown() && !step.Key.IsNull() {
			return step.Key.AsString()
		}
	}
	return ""
}

// withoutTables says of csv and jsonl what they are, where they are called like
// functions.
func withoutTables(diags hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range diags {
		for _, name := range []string{"csv", "jsonl"} {
			if strings.HasPrefix(d.Detail, fmt.Sprintf("There is no function named %q", name)) {
				d.Summary = name + "() can't be used here"
				d.Detail = "A table stands only as the value of rows in a batch, only or except, alone: its rows are read one by one and never held as values."
			}
		}
	}
	return diags
}

// forget takes the values out of diagnostics: a snippet must not print what an
// environment variable or a cell holds.
func forget(diags hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range diags {
		d.Expression, d.EvalContext = nil, nil
	}
	return diags
}

func (s scope) convert(attr *hcl.Attribute, to cty.Type, want string) (cty.Value, hcl.Diagnostics) {
	v, diags := s.value(attr.Expr)
	if diags.HasErrors() {
		return cty.NullVal(to), diags
	}
	out, err := convert.Convert(v, to)
	if err != nil {
		return cty.NullVal(to), append(diags, errorAt(attr.Expr.Range(), fmt.Sprintf("%s must be %s", attr.Name, want),
			fmt.Sprintf("Its type is %s.%s", v.Type().FriendlyName(), s.hint))...)
	}
	return out, diags
}

// text is an attribute's trimmed string; null is empty.
func (s scope) text(attr *hcl.Attribute) (string, hcl.Diagnostics) {
	text, _, diags := s.optional(attr)
	return text, diags
}

// optional is an attribute's trimmed string, and whether it is not null.
func (s scope) optional(attr *hcl.Attribute) (text string, set bool, diags hcl.Diagnostics) {
	v, diags := s.convert(attr, cty.String, "a string")
	if v.IsNull() {
		return "", false, diags
	}
	return strings.TrimSpace(v.AsString()), true, diags
}

func (s scope) boolean(attr *hcl.Attribute) (bool, hcl.Diagnostics) {
	v, diags := s.convert(attr, cty.Bool, "true or false")
	return !v.IsNull() && v.True(), diags
}

// optionalBoolean is boolean, and says whether it is set: null is not.
func (s scope) optionalBoolean(attr *hcl.Attribute) (value, set bool, diags hcl.Diagnostics) {
	v, diags := s.convert(attr, cty.Bool, "true or false")
	if diags.HasErrors() || v.IsNull() {
		return false, false, diags
	}
	return v.True(), true, diags
}

// number is an attribute between least and most, or unset where it is null.
func (s scope) number(attr *hcl.Attribute, least, most, unset float64) (float64, hcl.Diagnostics) {
	v, diags := s.convert(attr, cty.Number, "a number")
	if diags.HasErrors() || v.IsNull() {
		return unset, diags
	}
	var f float64
	if err := gocty.FromCtyValue(v, &f); err != nil || f < least || f > most || math.IsNaN(f) {
		return unset, append(diags, errorAt(attr.Expr.Range(), fmt.Sprintf("%s is out of range", attr.Name),
			fmt.Sprintf("Write a number from %s to %s.%s", decimal(least), decimal(most), s.hint))...)
	}
	return f, diags
}

// decimal writes a number without an exponent.
func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// ratio is a share from 0 to 1.
func (s scope) ratio(attr *hcl.Attribute, unset float64) (float64, hcl.Diagnostics) {
	s.hint = " 30 % is 0.30."
	return s.number(attr, 0, 1, unset)
}

func (s scope) whole(attr *hcl.Attribute, least, most, unset int) (int, hcl.Diagnostics) {
	f, diags := s.number(attr, float64(least), float64(most), float64(unset))
	if f != math.Trunc(f) {
		diags = append(diags, errorAt(attr.Expr.Range(), fmt.Sprintf("%s must be a whole number", attr.Name), "Leave the fraction out.")...)
	}
	return int(f), diags
}

// durationUpTo is duration for a time that others wait for. why says how much it may
// be, and what waits.
func (s scope) durationUpTo(attr *hcl.Attribute, most, unset time.Duration, why string) (time.Duration, hcl.Diagnostics) {
	d, diags := s.duration(attr, unset)
	if d > most {
		return most, append(diags, errorAt(attr.Expr.Range(), attr.Name+" is too long", "Write at most "+why+".")...)
	}
	return d, diags
}

// duration is an attribute like "30d", "26h" or "120s", at least zero, or unset
// where it is null.
func (s scope) duration(attr *hcl.Attribute, unset time.Duration) (time.Duration, hcl.Diagnostics) {
	v, diags := s.convert(attr, cty.String, "a string")
	if diags.HasErrors() || v.IsNull() {
		return unset, diags
	}
	d, err := lang.ParseDuration(strings.TrimSpace(v.AsString()))
	if err != nil || d < 0 {
		return unset, append(diags, errorAt(attr.Expr.Range(), fmt.Sprintf("%s must be a duration", attr.Name),
			`Write a number and a unit, like "30d", "26h", "60m" or "120s".`)...)
	}
	return d, diags
}
