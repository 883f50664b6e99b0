package lang

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func collectionFunctions() map[string]function.Function {
	return map[string]function.Function{
		"alltrue":         everyTrue(true),
		"anytrue":         everyTrue(false),
		"chunklist":       bounded(stdlib.ChunklistFunc, nil),
		"coalesce":        bounded(coalesce, nil),
		"coalescelist":    bounded(stdlib.CoalesceListFunc, nil),
		"compact":         bounded(stdlib.CompactFunc, nil),
		"concat":          bounded(stdlib.ConcatFunc, fewTogether),
		"contains":        bounded(stdlib.ContainsFunc, nil),
		"distinct":        bounded(stdlib.DistinctFunc, fewCompared),
		"element":         bounded(stdlib.ElementFunc, nil),
		"flatten":         bounded(stdlib.FlattenFunc, light),
		"index":           bounded(indexOf, nil),
		"keys":            bounded(stdlib.KeysFunc, nil),
		"length":          bounded(lengthOf, nil),
		"lookup":          bounded(lookup, nil),
		"matchkeys":       bounded(matchKeys, fewCompared),
		"merge":           bounded(stdlib.MergeFunc, fewTogether),
		"one":             bounded(one, nil),
		"range":           bounded(stdlib.RangeFunc, nil),
		"reverse":         bounded(stdlib.ReverseListFunc, nil),
		"setintersection": bounded(stdlib.SetIntersectionFunc, light),
		"setproduct":      bounded(stdlib.SetProductFunc, smallProduct),
		"setsubtract":     bounded(stdlib.SetSubtractFunc, light),
		"setunion":        bounded(stdlib.SetUnionFunc, light),
		"slice":           bounded(stdlib.SliceFunc, nil),
		"sort":            bounded(stdlib.SortFunc, nil),
		"transpose":       bounded(transpose, light),
		"values":          bounded(stdlib.ValuesFunc, nil),
		"zipmap":          bounded(stdlib.ZipmapFunc, nil),
	}
}

func fewTogether(args []cty.Value) error {
	total := 0
	for _, a := range args {
		if total += length(a); total > MaxElements {
			return errElements
		}
	}
	return nil
}

// fewCompared bounds functions that compare every element with every other.
func fewCompared(args []cty.Value) error {
	for i, a := range args {
		if length(a) > 5000 {
			return function.NewArgErrorf(i, "the list has more than 5,000 elements")
		}
	}
	return nil
}

func smallProduct(args []cty.Value) error {
	total := int64(1)
	for _, a := range args {
		if total *= int64(length(a)); total*int64(len(args)) > MaxElements {
			return errElements
		}
	}
	return nil
}

// everyTrue is alltrue, or with false anytrue: whether all, or any, of the
// elements are true. Null counts as false, of no elements all are true.
func everyTrue(all bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "list", Type: cty.List(cty.Bool)}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			for it := args[0].ElementIterator(); it.Next(); {
				_, v := it.Element()
				if !v.IsKnown() {
					return cty.UnknownVal(cty.Bool), nil
				}
				if holds := !v.IsNull() && v.True(); holds != all {
					return cty.BoolVal(holds), nil
				}
			}
			return cty.BoolVal(all), nil
		},
	})
}

// lengthOf is Terraform's length, which counts the characters of text as well as
// the elements of anything.
var lengthOf = function.New(&function.Spec{
	Description: "The number of elements or characters.",
	Params:      []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType}},
	Type:        function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v := args[0]
		switch {
		case v.Type() == cty.String:
			return stdlib.Strlen(v)
		case v.CanIterateElements():
			return cty.NumberIntVal(int64(v.LengthInt())), nil
		}
		return cty.NilVal, function.NewArgErrorf(0, "must be a string, list or map, not %s", v.Type().FriendlyName())
	},
})
