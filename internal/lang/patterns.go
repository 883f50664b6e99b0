package lang

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// maxSearch bounds the product of a pattern's and a text's length, which is what
// the time of a search is proportional to.
const maxSearch = 32 << 20

func patternFunctions() map[string]function.Function {
	return map[string]function.Function{
		"regex":    bounded(stdlib.RegexFunc, searchable),
		"regexall": bounded(stdlib.RegexAllFunc, searchable),
		"replace":  replace,
	}
}

// searchable says what is wrong with a pattern without repeating it: it can be
// the text of a file.
func searchable(args []cty.Value) error {
	if err := quickSearch(args); err != nil {
		return err
	}
	_, err := syntax.Parse(text(args, 0), syntax.Perl)
	var wrong *syntax.Error
	if errors.As(err, &wrong) {
		return function.NewArgErrorf(0, "the pattern is not a valid regular expression: %s", wrong.Code)
	}
	return nil
}

func quickSearch(args []cty.Value) error {
	pattern, s := text(args, 0), text(args, 1)
	if len(pattern) > 10_000 || int64(len(pattern))*int64(len(s)) > maxSearch {
		return errors.New("the pattern or the text is too long to search")
	}
	return nil
}

// replace is Terraform's: a substr between slashes is a regular expression, for
// which the replacement may use $1 and ${name}.
var replace = function.New(&function.Spec{
	Description: "Replaces every substr, or every match of a /pattern/, in str.",
	Params: []function.Parameter{
		{Name: "str", Type: cty.String},
		{Name: "substr", Type: cty.String},
		{Name: "replace", Type: cty.String},
	},
	Type: function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		s, substr, by := args[0].AsString(), args[1].AsString(), args[2].AsString()
		if len(substr) > 1 && substr[0] == '/' && substr[len(substr)-1] == '/' {
			return replacePattern(s, substr[1:len(substr)-1], by)
		}
		if n := int64(strings.Count(s, substr)); int64(len(s))+n*int64(len(by)-len(substr)) > MaxText {
			return cty.NilVal, errText
		}
		return cty.StringVal(strings.ReplaceAll(s, substr, by)), nil
	},
})

func replacePattern(s, pattern, by string) (cty.Value, error) {
	if err := quickSearch([]cty.Value{cty.StringVal(pattern), cty.StringVal(s)}); err != nil {
		return cty.NilVal, err
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return cty.NilVal, function.NewArgErrorf(1, "the pattern is not a valid regular expression")
	}
	matches := re.FindAllStringSubmatchIndex(s, MaxElements+1)
	if len(matches) > MaxElements {
		return cty.NilVal, errElements
	}
	var out []byte
	done := 0
	for _, m := range matches {
		out = append(out, s[done:m[0]]...)
		if out = re.ExpandString(out, by, s, m); len(out) > MaxText {
			return cty.NilVal, errText
		}
		done = m[1]
	}
	out = append(out, s[done:]...)
	if len(out) > MaxText {
		return cty.NilVal, errText
	}
	return cty.StringVal(string(out)), nil
}
