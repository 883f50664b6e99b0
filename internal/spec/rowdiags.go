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
			summary := map[string]string{SplitShipment: "An order in several parcels", BadRow: "A row that can't be used"}[wish.Problem.Code]
			at := wish.Problem.Place
			diags = append(diags, errorAt(rowRange(at.File, at.Line, at.Column), summary,
				fmt.Sprintf("%s: %s. plan holds this order back.", wish.Address(), strings.TrimSuffix(wish.Problem.Message, ".")))...)
		case wish.DateOnly:
			diags = append(diags, warningAt(rowRange(wish.Place.File, wish.Place.Line, wish.Place.Column), "SHIP02: a ship date without a time",
				fmt.Sprintf("%s: it becomes midnight, which can fall before the order. Write the time too.", wish.Address()))...)
		}
	}
	return limited(diags)
}
