package config

import (
	"errors"
	"iter"
	"path"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/table"
)

// quotedIn is a word for a message about an expression: as it stands in the
// expression, or hidden, because it was computed, and could be of a file.
func quotedIn(expr hcl.Expression, word string) string {
	if expr != nil && lang.Written(expr, word) {
		return strconv.Quote(word)
	}
	return `"…"`
}

// readsFile reports whether the text of a file is in an expression's value, by
// itself or by the variables and locals that it names.
func (l *loader) readsFile(expr hcl.Expression) bool {
	for _, t := range expr.Variables() {
		if l.fromFiles[t.RootName()+"."+stepName(t)] {
			return true
		}
	}
	found := false
	if syntax, ok := expr.(hclsyntax.Expression); ok {
		_ = hclsyntax.VisitAll(syntax, func(node hclsyntax.Node) hcl.Diagnostics {
			call, ok := node.(*hclsyntax.FunctionCallExpr)
			found = found || ok && call.Name == "file"
			return nil
		})
	}
	return found
}

// noteFile remembers that a variable or local holds the text of a file.
func (l *loader) noteFile(name string, expr hcl.Expression) {
	if l.readsFile(expr) {
		if l.fromFiles == nil {
			l.fromFiles = map[string]bool{}
		}
		l.fromFiles[name] = true
	}
}

// nameless reads a table whose path was read from a file: what is said of the
// path as a whole doesn't repeat it.
func nameless(rows iter.Seq2[table.Row, error], path string) iter.Seq2[table.Row, error] {
	return func(yield func(table.Row, error) bool) {
		for row, err := range rows {
			var e *table.Error
			if errors.As(err, &e) {
				if hidden := withoutPath(e, path); hidden != e {
					row.File, err = "", hidden
				}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// withoutPath is an error that doesn't name the path, nor a folder on it.
func withoutPath(e *table.Error, name string) *table.Error {
	if clean := path.Clean(name); e.File != name && e.File != clean && !strings.HasPrefix(clean, e.File+"/") {
		return e
	}
	hidden := *e
	hidden.File = "a path that was read from a file"
	return &hidden
}
