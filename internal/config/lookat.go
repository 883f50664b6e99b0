package config

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/preset"
	"github.com/gdfctl/gdfctl/internal/table"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Export is what a file shows of itself.
type Export struct {
	Preset     *preset.Preset
	Rows       int
	Damaged    int // rows with another number of cells than the header
	HeaderLine int
	Delimiter  string
	Encoding   string
	Columns    int
	Buyers     []string // columns that identify buyers, by their names or by what is in them

	Voiding    []string // columns that may say which labels are void, and that the preset does not know
	DateColumn string   // of the ship date; "": none is known

	Told  bool   // Encoding has to be written in csv(): the file does not say it
	Dates *Dates // nil: the preset reads them

	StoreColumn  string // "": there is none
	Stores       []Store
	StoresHidden string // why they are not shown
}

// Store is a name in the column of stores.
type Store struct {
	Name string
	Rows int
}

// LookAt reads an export from its first line to its last. name is the preset to use, or
// empty to recognize it by its header. What is not UTF-8 is read as programs for Windows
// write it.
func LookAt(root *os.Root, file, name string) (*Export, error) {
	var chosen *preset.Preset
	if name != "" {
		if chosen = preset.Named(name); chosen == nil {
			return nil, fmt.Errorf("there is no preset %q. There are: %s", name, strings.Join(preset.Names(), ", "))
		}
	}
	e, err := lookAt(root, file, chosen, table.EncodingByMark)
	if errors.Is(err, table.ErrNotUTF8) {
		if other, failed := lookAt(root, file, chosen, table.Windows1252); failed == nil {
			other.Told = true
			return other, nil
		}
	}
	return e, err
}

func lookAt(root *os.Root, file string, chosen *preset.Preset, encoding table.Encoding) (*Export, error) {
	o := table.CSVOptions{Headers: preset.Recognizers(), Encoding: encoding}
	if chosen != nil {
		(&usedPreset{Preset: chosen}).options(&o)
	}
	l := looking{export: &Export{Preset: chosen}, file: file, stores: map[string]int{}}
	for row, err := range table.CSV(root, file, o) {
		if err == nil {
			err = l.row(row)
		}
		if err != nil {
			return nil, err
		}
	}
	if l.buyers == nil {
		return nil, fmt.Errorf("%s has no rows below a header: nothing shows whose export it is", file)
	}
	l.end()
	return l.export, nil
}

type looking struct {
	export *Export
	file   string
	names  []string // of the header
	store  int      // the place of the column, -1 if there is none
	stores map[string]int
	dates  dateOrder
	buyers *buyerScan // nil before the first row
}

func (l *looking) row(row table.Row) error {
	if l.buyers == nil {
		if err := l.header(row.Header); err != nil {
			return err
		}
	}
	l.export.Rows++
	if row.Err != nil {
		l.export.Damaged++
		return nil
	}
	l.buyers.row(row)
	if l.dates.column >= 0 {
		l.dates.look(row.Cells[l.dates.column])
	}
	if l.store >= 0 && row.Cells[l.store] != "" && len(l.stores) <= mostStores {
		l.stores[strings.Clone(row.Cells[l.store])]++
	}
	return nil
}

// header decides which preset it is.
func (l *looking) header(h *table.Header) error {
	e := l.export
	if e.Preset == nil {
		fit := preset.Fitting(h.Names)
		switch len(fit) {
		case 0:
			return l.unknown(h)
		case 1:
			e.Preset = fit[0]
		default:
			var choices []string
			for _, p := range fit {
				choices = append(choices, "--preset "+p.Name)
			}
			return fmt.Errorf("%s fits several presets. Choose the program that wrote it: %s", l.file, strings.Join(choices, " or "))
		}
	} else if missing := e.Preset.Missing(h.Names); len(missing) > 0 {
		return fmt.Errorf("%s does not fit the preset %q: it has no %s. %s", l.file, e.Preset.Name, columnsNamed(missing), otherColumns(missing[0], h.Names))
	}
	e.HeaderLine, e.Delimiter, e.Encoding, e.Columns = h.Line, h.Delimiter, string(h.Encoding), len(h.Names)
	l.buyers = newBuyerScan(h)
	l.dates = dateOrder{column: -1, monthFirst: e.Preset.MonthFirst}
	if at := e.Preset.Find(h.Names)[e.Preset.Date]; len(at) > 0 {
		l.dates.column, e.DateColumn = at[0], h.Names[at[0]]
	}
	e.Voiding = e.Preset.Voiding(h.Names)
	l.names, l.store = h.Names, -1
	for i, name := range h.Names {
		if l.store < 0 && slices.ContainsFunc(storeNames(e.Preset), func(s string) bool { return strings.EqualFold(s, name) }) {
			l.store, e.StoreColumn = i, name
		}
	}
	return nil
}

// unknown is the error for a header that no preset fits.
func (l *looking) unknown(h *table.Header) error {
	closest, missing := preset.Closest(h.Names)
	if closest == nil {
		return fmt.Errorf("%s fits no preset. %s\nIf the names of the columns are on a later line or differ, write a batch by hand: docs/exports.md shows how", l.file, otherColumns("Order Number", h.Names))
	}
	return fmt.Errorf("%s fits no preset. The closest is %q, but it has no %s. %s\nExport that column too, or write a batch by hand: docs/exports.md shows how",
		l.file, closest.Name, columnsNamed(missing), otherColumns(missing[0], h.Names))
}

func columnsNamed(names []string) string {
	if len(names) == 1 {
		return "column " + strconv.Quote(names[0])
	}
	return "columns " + quotedList(names)
}

// storeNames are what the column with the store of an order is called.
func storeNames(p *preset.Preset) []string {
	names := []string{}
	if p.Store != "" {
		names = append(names, p.Store)
	}
	return append(names, "Store", "Store Name", "Shop", "Marketplace", "Sales Channel", "Channel", "Source")
}

// mostStores is how many names a column of stores has at most.
const mostStores = 50

func (l *looking) end() {
	e := l.export
	if l.dates.column >= 0 {
		e.Dates = l.dates.dates(l.names[l.dates.column])
	}
	e.Buyers = append(l.buyers.named(), l.buyers.found()...)
	switch {
	case e.StoreColumn == "":
	case slices.Contains(e.Buyers, e.StoreColumn):
		e.StoresHidden = "it identifies buyers"
	case len(l.stores) > mostStores:
		e.StoresHidden = "it has more than " + words.Count(mostStores, "name", "names")
	default:
		for name, rows := range l.stores {
			e.Stores = append(e.Stores, Store{name, rows})
		}
		slices.SortFunc(e.Stores, func(a, b Store) int { return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Name, b.Name)) })
	}
}

// isCarrier reports whether a text is the name of a carrier or of its service.
func isCarrier(text string) bool {
	_, known := carrier.Find(text)
	return known
}
