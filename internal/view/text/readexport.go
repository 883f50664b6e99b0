package text

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// delimiterNames are how delimiters are called.
var delimiterNames = map[string]string{",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

// ReadExport shows how an export was read, and what was written for it.
func ReadExport(w io.Writer, s Style, r *report.ReadExport) error {
	if e := r.Export; e != nil {
		exportLook(w, s, r, e)
	}
	if err := readRows(w, s, r); err != nil {
		return err
	}
	if r.Counts != nil && r.Batch != nil {
		fmt.Fprintf(w, "%s: %s.\n", *r.Batch, r.Counts)
	}
	if r.Export != nil {
		if err := exportStores(w, s, r); err != nil {
			return err
		}
	}
	if c := r.Copy; c != nil {
		fmt.Fprintln(w, s.wrappedParts("", slices.Concat(
			strings.Fields(fmt.Sprintf("Copied %s with %s to", words.Count(c.Rows, "row", "rows"), words.Count(len(c.Columns), "column", "columns"))),
			[]string{safetext.Line(c.File) + ":"}, quotedNames(c.Columns, "."), strings.Fields("Dropped: "+words.Count(c.Dropped, "column", "columns")+"."))))
		if c.LeftOut > 0 {
			lines := make([]string, len(c.Lines))
			for i, line := range c.Lines {
				lines[i] = fmt.Sprint(line)
			}
			if c.LeftOut > len(lines) {
				lines = append(lines, "…")
			}
			Sentence(w, s, fmt.Sprintf("Not copied: %s with a wrong number of cells, on %s %s. If one of them is an order and not a footer, correct it in the export.",
				words.Count(c.LeftOut, "row", "rows"), words.Noun(c.LeftOut, "line", "lines"), strings.Join(lines, ", ")))
		}
	}
	return nil
}

func exportLook(w io.Writer, s Style, r *report.ReadExport, e *report.ExportLook) {
	fmt.Fprintf(w, "%s: %s, preset %s\n", safetext.Line(r.File), e.Title, s.bold(e.Preset))
	delimiter := delimiterNames[e.Delimiter]
	if delimiter == "" {
		delimiter = safetext.Line(e.Delimiter)
	}
	fmt.Fprintf(w, "%s, %s, divided by %s, header on line %d, %s\n", words.Count(e.Rows, "row", "rows"), words.Count(e.Columns, "column", "columns"), delimiter, e.HeaderLine, e.Encoding)
	if e.Damaged > 0 {
		fmt.Fprintf(w, "%s a different number of cells than the header: footers, or damaged rows\n", words.Count(e.Damaged, "row has", "rows have"))
	}
	if len(e.Buyers) > 0 {
		fmt.Fprintln(w, s.wrappedParts("", append(strings.Fields("Columns that identify buyers:"), quotedNames(e.Buyers, "")...)))
	}
	fmt.Fprintln(w)
}

// quotedNames are names from a file: the first ones, and how many more there are. Each
// stays whole where lines are wrapped.
func quotedNames(names []string, end string) []string {
	const most = 12
	return report.Sequence(safetext.Quoted(names, most), ",", end)
}

func readRows(w io.Writer, s Style, r *report.ReadExport) error {
	for _, row := range r.Rows {
		var lines [][]string
		for _, c := range row.Cells {
			value := ""
			if c.Value != nil {
				value = *c.Value
			}
			lines = append(lines, []string{c.Attribute, c.Column, c.Cell, value})
		}
		fmt.Fprintf(w, "Line %d of %s is read as:\n", row.Line, safetext.Line(r.Table))
		if err := writeTable(w, s, []column{{title: "ATTRIBUTE"}, {title: "COLUMN"}, {title: "CELL"}, {title: "BECOMES"}}, lines); err != nil {
			return err
		}
		if row.Problem != nil {
			fmt.Fprintf(w, "It can't be used: %s\n", safetext.Line(*row.Problem))
		}
		fmt.Fprintln(w)
	}
	return nil
}

func exportStores(w io.Writer, s Style, r *report.ReadExport) error {
	e := r.Export
	switch {
	case e.StoreColumn == nil:
	case e.StoresHidden != nil:
		fmt.Fprintf(w, "\nThe column %q is not shown as stores: %s.\n", safetext.Line(*e.StoreColumn), *e.StoresHidden)
	default:
		var lines [][]string
		for _, store := range e.Stores {
			source := ""
			if store.Source != nil {
				source = *store.Source
			}
			lines = append(lines, []string{store.Name, words.Number(store.Rows), source})
		}
		fmt.Fprintf(w, "\nStores, in the column %q:\n", safetext.Line(*e.StoreColumn))
		if err := writeTable(w, s, []column{{title: "STORE"}, {title: "ROWS", right: true}, {title: "SOURCE"}}, lines); err != nil {
			return err
		}
	}
	if r.NoSources != nil {
		Sentence(w, s, fmt.Sprintf("The marketplaces of live orders are not known: %s. `gdfctl orders list` shows them in the column SOURCE.", safetext.Line(*r.NoSources)))
	} else {
		Sentence(w, s, fmt.Sprintf("Marketplaces of the newest live orders: %s.", strings.Join(r.Sources, ", ")))
	}
	fmt.Fprintln(w)
	return nil
}
