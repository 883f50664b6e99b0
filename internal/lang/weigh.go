package lang

import (
	"errors"

	"github.com/zclconf/go-cty/cty"
)

var errWeight = errors.New("the value is too large")

// weigh takes the size of v, one for each value in it and one for every 64 bytes
// of text, off what is left. It stops as soon as nothing is left: values that
// hold one part many times are larger than the memory they take, and everything
// that walks through them pays the full price.
func weigh(v cty.Value, left *int) error {
	if *left--; *left < 0 {
		return errWeight
	}
	if v.IsMarked() {
		v, _ = v.Unmark()
	}
	if !v.IsKnown() || v.IsNull() {
		return nil
	}
	ty := v.Type()
	switch {
	case ty == cty.String:
		n := len(v.AsString())
		if n > MaxText {
			return errText
		}
		*left -= n / 64
	case ty == cty.Number:
		if !moderate(v) {
			return errNumber
		}
	case v.CanIterateElements():
		for it := v.ElementIterator(); it.Next(); {
			key, element := it.Element()
			if key.Type() == cty.String {
				*left -= len(key.AsString()) / 64
			}
			if err := weigh(element, left); err != nil {
				return err
			}
		}
	}
	return nil
}

// light is an error if the arguments together are more than a function that
// walks through all of them should be given.
func light(args []cty.Value) error {
	left := 2 * MaxElements
	for _, a := range args {
		if err := weigh(a, &left); err != nil {
			return err
		}
	}
	return nil
}
