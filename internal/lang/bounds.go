package lang

import (
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// What an expression may make. A configuration that needs more wants a table.
const (
	MaxText     = 1 << 20 // bytes of one string
	MaxElements = 100_000 // elements of one list, set, map or object

	maxExponent = 1100 // of a number, to base 2: about 1e±331
)

var (
	errText     = fmt.Errorf("the result would have more than %d bytes of text", MaxText)
	errElements = fmt.Errorf("the result would have more than %d elements", MaxElements)
	errNumber   = errors.New("the number is out of range (about 1e±331)")
)

// bounded is f with limits: numbers it is given, and everything it returns, must
// be of a size that the rest of the program can handle. What would already be
// too much on the way to the result is refused by before, which may be nil and
// sees known and unknown, null and other values alike.
func bounded(f function.Function, before func(args []cty.Value) error) function.Function {
	return function.New(&function.Spec{
		Description: f.Description(),
		Params:      f.Params(),
		VarParam:    f.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			for i, a := range args {
				if !moderate(a) {
					return cty.NilType, function.NewArgError(i, errNumber)
				}
			}
			if before != nil {
				if err := before(args); err != nil {
					return cty.NilType, err
				}
			}
			ty, err := f.ReturnTypeForValues(args)
			return ty, withoutStack(err)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, err := f.Call(args)
			if err != nil {
				return cty.NilVal, withoutStack(err)
			}
			return v, checkResult(v)
		},
	})
}

// withoutStack replaces a panic in a function, whose text is a stack trace.
func withoutStack(err error) error {
	var p function.PanicError
	if errors.As(err, &p) {
		return errors.New("the function can't work with these values")
	}
	return err
}

func checkResult(v cty.Value) error {
	if !v.IsKnown() || v.IsNull() || v.IsMarked() {
		return nil
	}
	ty := v.Type()
	switch {
	case ty == cty.String && len(v.AsString()) > MaxText:
		return errText
	case !moderate(v):
		return errNumber
	case (ty.IsCollectionType() || ty.IsTupleType() || ty.IsObjectType()) && v.LengthInt() > MaxElements:
		return errElements
	}
	return nil
}

// moderate reports whether v, if it is a number, can be printed and calculated
// with in no time.
func moderate(v cty.Value) bool {
	if v.Type() != cty.Number || !v.IsKnown() || v.IsNull() || v.IsMarked() {
		return true
	}
	f := v.AsBigFloat()
	exponent := f.MantExp(nil)
	return !f.IsInf() && exponent <= maxExponent && exponent >= -maxExponent
}

// text is the string in args[i], or "" where there is none to be had.
func text(args []cty.Value, i int) string {
	if i >= len(args) || args[i].IsMarked() || args[i].Type() != cty.String || !args[i].IsKnown() || args[i].IsNull() {
		return ""
	}
	return args[i].AsString()
}

// length is the number of elements in v, or 0 where there are none.
func length(v cty.Value) int {
	if v.IsMarked() || !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return 0
	}
	return v.LengthInt()
}
