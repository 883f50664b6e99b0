package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// groupBatch ships by the columns id, t and c, and puts rows of one id together.
func groupBatch(rows, more string) string {
	return fmt.Sprintf(`
batch "b" {
  rows            = %s
  group           = row.id
  find            = { id = row.id }
  status          = "shipped"
  tracking_number = row.t
  carrier         = row.c
%s
}
`, rows, more)
}

// outcomes writes each wish as "key number carrier" or "key ! code place", and
// the count of the rows behind.
func outcomes(wishes *spec.Wishes) []string {
	var all []string
	for _, w := range wishes.Orders {
		text := fmt.Sprintf("%s %s %s", w.Find.ID, w.Want.Tracking, w.Want.Carrier)
		if w.Problem != nil {
			text = fmt.Sprintf("%s ! %s %s", w.Find.ID, w.Problem.Code, w.Problem.Place)
		}
		all = append(all, text)
	}
	for _, n := range wishes.Batches {
		all = append(all, n.String())
	}
	return all
}

func TestGroups(t *testing.T) {
	for name, c := range map[string]struct {
		csv  string
		more string
		want []string
	}{
		"items of an order": {
			"id,t,c\na,1Z1,UPS\na,,UPS\nb,1Z2,UPS\n", "",
			[]string{"a 1Z1 UPS", "b 1Z2 UPS", "3 rows in 1 file: 2 orders, 1 combined"},
		},
		"the first row lacks what the next has": {
			"id,t,c\na,,\na,1Z1,\na,,UPS\n", "",
			[]string{"a 1Z1 UPS", "3 rows in 1 file: 1 order, 2 combined"},
		},
		"a void label of two": {
			"id,t,c,v\na,1Z1,UPS,\na,1Z2,UPS,Y\nb,1Z3,UPS,\nb,1Z4,UPS,Y\nb,1Z4,UPS,Y\n", "  voided = row.v == \"Y\"",
			[]string{"a 1Z1 UPS", "b 1Z3 UPS", "5 rows in 1 file: 2 orders, 1 combined, 2 voided"},
		},
		"a void label of two, and a column that is never empty": {
			"id,t,c,v\na,1Z1,UPS,N\na,1Z2,UPS,Y\n", "  voided = row.v == \"Y\"",
			[]string{"a 1Z1 UPS", "2 rows in 1 file: 1 order, 1 voided"},
		},
		"a label that is void and is not": {
			"id,t,c,v\na,1Z1,UPS,N\na,1Z1,UPS,Y\nb,1Z2,UPS,Y\nb,1Z2,UPS,N\n", "  voided = row.v == \"Y\"",
			[]string{"a ! group_differs t.csv:3", "b ! group_differs t.csv:5", "4 rows in 1 file: 2 orders, 2 combined"},
		},
		"a row that is left out and is not": {
			"id,t,c,v\na,1Z1,UPS,N\na,1Z1,UPS,Y\nb,1Z2,UPS,Y\nb,1Z2,UPS,N\nc,1Z3,UPS,Y\nc,1Z3,DHL,Y\n", "  where = row.v == \"N\"",
			[]string{"a ! group_differs t.csv:3", "b ! group_differs t.csv:5", "6 rows in 1 file: 2 orders, 2 combined, 2 left out by where"},
		},
		"a void label, and the one printed later by another carrier": {
			"id,t,c,d,v\na,1Z1,UPS,2026-11-19,Y\na,1Z2,DHL,2026-11-20,N\nb,1Z3,UPS,2026-11-20,N\nb,1Z4,DHL,2026-11-19,Y\n", "  shipped_at = row.d\n  voided = row.v == \"Y\"",
			[]string{"a 1Z2 DHL", "b 1Z3 UPS", "4 rows in 1 file: 2 orders, 2 voided"},
		},
		"the label of the later day": {
			"id,t,c,d\na,1Z1,UPS,2026-11-19\na,1Z2,DHL,2026-11-20\n", "  latest_by = row.d",
			[]string{"a 1Z2 DHL", "2 rows in 1 file: 1 order, 1 replaced"},
		},
		"labels of two carriers": {
			"id,t,c\na,1Z1,UPS\na,1Z2,DHL\nb,1Z3,UPS\nb,1Z3,DHL\nb,1Z4,\n", "",
			[]string{"a ! split_shipment t.csv:2", "b ! group_differs t.csv:5", "5 rows in 1 file: 2 orders, 3 combined"},
		},
		"a column that is not read differs": {
			"id,t,c,item\na,1Z1,UPS,Mug\na,1Z1,UPS,Cap\n", "",
			[]string{"a 1Z1 UPS", "2 rows in 1 file: 1 order, 1 combined"},
		},
		"a column that is read differs": {
			"id,t,c\na,1Z1,UPS\na,1Z1,USPS\nb,1Z2,UPS\n", "",
			[]string{"a ! group_differs t.csv:3", "b 1Z2 UPS", "3 rows in 1 file: 2 orders, 1 combined"},
		},
		"two numbers": {
			"id,t,c\na,1Z1,UPS\na,,\na,1Z2,\na,1Z1,\n", "",
			[]string{"a ! split_shipment t.csv:2", "4 rows in 1 file: 1 order, 3 combined"},
		},
		"two numbers, the first is enough": {
			"id,t,c\na,1Z1,\na,1Z2,UPS\n", `  multiple_tracking = "first"`,
			[]string{"a 1Z1 UPS", "2 rows in 1 file: 1 order, 1 replaced"},
		},
		"the same key again later": {
			"id,t,c\na,1Z1,UPS\nb,1Z2,UPS\na,1Z1,UPS\n", "",
			[]string{"a 1Z1 UPS", "b 1Z2 UPS", "3 rows in 1 file: 2 orders, 1 repeated row"},
		},
		"footers reach where": {
			"id,t,c\na,1Z1,UPS\n\n,2 records\n", `  where = row.id != ""`,
			[]string{"a 1Z1 UPS", "2 rows in 1 file: 1 order, 1 left out by where"},
		},
		"where sees the whole group": {
			"id,t,c,v\na,1Z1,UPS,\na,,,Y\nb,1Z2,UPS,\n", `  where = row.v != "Y"`,
			[]string{"b 1Z2 UPS", "3 rows in 1 file: 1 order, 2 left out by where"},
		},
		"row_count": {
			"id,t,c\na,1Z1,UPS\na,,\nb,1Z2,UPS\n", `  where = row_count == 2`,
			[]string{"a 1Z1 UPS", "3 rows in 1 file: 1 order, 1 combined, 1 left out by where"},
		},
		"a row that is too short": {
			"id,t,c\na,,UPS\na,1Z1\nb,1Z2,UPS\n", "",
			[]string{"a ! bad_row t.csv:3", "b 1Z2 UPS", "3 rows in 1 file: 1 order, 2 bad rows"},
		},
		"a void label, and a row that is too short": {
			"id,t,c,v\na,1Z1,UPS,Y\na,1Z2,UPS\nb,1Z3,UPS,Y\n", "  voided = row.v == \"Y\"",
			[]string{"a ! bad_row t.csv:3", "3 rows in 1 file: 0 orders, 1 voided, 2 bad rows"},
		},
		"no row is long enough": {
			"id,t,c\na,1Z1\na,1Z1\n", "",
			[]string{" ! bad_row t.csv:2", " ! bad_row t.csv:3", "2 rows in 1 file: 0 orders, 2 bad rows"},
		},
		"too many rows": {
			"id,t,c\n" + strings.Repeat("a,1Z1,UPS\n", 1001), "",
			[]string{"a ! bad_row t.csv:2", "1,001 rows in 1 file: 0 orders, 1,001 bad rows"},
		},
		"as many rows as may be": {
			"id,t,c\n" + strings.Repeat("a,1Z1,UPS\n", 1000), "",
			[]string{"a 1Z1 UPS", "1,000 rows in 1 file: 1 order, 999 combined"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			wishes := mustWish(t, files{"t.csv": c.csv, "main.hcl": groupBatch(`csv("t.csv")`, c.more)})
			if diff := cmp.Diff(c.want, outcomes(wishes)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoGroupCrossesFiles(t *testing.T) {
	wishes := mustWish(t, files{"1.csv": "id,t,c\na,1Z1,UPS\n", "2.csv": "id,t,c\na,1Z1,UPS\n", "main.hcl": groupBatch(`csv("*.csv")`, "")})
	if diff := cmp.Diff([]string{"a 1Z1 UPS", "2 rows in 2 files: 1 order, 1 repeated row"}, outcomes(wishes)); diff != "" {
		t.Error(diff)
	}
}

func TestGroupsOfObjects(t *testing.T) {
	lines := `{"id":"a","t":null,"c":"UPS"}` + "\n" + `{"id":"a","t":"1Z1"}` + "\n" + `{"id":"b","t":"1Z2","c":" "}` + "\nbroken\n" + `{"id":"b","t":"1Z3","c":"USPS"}` + "\n"
	wishes := mustWish(t, files{"t.jsonl": lines, "main.hcl": groupBatch(`jsonl("t.jsonl")`, `  multiple_tracking = "first"`)})
	want := []string{"a 1Z1 UPS", "b 1Z2 ", " ! bad_row t.jsonl:4", "5 rows in 1 file: 2 orders, 1 combined, 1 replaced, 1 bad row"}
	if diff := cmp.Diff(want, outcomes(wishes)); diff != "" {
		t.Error(diff)
	}
}
