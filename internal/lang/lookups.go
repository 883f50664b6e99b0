package lang

import (
	"errors"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// lookup(map, key[, default]). The standard library's has no form without a
// default, and its errors quote the key.
var lookup = function.New(&function.Spec{
	Description: "An element of a map or object, or the default if there is no such key.",
	Params:      []function.Parameter{{Name: "map", Type: cty.DynamicPseudoType}, {Name: "key", Type: cty.String}},
	VarParam:    &function.Parameter{Name: "default", Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		if len(args) > 3 {
			return cty.NilType, errors.New("lookup takes a map, a key and at most one default")
		}
		switch ty := args[0].Type(); {
		case ty.IsMapType():
			// A default of another type is wrong also where the key is there.
			if len(args) == 3 && !canBecome(args[2], ty.ElementType()) {
				return cty.NilType, errDefault
			}
			return ty.ElementType(), nil
		case !ty.IsObjectType():
			return cty.NilType, function.NewArgErrorf(0, "must be a map or an object, not %s", ty.FriendlyName())
		case !args[1].IsKnown():
			return cty.DynamicPseudoType, nil
		case ty.HasAttribute(args[1].AsString()):
			return ty.AttributeType(args[1].AsString()), nil
		case len(args) == 3:
			return args[2].Type(), nil
		}
		return cty.NilType, errNoKey
	},
	Impl: func(args []cty.Value, ret cty.Type) (cty.Value, error) {
		m, key := args[0], args[1]
		if m.Type().IsObjectType() && m.Type().HasAttribute(key.AsString()) {
			return m.GetAttr(key.AsString()), nil
		}
		if m.Type().IsMapType() && m.HasIndex(key).True() {
			return m.Index(key), nil
		}
		if len(args) < 3 {
			return cty.NilVal, errNoKey
		}
		v, err := convert.Convert(args[2], ret)
		if err != nil {
			return cty.NilVal, errDefault
		}
		return v, nil
	},
})

var (
	errNoKey   = function.NewArgErrorf(1, "the map does not have this key, and there is no default")
	errDefault = function.NewArgErrorf(2, "the default must have the same type as the map's elements")
)

func canBecome(v cty.Value, ty cty.Type) bool {
	_, err := convert.Convert(v, ty)
	return err == nil
}

// indexOf is Terraform's index: the place of the first element equal to value.
var indexOf = function.New(&function.Spec{
	Description: "The position of a value in a list, counted from 0.",
	Params:      []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}, {Name: "value", Type: cty.DynamicPseudoType}},
	Type:        function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if ty := args[0].Type(); !ty.IsListType() && !ty.IsTupleType() {
			return cty.NilVal, function.NewArgErrorf(0, "must be a list, not %s", ty.FriendlyName())
		}
		place := int64(0)
		for it := args[0].ElementIterator(); it.Next(); place++ {
			_, v := it.Element()
			if eq := v.Equals(args[1]); eq.IsKnown() && eq.True() {
				return cty.NumberIntVal(place), nil
			}
		}
		return cty.NilVal, function.NewArgErrorf(1, "the list does not contain this value")
	},
})

// one is the only element of a list or set, or null of an empty one.
var one = function.New(&function.Spec{
	Description: "The only element, or null if there is none.",
	Params:      []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type: func(args []cty.Value) (cty.Type, error) {
		ty := args[0].Type()
		switch {
		case ty.IsListType() || ty.IsSetType():
			return ty.ElementType(), nil
		case ty.IsTupleType() && ty.Length() == 1:
			return ty.TupleElementType(0), nil
		case ty.IsTupleType() && ty.Length() == 0:
			return cty.DynamicPseudoType, nil
		case ty.IsTupleType():
			return cty.NilType, errNotOne
		}
		return cty.NilType, wantSequence(args[0])
	},
	Impl: func(args []cty.Value, ret cty.Type) (cty.Value, error) {
		switch args[0].LengthInt() {
		case 0:
			return cty.NullVal(ret), nil
		case 1:
			return args[0].AsValueSlice()[0], nil
		}
		return cty.NilVal, errNotOne
	},
})

var errNotOne = function.NewArgErrorf(0, "the list has more than one element")

// matchKeys(values, keys, wanted) is the values whose key is among the wanted.
var matchKeys = function.New(&function.Spec{
	Description: "The values whose key, at the same position in the second list, is in the third list.",
	Params: []function.Parameter{
		{Name: "values", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "keys", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "searchset", Type: cty.List(cty.DynamicPseudoType)},
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if comparable, _ := convert.UnifyUnsafe([]cty.Type{args[1].Type(), args[2].Type()}); comparable == cty.NilType {
			return cty.NilType, errors.New("the second and third list must have the same type")
		}
		return args[0].Type(), nil
	},
	Impl: func(args []cty.Value, ret cty.Type) (cty.Value, error) {
		values := args[0].AsValueSlice()
		keys, wanted, err := unified(args[1], args[2])
		if err != nil {
			return cty.NilVal, err
		}
		if len(values) != len(keys) {
			return cty.NilVal, errors.New("the first and second list must have the same length")
		}
		var found []cty.Value
		for i, k := range keys {
			if slices.ContainsFunc(wanted, k.RawEquals) {
				found = append(found, values[i])
			}
		}
		if len(found) == 0 {
			return cty.ListValEmpty(ret.ElementType()), nil
		}
		return cty.ListVal(found), nil
	},
})

// unified are the elements of two lists, converted to one type: 1 and "1" are
// both "1".
func unified(a, b cty.Value) (as, bs []cty.Value, err error) {
	ty, _ := convert.UnifyUnsafe([]cty.Type{a.Type(), b.Type()})
	if a, err = convert.Convert(a, ty); err != nil {
		return nil, nil, err
	}
	if b, err = convert.Convert(b, ty); err != nil {
		return nil, nil, err
	}
	return a.AsValueSlice(), b.AsValueSlice(), nil
}

// transpose swaps the keys and values of a map of lists of strings.
var transpose = function.New(&function.Spec{
	Description: "A map of lists of strings, with keys and values swapped.",
	Params:      []function.Parameter{{Name: "values", Type: cty.Map(cty.List(cty.String))}},
	Type:        function.StaticReturnType(cty.Map(cty.List(cty.String))),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		swapped := map[string][]cty.Value{}
		for it := args[0].ElementIterator(); it.Next(); {
			key, list := it.Element()
			if list.IsNull() {
				return cty.NilVal, function.NewArgErrorf(0, "a list in the map is null")
			}
			for elements := list.ElementIterator(); elements.Next(); {
				_, v := elements.Element()
				if v.IsNull() {
					return cty.NilVal, function.NewArgErrorf(0, "a string in the map is null")
				}
				swapped[v.AsString()] = append(swapped[v.AsString()], key)
			}
		}
		if len(swapped) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		lists := make(map[string]cty.Value, len(swapped))
		for _, k := range slices.Sorted(maps.Keys(swapped)) {
			lists[k] = cty.ListVal(swapped[k])
		}
		return cty.MapVal(lists), nil
	},
})
