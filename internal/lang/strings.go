package lang

import (
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func stringFunctions() map[string]function.Function {
	return map[string]function.Function{
		"chomp":       bounded(stdlib.ChompFunc, nil),
		"endswith":    predicate("suffix", strings.HasSuffix),
		"format":      bounded(stdlib.FormatFunc, shortFormat),
		"formatlist":  bounded(stdlib.FormatListFunc, shortFormat),
		"indent":      bounded(stdlib.IndentFunc, shortIndent),
		"join":        bounded(stdlib.JoinFunc, shortJoin),
		"lower":       bounded(stdlib.LowerFunc, nil),
		"split":       bounded(stdlib.SplitFunc, fewParts),
		"startswith":  predicate("prefix", strings.HasPrefix),
		"strcontains": predicate("substr", strings.Contains),
		"strlen":      bounded(stdlib.StrlenFunc, nil),
		"strrev":      bounded(stdlib.ReverseFunc, nil),
		"substr":      bounded(stdlib.SubstrFunc, nil),
		"title":       bounded(stdlib.TitleFunc, nil),
		"trim":        bounded(stdlib.TrimFunc, nil),
		"trimprefix":  bounded(stdlib.TrimPrefixFunc, nil),
		"trimspace":   bounded(stdlib.TrimSpaceFunc, nil),
		"trimsuffix":  bounded(stdlib.TrimSuffixFunc, nil),
		"upper":       bounded(stdlib.UpperFunc, nil),
	}
}

// predicate is a function of two strings that answers yes or no.
func predicate(second string, holds func(s, t string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "str", Type: cty.String}, {Name: second, Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(holds(args[0].AsString(), args[1].AsString())), nil
		},
	})
}

// shortFormat adds up what a format could make: the widths and precisions that
// it names, and its longest argument for every verb.
func shortFormat(args []cty.Value) error {
	if err := light(args); err != nil {
		return err
	}
	const longestNumber = 400 // digits, see maxExponent
	format, longest := text(args, 0), longestNumber
	for i := 1; i < len(args); i++ {
		longest = max(longest, textSize(args[i]))
		if numericVerb.MatchString(format) && !moderateOperands(args[i]) {
			return function.NewArgError(i, errNumber)
		}
	}
	total := len(format)
	for i := 0; i < len(format) && total <= MaxText; i++ {
		if format[i] != '%' {
			continue
		}
		total += longest
		n := 0
		for i++; i < len(format) && strings.IndexByte("0123456789. +-#[]", format[i]) >= 0; i++ {
			if d := format[i]; d < '0' || d > '9' {
				n = 0
				continue
			}
			if n = n*10 + int(format[i]-'0'); n > MaxText {
				return errText
			}
			total += n
		}
	}
	if total > MaxText {
		return errText
	}
	return nil
}

// numericVerb finds the verbs that take text for a number where it is one.
var numericVerb = regexp.MustCompile(`%[^a-zA-Z]*[bdoxXeEfgG]`)

// moderateOperands reports whether v, or every element of it, can be taken for a
// number if it is one.
func moderateOperands(v cty.Value) bool {
	if !v.IsMarked() && v.IsKnown() && !v.IsNull() && v.CanIterateElements() {
		for it := v.ElementIterator(); it.Next(); {
			if _, element := it.Element(); !moderateOperands(element) {
				return false
			}
		}
		return true
	}
	_, err := asOperand(v)
	return err == nil
}

// textSize is about the most text that a value of any type is printed as.
func textSize(v cty.Value) int {
	if v.IsMarked() || !v.IsKnown() || v.IsNull() {
		return 0
	}
	if v.Type() == cty.String {
		return len(v.AsString())
	}
	size := 0
	if v.CanIterateElements() {
		for it := v.ElementIterator(); it.Next(); {
			key, element := it.Element()
			size += textSize(key) + textSize(element) + 8
		}
	}
	return size
}

func shortIndent(args []cty.Value) error {
	n, ok := wholeNumber(args[0])
	lines := strings.Count(text(args, 1), "\n")
	switch {
	case ok && n < 0:
		return function.NewArgErrorf(0, "must not be negative")
	case !ok || n > MaxText || int64(n)*int64(lines)+int64(len(text(args, 1))) > MaxText:
		return errText
	}
	return nil
}

func shortJoin(args []cty.Value) error {
	total := 0
	for _, list := range args[1:] {
		separators := int64(length(list)) * int64(len(text(args, 0)))
		if separators > MaxText-int64(total) {
			return errText
		}
		total += int(separators)
	}
	for _, list := range args[1:] {
		if total += textSize(list) - 8*length(list); total > MaxText {
			return errText
		}
	}
	return nil
}

func fewParts(args []cty.Value) error {
	sep, s := text(args, 0), text(args, 1)
	if strings.Count(s, sep) > MaxElements {
		return errElements
	}
	return nil
}

// wholeNumber is v as an int, where it is one.
func wholeNumber(v cty.Value) (int, bool) {
	if v.IsMarked() || v.Type() != cty.Number || !v.IsKnown() || v.IsNull() {
		return 0, false
	}
	n, accuracy := v.AsBigFloat().Int64()
	return int(n), accuracy == 0
}
