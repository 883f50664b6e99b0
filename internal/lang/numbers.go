package lang

import (
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func numberFunctions() map[string]function.Function {
	return map[string]function.Function{
		"abs":      bounded(stdlib.AbsoluteFunc, nil),
		"ceil":     bounded(stdlib.CeilFunc, nil),
		"floor":    bounded(stdlib.FloorFunc, nil),
		"log":      bounded(stdlib.LogFunc, hasLogarithm),
		"max":      bounded(stdlib.MaxFunc, nil),
		"min":      bounded(stdlib.MinFunc, nil),
		"parseint": bounded(stdlib.ParseIntFunc, shortDigits),
		"pow":      bounded(stdlib.PowFunc, hasPower),
		"signum":   bounded(stdlib.SignumFunc, nil),
		"sum":      bounded(sum, nil),
	}
}

// The mathematics below are done in float64, where these have no number for a
// result.
func hasLogarithm(args []cty.Value) error {
	for i, a := range args {
		if sign(a) <= 0 {
			return function.NewArgErrorf(i, "must be greater than 0")
		}
	}
	return nil
}

func hasPower(args []cty.Value) error {
	if _, whole := wholeNumber(args[1]); sign(args[0]) < 0 && !whole {
		return function.NewArgErrorf(1, "must be a whole number, because the first argument is negative")
	}
	return nil
}

func sign(v cty.Value) int {
	if v.IsMarked() || v.Type() != cty.Number || !v.IsKnown() || v.IsNull() {
		return 1
	}
	return v.AsBigFloat().Sign()
}

func shortDigits(args []cty.Value) error {
	if len(text(args, 0)) > maxExponent {
		return function.NewArgErrorf(0, "the number has too many digits")
	}
	return nil
}

var sum = function.New(&function.Spec{
	Description: "The sum of a list or set of numbers, which must not be empty.",
	Params:      []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type:        function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if err := wantSequence(args[0]); err != nil {
			return cty.NilVal, err
		}
		if args[0].LengthInt() == 0 {
			return cty.NilVal, function.NewArgErrorf(0, "must not be empty")
		}
		total := cty.Zero
		for it := args[0].ElementIterator(); it.Next(); {
			_, v := it.Element()
			n, err := convert.Convert(v, cty.Number)
			if err != nil || n.IsNull() {
				return cty.NilVal, function.NewArgErrorf(0, "every element must be a number")
			}
			if !n.IsKnown() {
				return cty.UnknownVal(cty.Number), nil
			}
			if !moderate(n) {
				return cty.NilVal, errNumber
			}
			total = total.Add(n)
		}
		return total, nil
	},
})

// wantSequence is an error unless v is a list, a set or a tuple.
func wantSequence(v cty.Value) error {
	ty := v.Type()
	if !ty.IsListType() && !ty.IsSetType() && !ty.IsTupleType() {
		return function.NewArgError(0, fmt.Errorf("must be a list or a set, not %s", ty.FriendlyName()))
	}
	if !v.IsKnown() || v.IsNull() {
		return function.NewArgError(0, errors.New("the list is unknown"))
	}
	return nil
}
