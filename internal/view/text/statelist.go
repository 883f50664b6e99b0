package text

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
)

// StateList prints the orders that a state keeps, except for closed ones.
func StateList(w io.Writer, s Style, list *report.State) error {
	if len(list.Entries) == 0 {
		_, err := fmt.Fprintln(w, "The state holds no open orders.")
		return err
	}
	columns := []column{
		{title: "ACCOUNT"}, {title: "ORDER"}, {title: "ID"}, {title: "LAST ACTION"}, {title: "APPLIED AT"}, {title: "STATUS"},
	}
	rows := make([][]string, len(list.Entries))
	for i, e := range list.Entries {
		action, at := "", ""
		if e.Applied != nil {
			action, at = string(e.Applied.Action), moment(e.Applied.At)
		}
		rows[i] = []string{e.Account, e.Ref.String(), e.ID, action, at, list.Orders[i].Status}
	}
	return writeTable(w, s, columns, rows)
}

// State prints orders in full, closed ones last.
func State(w io.Writer, s Style, list *report.State) error {
	for i, e := range list.Entries {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := writeFields(w, s, e.Ref.String(), report.EntryFields(e)); err != nil {
			return err
		}
	}
	for i, c := range list.Closed {
		if i > 0 || len(list.Entries) > 0 {
			fmt.Fprintln(w)
		}
		if err := writeFields(w, s, c.Ref.String(), report.ClosedFields(c)); err != nil {
			return err
		}
	}
	return nil
}
