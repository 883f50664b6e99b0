package lang

import (
	"errors"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// maxUnified is how many elements that are not plain text, numbers or bools are
// brought to one type: the time for that grows with the square.
const maxUnified = 1000

func conversionFunctions() map[string]function.Function {
	return map[string]function.Function{
		"tobool":   bounded(stdlib.MakeToFunc(cty.Bool), nil),
		"tolist":   bounded(stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)), quicklyUnified),
		"tomap":    bounded(stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)), quicklyUnified),
		"tonumber": bounded(stdlib.MakeToFunc(cty.Number), shortNumber),
		"toset":    bounded(stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)), quicklyUnified),
		"tostring": bounded(stdlib.MakeToFunc(cty.String), nil),
	}
}

func shortNumber(args []cty.Value) error {
	if len(text(args, 0)) > maxExponent {
		return function.NewArgErrorf(0, "the number has too many digits")
	}
	return nil
}

func quicklyUnified(args []cty.Value) error {
	for i, a := range args {
		n := length(a)
		if n > MaxElements {
			return errElements
		}
		if ty := a.Type(); n <= maxUnified || !ty.IsTupleType() && !ty.IsObjectType() {
			continue
		}
		for it := a.ElementIterator(); it.Next(); {
			if _, v := it.Element(); !v.Type().IsPrimitiveType() {
				return function.NewArgErrorf(i, "a list of more than %d lists or objects can't be converted; use it without converting it", maxUnified)
			}
		}
	}
	return nil
}

// coalesce is Terraform's: the first argument that is neither null nor the empty
// string.
var coalesce = function.New(&function.Spec{
	Description: "The first argument that is neither null nor an empty string.",
	VarParam:    &function.Parameter{Name: "vals", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		types := make([]cty.Type, len(args))
		for i, a := range args {
			types[i] = a.Type()
		}
		unified, _ := convert.UnifyUnsafe(types)
		if unified == cty.NilType {
			return cty.NilType, errors.New("all arguments must have the same type")
		}
		return unified, nil
	},
	Impl: func(args []cty.Value, ret cty.Type) (cty.Value, error) {
		for _, a := range args {
			v, err := convert.Convert(a, ret)
			if err != nil {
				return cty.NilVal, err
			}
			if !v.IsKnown() {
				return cty.UnknownVal(ret), nil
			}
			if v.IsNull() || v.RawEquals(cty.StringVal("")) {
				continue
			}
			return v, nil
		}
		return cty.NilVal, errors.New("all arguments are null or empty")
	},
})
