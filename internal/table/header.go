package table

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Header is the first record of a CSV file: the names of its columns, cleaned.
// Columns without a name are kept in their place and can't be asked for.
type Header struct {
	Names []string

	Line      int      // of the file that it is; 0: none, the options give it
	Delimiter string   // of its file
	Encoding  Encoding // likewise

	index map[string]int
	twice map[string]bool
	named int // columns up to the last one that has a name
}

// Index is the position of the first column called name, compared exactly.
func (h *Header) Index(name string) (int, bool) {
	i, ok := h.index[name]
	return i, ok
}

// Twice reports whether several columns are called name: it is unclear which
// of them to read.
func (h *Header) Twice(name string) bool { return h.twice[name] }

// Repeated are the names that several columns have, in the order of the header.
func (h *Header) Repeated() []string {
	var names []string
	for i, name := range h.Names {
		if h.twice[name] && h.index[name] == i {
			names = append(names, name)
		}
	}
	return names
}

// rename lets columns also be asked for by further names.
func (h *Header) rename(names map[string][]int) {
	for name, columns := range names {
		if len(columns) == 0 {
			continue
		}
		h.index[name] = columns[0]
		delete(h.twice, name)
		if len(columns) > 1 {
			h.markTwice(name)
		}
	}
}

func (h *Header) markTwice(name string) {
	if h.twice == nil {
		h.twice = map[string]bool{}
	}
	h.twice[name] = true
}

// fits reports whether a record of so many cells goes with the header. Columns
// without a name at its end may be left out.
func (h *Header) fits(cells int) bool { return cells >= h.named && cells <= len(h.Names) }

// newHeader copies the names out of the record, which its reader uses again.
func newHeader(record []string) *Header {
	h := &Header{Names: make([]string, len(record)), index: make(map[string]int, len(record))}
	for i, cell := range record {
		// Normalized as HCL normalizes the names that expressions ask for.
		name := strings.Clone(cty.NormalizeString(Clean(cell)))
		h.Names[i] = name
		if name == "" {
			continue
		}
		h.named = i + 1
		if _, there := h.index[name]; !there {
			h.index[name] = i
			continue
		}
		h.markTwice(name)
	}
	return h
}
