package spec

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Diagnostics reports what is wrong with single rows as diagnostics, for a check
// that is not followed by a plan. A plan holds such orders back instead. What is
// wrong with many rows of a batch in the same way is reported once.
func (w *Wishes) Diagnostics() diag.List {
	faults := map[rowFault]*faultyRows{}
	for _, wish := range slices.Concat(w.Orders, w.badToo) {
		kind := rowFault{origin: wish.Origin.String()}
		at := wish.Place
		switch {
		case wish.Problem != nil:
			kind.code, kind.message = wish.Problem.Code, wish.Problem.Message
			if wish.Problem.Suggestion != "" {
				kind.message += "; " + wish.Problem.Suggestion
			}
			at = wish.Problem.Place
		case wish.DateOnly:
			kind.code = dateOnly
		default:
			continue
		}
		rows := faults[kind]
		if rows == nil {
			rows = &faultyRows{rowFault: kind, first: wish, at: at}
			faults[kind] = rows
		}
		rows.add(wish, at)
	}
	var diags diag.List
	for rows := range maps.Values(faults) {
		diags = append(diags, rows.diagnostic())
	}
	for _, wish := range slices.Concat(w.Orders, w.Dropped) {
		diags = append(diags, wish.noteDiagnostics()...)
	}
	for _, s := range w.Standing {
		diags = append(diags, s.diagnostics()...)
	}
	diags = append(diags, w.newDiagnostics()...)
	slices.SortFunc(diags, func(a, b *diag.Diagnostic) int {
		return cmp.Or(diag.Compare(a, b), cmp.Compare(a.Detail, b.Detail))
	})
	return diag.Limited(diags)
}

// dateOnly stands for a code where a ship date has no time.
const dateOnly = "SHIP02"

// rowFault is what is wrong with some rows of one block.
type rowFault struct{ origin, code, message string }

// faultyRows are those rows.
type faultyRows struct {
	rowFault
	count  int
	first  *Wish
	at     Place          // of the first
	values map[string]int // that were looked up and not found, with how many rows have each
	rare   int            // values beyond mostValues
}

// mostValues is how many different values are counted one by one.
const mostValues = 1000

func (f *faultyRows) add(wish *Wish, at Place) {
	f.count++
	if at.before(f.at) {
		f.first, f.at = wish, at
	}
	if wish.Problem == nil || wish.Problem.Missing == "" {
		return
	}
	if f.values == nil {
		f.values = map[string]int{}
	}
	if _, known := f.values[wish.Problem.Missing]; !known && len(f.values) == mostValues {
		f.rare++
		return
	}
	f.values[wish.Problem.Missing]++
}

func (f *faultyRows) diagnostic() *diag.Diagnostic {
	who, rows := f.first.Address()+": ", "A row"
	if f.count > 1 {
		who, rows = f.origin+": ", fmt.Sprintf("%d rows", f.count)
	}
	if f.code == dateOnly {
		becomes := "it becomes midnight, which can fall before the order"
		if f.count > 1 {
			becomes = "in " + rows + ", the first here, " + becomes
		}
		return f.at.Warning("SHIP02: a ship date without a time", who+becomes+". Write the time too.")
	}
	message := f.message + "."
	if f.count > 1 {
		message += fmt.Sprintf(" The first is here.%s plan holds their orders back.", f.missingValues())
	} else {
		message += " plan holds this order back."
	}
	return f.at.Error(f.summary(rows), who+message)
}

func (f *faultyRows) summary(rows string) string {
	switch f.code {
	case SplitShipment:
		return "An order in several parcels"
	case ConflictCode:
		return "Two different wishes for one order"
	case GroupDiffers:
		return "An order whose rows differ"
	case BadRow:
		return rows + " that can't be used"
	}
	return "An order that is held back"
}

// missingValues lists what was looked up in vain, the most frequent first. A value
// that stands in one row only is counted and not shown: it may be a buyer's, in a
// table whose columns have moved.
func (f *faultyRows) missingValues() string {
	if len(f.values) == 0 {
		return ""
	}
	values := slices.SortedFunc(maps.Keys(f.values), func(a, b string) int {
		return cmp.Or(cmp.Compare(f.values[b], f.values[a]), strings.Compare(a, b))
	})
	const shown, longest = 10, 60
	var list []string
	for _, v := range values {
		if f.values[v] == 1 || len(list) == shown || len(v) > longest {
			break
		}
		list = append(list, fmt.Sprintf("%q (%d rows)", safetext.Line(v), f.values[v]))
	}
	text := " " + words.Count(len(values)+f.rare, "value is", "values are") + " missing"
	if len(list) == 0 {
		return text + "."
	}
	if more := len(values) + f.rare - len(list); more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return text + ": " + strings.Join(list, ", ") + "."
}

// noteDiagnostics are the notes of one order as warnings.
func (w *Wish) noteDiagnostics() diag.List {
	var diags diag.List
	for _, n := range w.notes() {
		diags = append(diags, n.Place.Warning(n.Code, fmt.Sprintf("%s: %s.", w.Address(), n.Message)))
	}
	return diags
}
