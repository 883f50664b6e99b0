package text

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
)

// Push shows what a push changes in a state.
func Push(w io.Writer, s Style, r *report.Pushed) error {
	columns := []column{{title: ""}, {title: "ACCOUNT"}, {title: "ORDER"}, {title: "ID"}}
	var rows [][]string
	for _, part := range []struct {
		sign   string
		orders []report.PushedOrder
	}{{"+", r.Added}, {"-", r.Removed}, {"~", r.Changed}} {
		for _, o := range part.orders {
			rows = append(rows, []string{part.sign, o.Account, o.Order.String(), o.Order.ID})
		}
	}
	if err := writeTable(w, s, columns, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s to add, %s to remove, %s to change in the state. No order is changed at the API.\n",
		number(len(r.Added)), number(len(r.Removed)), number(len(r.Changed)))
	return err
}

// Pushed says how a push ended.
func Pushed(w io.Writer, _ Style, r *report.Pushed) error {
	if r.AuditHead == nil {
		_, err := fmt.Fprintln(w, "The state says what the file says; nothing was changed.")
		return err
	}
	_, err := fmt.Fprintln(w, "The state was changed.")
	auditEnd(w, r.AuditHead, r.SignedHead)
	return err
}
