package lang

import (
	"crypto/md5"  //nolint:gosec // Terraform's function of that name
	"crypto/sha1" //nolint:gosec // Terraform's function of that name
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"net/url"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func encodingFunctions() map[string]function.Function {
	return map[string]function.Function{
		"base64decode": bounded(textFunction(decodeBase64), nil),
		"base64encode": bounded(textFunction(func(s string) (string, error) {
			return base64.StdEncoding.EncodeToString([]byte(s)), nil
		}), nil),
		"base64sha256": digest(sha256.New, base64.StdEncoding.EncodeToString),
		"base64sha512": digest(sha512.New, base64.StdEncoding.EncodeToString),
		"csvdecode":    bounded(stdlib.CSVDecodeFunc, fewLines),
		"jsondecode":   bounded(stdlib.JSONDecodeFunc, flatJSON),
		"jsonencode":   bounded(stdlib.JSONEncodeFunc, light),
		"md5":          digest(md5.New, hex.EncodeToString),
		"sha1":         digest(sha1.New, hex.EncodeToString),
		"sha256":       digest(sha256.New, hex.EncodeToString),
		"sha512":       digest(sha512.New, hex.EncodeToString),
		"urlencode":    bounded(textFunction(func(s string) (string, error) { return url.QueryEscape(s), nil }), nil),
	}
}

// textFunction is a function from text to text.
func textFunction(f func(string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "str", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s, err := f(args[0].AsString())
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return cty.StringVal(s), nil
		},
	})
}

func decodeBase64(s string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", errors.New("the string is not valid base64")
	}
	if !utf8.Valid(b) {
		return "", errors.New("the decoded data is not UTF-8 text")
	}
	return string(b), nil
}

func digest(h func() hash.Hash, encode func([]byte) string) function.Function {
	return textFunction(func(s string) (string, error) {
		sum := h()
		sum.Write([]byte(s))
		return encode(sum.Sum(nil)), nil
	})
}

// fewLines bounds the cells that csvdecode would make.
func fewLines(args []cty.Value) error {
	cells := 0
	for _, b := range []byte(text(args, 0)) {
		if b == ',' || b == '\n' {
			cells++
		}
	}
	if cells > 4*MaxElements {
		return errors.New("the table has too many cells; read it with rows = csv(path), which has no limit")
	}
	return nil
}

// flatJSON refuses text that is nested so deeply that the decoder's recursion
// would end the program.
func flatJSON(args []cty.Value) error {
	depth, quoted, escaped := 0, false, false
	for _, b := range []byte(text(args, 0)) {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped = b == '\\'
			quoted = b != '"'
		case b == '"':
			quoted = true
		case b == '[' || b == '{':
			if depth++; depth > MaxNesting {
				return function.NewArgErrorf(0, "the JSON is nested more than %d levels deep", MaxNesting)
			}
		case b == ']' || b == '}':
			depth--
		}
	}
	return nil
}
