package lang

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/gdfctl/gdfctl/internal/table"
)

// file(path) is the text of a file in the configuration's directory, at most
// MaxText bytes of UTF-8. A byte order mark is dropped.
func fileFunction(root *os.Root) function.Function {
	return function.New(&function.Spec{
		Description: "The text of a file in the configuration directory.",
		Params:      []function.Parameter{{Name: "path", Type: cty.String}},
		Type:        function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if root == nil {
				return cty.NilVal, errors.New("file can't be used here")
			}
			content, err := readText(root, args[0].AsString())
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return cty.StringVal(content), nil
		},
	})
}

func readText(root *os.Root, name string) (string, error) {
	f, err := table.Open(root, name)
	var told *table.Error
	if errors.As(err, &told) {
		// quoted, so that it can be told from the words around it, see scrub.go
		return "", fmt.Errorf("%q: %w", told.File, told.Err)
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, MaxText+1))
	if err != nil {
		return "", errors.New("the file can't be read")
	}
	if len(content) > MaxText {
		return "", fmt.Errorf("the file has more than %d bytes; read tables with csv or jsonl, which have no limit", MaxText)
	}
	if !utf8.Valid(content) {
		return "", errors.New("the file is not UTF-8: save it as UTF-8")
	}
	return strings.TrimPrefix(string(content), "\ufeff"), nil
}
