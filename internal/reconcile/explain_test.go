package reconcile_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/gdfctl/gdfctl/internal/explain"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// The tables are read once: what explain shows of rows is what it decided from, also if
// somebody saves a table meanwhile.
func TestExplainShowsTheRowsThatItDecidedFrom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, `
account "main" {}
batch "shipments" {
  rows            = csv("t.csv")
  where           = row["state"] == "packed"
  find            = { order_number = row["own"] }
  status          = "shipped"
  tracking_number = row["number"]
}
`)
		s.processing("112-1")
		const header = "own,number,state\n"
		s.write("t.csv", header+"SO-112-1,1Z999AA10123456784,packed\nSO-112-1,1Z999AA10123456793,open\n")
		// Only the live order shows that the rows are about it.
		s.called = func() { s.write("t.csv", header+"SO-112-1,1Z999AA10123456802,packed\n") }
		r, err := reconcile.Explain(s.Context(), reconcile.ExplainRequest{Source: s.source(), Order: "112-1"}, s.deps, s.observe)
		if err != nil {
			t.Fatal(err)
		}
		var fates []explain.Fate
		for _, row := range r.Orders[0].Rows {
			fates = append(fates, row.Fate)
		}
		if got := fmt.Sprint(fates, r.Orders[0].Rows[0].Want.Tracking); got != "[stands left_out]1Z999AA10123456784" {
			t.Errorf("rows %s", got)
		}
		if c := r.Orders[0].Next.Change; c == nil || c.After.Tracking != "1Z999AA10123456784" {
			t.Errorf("next %+v", r.Orders[0].Next)
		}
	})
}
