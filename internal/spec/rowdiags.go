package spec

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// Diagnostics tells what is wrong with single rows as diagnostics, for a check
// that is not followed by a plan. A plan holds such orders back instead.
func (w *Wishes) Diagnostics() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, wish := range w.Orders {
		switch {
		case wish.Problem != nil:
			summary := map[string]string{
				SplitShipment: "An order in several parcels", BadRow: "A row that can't be used", ConflictCode: "Two different wishes for one order",
			}[wish.Problem.Code]
			at, detail := wish.Problem.Place, strings.TrimSuffix(wish.Problem.Message, ".")
			if wish.Problem.Suggestion != "" {
				detail += "; " + wish.Problem.Suggestion
			}
			diags = append(diags, errorAt(rowRange(at.File, at.Line, at.Column), summary,
				fmt.Sprintf("%s: %s. plan holds this order back.", wish.Address(), detail))...)
		case wish.DateOnly:
			diags = append(diags, warningAt(rowRange(wish.Place.File, wish.Place.Line, wish.Place.Column), "SHIP02: a ship date without a time",
				fmt.Sprintf("%s: it becomes midnight, which can fall before the order. Write the time too.", wish.Address()))...)
		}
		diags = append(diags, wish.noteDiagnostics()...)
	}
	for _, dropped := range w.Dropped {
		diags = append(diags, dropped.noteDiagnostics()...)
	}
	return limited(diags)
}

// noteDiagnostics are the notes of one order as warnings.
func (w *Wish) noteDiagnostics() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, n := range w.Remarks() {
		diags = append(diags, warningAt(rowRange(n.Place.File, n.Place.Line, n.Place.Column), n.Code, fmt.Sprintf("%s: %s.", w.Address(), n.Message))...)
	}
	return diags
}
