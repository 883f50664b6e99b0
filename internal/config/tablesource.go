package config

import (
	"fmt"
	"iter"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gdfctl/gdfctl/internal/table"
)

// tableSource is what the `rows` of a batch names.
type tableSource struct {
	at   hcl.Range
	read func(*table.CSVOptions) iter.Seq2[table.Row, error]
	csv  table.CSVOptions

	cfg      *Config // that looks for buyers in it; nil: nobody does
	isCSV    bool    // and not another kind of table
	fromFile bool    // the path was read from a file: nothing repeats it
	path     string
	found    func() bool // whether there is any file; nil for a list
}

// rows opens the table. keys are columns that hold something in every row, and
// reads is asked of a header without rows, and warn is told of what may be wrong.
func (s *tableSource) rows(keys []string, reads func(*table.Header) bool, warn func(*table.Error)) iter.Seq2[table.Row, error] {
	o := s.csv
	o.Keys, o.Reads, o.Warn = keys, reads, warn
	if !s.fromFile {
		return s.lookedAt(s.read(&o))
	}
	o.Warn = func(e *table.Error) { warn(withoutPath(e, s.path)) }
	return nameless(s.lookedAt(s.read(&o)), s.path)
}

// tableSource reads `rows`: csv() and jsonl() become streams, anything else is
// a list of objects.
func (l *loader) tableSource(batch *batchBlock, attr *hcl.Attribute) hcl.Diagnostics {
	batch.source.at = attr.Expr.Range()
	s := l.scope("var", "local")
	call, ok := attr.Expr.(*hclsyntax.FunctionCallExpr)
	if batch.preset != nil && !(ok && call.Name == "csv") {
		return errorAt(attr.Expr.Range(), "A preset needs csv()", fmt.Sprintf("Preset %q reads a CSV file: write rows = csv(%q), with the folder of your exports.", batch.preset.Name, "exports/"+batch.preset.Files))
	}
	if ok && (call.Name == "csv" || call.Name == "jsonl") {
		diags := l.tableCall(&batch.source, call, s)
		if batch.preset != nil {
			batch.preset.options(&batch.source.csv)
		}
		return diags
	}
	v, diags := s.value(attr.Expr)
	if diags.HasErrors() {
		return diags
	}
	rows, ok := objectRows(v, attr.Expr.Range())
	if !ok {
		return append(diags, errorAt(attr.Expr.Range(), "rows is not a table", `Write csv("path/*.csv"), jsonl("path.jsonl"), or a list of objects.`)...)
	}
	batch.source.read = func(*table.CSVOptions) iter.Seq2[table.Row, error] { return rows }
	return diags
}

func (l *loader) tableCall(source *tableSource, call *hclsyntax.FunctionCallExpr, s scope) hcl.Diagnostics {
	most := map[string]int{"csv": 2, "jsonl": 1}[call.Name]
	if len(call.Args) < 1 || len(call.Args) > most || call.ExpandFinal {
		return errorAt(call.Range(), "Wrong arguments of "+call.Name+"()", map[string]string{
			"csv": `Write csv("path/*.csv"), or csv("path", { delimiter = ";" }).`, "jsonl": `Write jsonl("path/*.jsonl").`,
		}[call.Name])
	}
	path, diags := s.text(&hcl.Attribute{Name: "The path", Expr: call.Args[0]})
	if diags.HasErrors() {
		return diags
	}
	root := l.cfg.root
	source.cfg = l.cfg
	source.path, source.fromFile = path, l.readsFile(call.Args[0])
	source.found = func() bool {
		names, err := table.Files(root, path)
		return err == nil && len(names) > 0
	}
	if call.Name == "jsonl" {
		source.read = func(o *table.CSVOptions) iter.Seq2[table.Row, error] { return table.JSONL(root, path, o.Warn) }
		return diags
	}
	source.isCSV = true
	if len(call.Args) == 2 {
		v, more := s.value(call.Args[1])
		diags = append(diags, more...)
		if !more.HasErrors() {
			source.csv, more = csvOptions(v, call.Args[1])
			diags = append(diags, more...)
		}
	}
	source.read = func(o *table.CSVOptions) iter.Seq2[table.Row, error] { return table.CSV(root, path, *o) }
	return diags
}
