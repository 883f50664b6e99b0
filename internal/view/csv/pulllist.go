package csv

import (
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
)

// PullList prints parcels that must not be handed over.
func PullList(w io.Writer, list *report.PullList) error {
	lines := make([][]string, len(list.Parcels))
	for i := range list.Parcels {
		lines[i] = report.Values(list.Parcels[i].Fields())
	}
	return write(w, report.Names((&report.PulledParcel{}).Fields()), lines)
}
