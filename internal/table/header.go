package table

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Header is the first record of a CSV file: the names of its columns, without
// outer space. Columns without a name are kept in their place and can't be
// asked for.
type Header struct {
	Names []string

	index map[string]int
}

// Index is the position of the column called name, compared to the letter.
func (h *Header) Index(name string) (int, bool) {
	i, ok := h.index[name]
	return i, ok
}

// newHeader copies the names out of the record, which its reader uses again.
func newHeader(record []string) (*Header, error) {
	h := &Header{Names: make([]string, len(record)), index: make(map[string]int, len(record))}
	var twice []string
	for i, cell := range record {
		if strings.Contains(strings.TrimSpace(cell), "\r") {
			return nil, errors.New("the header holds a carriage return without a line feed: its lines end as on an old Mac; save the file with LF or CRLF")
		}
		// Normalised as HCL normalises the names that expressions ask for.
		name := strings.Clone(cty.NormalizeString(strings.TrimSpace(cell)))
		h.Names[i] = name
		if name == "" {
			continue
		}
		if _, there := h.index[name]; there {
			twice = append(twice, strconv.Quote(safetext.Line(name)))
			continue
		}
		h.index[name] = i
	}
	if len(twice) > 0 {
		return nil, fmt.Errorf("the header names %s more than once: rename or remove the further ones, so that it is plain which one is meant", strings.Join(twice, ", "))
	}
	return h, nil
}
