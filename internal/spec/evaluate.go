package spec

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/gocty"

	"github.com/gdfctl/gdfctl/internal/lang"
)

// evalLimit is how long one expression outside tables may take.
const evalLimit = 2 * time.Second

// value evaluates an expression after checking that it uses only the names
// that this place allows.
func (s scope) value(expr hcl.Expression) (cty.Value, hcl.Diagnostics) {
	if diags := s.check(expr); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	v, diags := lang.EvalBudgeted(expr, s.context(expr), evalLimit)
	return v, forget(diags)
}

// check refuses references to names that don't exist here.
func (s scope) check(expr hcl.Expression) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, t := range expr.Variables() {
		name := t.RootName()
		if slices.Contains(s.roots, name) {
			continue
		}
		detail := "Here can be used: " + strings.Join(s.roots, ", ") + "."
		if len(s.roots) == 0 {
			detail = "Only a constant can stand here."
		}
		summary := fmt.Sprintf("%q can't be used here", name)
		switch name {
		case "env":
			detail = "env.NAME stands only in account, notify and backend blocks: what is wished of orders must not depend on who runs gdfctl. Use a variable, and set it with --var or GDF_VAR_name."
		case "row":
			detail = "row stands only in the attributes of a batch, for one row of its table."
		case "change":
			detail = "change stands only in the rules of a policy."
		}
		diags = append(diags, errorAt(t.SourceRange(), summary, detail)...)
	}
	return diags
}

// context adds the environment variables that the expression names. Others are
// not even read.
func (s scope) context(expr hcl.Expression) *hcl.EvalContext {
	if !slices.Contains(s.roots, "env") {
		return s.ctx
	}
	vars := map[string]cty.Value{}
	for _, t := range expr.Variables() {
		if t.RootName() != "env" || len(t) < 2 {
			continue
		}
		step, ok := t[1].(hcl.TraverseAttr)
		if !ok {
			continue
		}
		vars[step.Name] = cty.NullVal(cty.String)
		if v := s.env(step.Name); v != "" {
			vars[step.Name] = cty.StringVal(v)
		}
	}
	ctx := s.ctx.NewChild()
	ctx.Variables = map[string]cty.Value{"env": cty.ObjectVal(vars)}
	return ctx
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
	if err != nil || !out.IsKnown() {
		return cty.NullVal(to), append(diags, errorAt(attr.Expr.Range(), fmt.Sprintf("%s must be %s", attr.Name, want),
			fmt.Sprintf("This is %s.", v.Type().FriendlyName()))...)
	}
	return out, diags
}

// text is an attribute's trimmed string; null is empty.
func (s scope) text(attr *hcl.Attribute) (string, hcl.Diagnostics) {
	v, diags := s.convert(attr, cty.String, "a string")
	if v.IsNull() {
		return "", diags
	}
	return strings.TrimSpace(v.AsString()), diags
}

func (s scope) boolean(attr *hcl.Attribute) (bool, hcl.Diagnostics) {
	v, diags := s.convert(attr, cty.Bool, "true or false")
	return !v.IsNull() && v.True(), diags
}

// number is an attribute between least and most.
func (s scope) number(attr *hcl.Attribute, least, most float64) (float64, hcl.Diagnostics) {
	v, diags := s.convert(attr, cty.Number, "a number")
	if diags.HasErrors() || v.IsNull() {
		return least, diags
	}
	var f float64
	if err := gocty.FromCtyValue(v, &f); err != nil || f < least || f > most || math.IsNaN(f) {
		return least, append(diags, errorAt(attr.Expr.Range(), fmt.Sprintf("%s is out of range", attr.Name),
			fmt.Sprintf("Write a number from %v to %v.", least, most))...)
	}
	return f, diags
}

func (s scope) whole(attr *hcl.Attribute, least, most int) (int, hcl.Diagnostics) {
	f, diags := s.number(attr, float64(least), float64(most))
	if f != math.Trunc(f) {
		diags = append(diags, errorAt(attr.Expr.Range(), fmt.Sprintf("%s must be a whole number", attr.Name), "Leave the fraction out.")...)
	}
	return int(f), diags
}

// duration is an attribute like "30d", "26h" or "120s", at least zero.
func (s scope) duration(attr *hcl.Attribute) (time.Duration, hcl.Diagnostics) {
	text, diags := s.text(attr)
	if diags.HasErrors() {
		return 0, diags
	}
	d, err := lang.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, append(diags, errorAt(attr.Expr.Range(), fmt.Sprintf("%s must be a duration", attr.Name),
			`Write a number and a unit, like "30d", "26h", "60m" or "120s".`)...)
	}
	return d, diags
}
