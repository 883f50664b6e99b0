package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// exported is a batch over a table that may have any of the columns id, t
// (tracking number), c (carrier), n (order number), at (ship date), s (status)
// and v (void).
func exported(name, rows, more string) string {
	return fmt.Sprintf(`batch %q {
  rows            = csv(%q)
  find            = { id = row.id }
  status          = try(row.s == "" ? "shipped" : row.s, "shipped")
  tracking_number = try(row.t, null)
  carrier         = try(row.c, null)
  order_number    = try(row.n, null)
  shipped_at      = try(row.at, null)
  reason          = "lost"
  %s
}
`, name, rows, more)
}

const isVoid = `voided = row.v == "Y"`

// step is a case of one step: what the tables and blocks say, what is wanted
// then, and what was taken out.
type step struct {
	files    files
	want     []string // "id what is wanted", or "id ! code fields"
	replaced []string // "id place by step place"
	notes    []string // "code message"
}

func (s step) check(t *testing.T) {
	t.Helper()
	wishes := mustWish(t, s.files)
	var want, replaced, notes []string
	for _, w := range wishes.Orders {
		want = append(want, wantedText(w))
		notes = append(notes, noteTexts(w)...)
	}
	for _, w := range wishes.Dropped {
		notes = append(notes, noteTexts(w)...)
	}
	for _, r := range wishes.Replaced {
		id := strings.TrimSuffix(r.Address[strings.Index(r.Address, `["`)+2:], `"]`)
		replaced = append(replaced, fmt.Sprintf("%s %s by %s %s", id, r.Place, r.By, r.ByPlace))
	}
	if diff := cmp.Diff([][]string{s.want, s.replaced, s.notes}, [][]string{want, replaced, notes}); diff != "" {
		t.Errorf("wanted, replaced, notes (-want +got):\n%s", diff)
	}
	for _, n := range wishes.Batches {
		if n.Sum() != n.Rows {
			t.Errorf("%s: the sum is %d", n, n.Sum())
		}
	}
}

func wantedText(w *spec.Wish) string {
	id := w.Find.ID
	if id == "" {
		id = w.Place.String()
	}
	if p := w.Problem; p != nil {
		text := id + " ! " + p.Code
		if p.Conflict != nil {
			text += " " + strings.Join(p.Conflict.Fields, ",")
		}
		return text
	}
	text := id + " " + string(w.Want.Status)
	for _, v := range []string{w.Want.OrderNumber, w.Want.Tracking, w.Want.Carrier} {
		if v != "" {
			text += " " + v
		}
	}
	if !w.Want.ShippedAt.IsZero() {
		text += " " + w.Want.ShippedAt.Format("01-02T15:04")
	}
	if w.NoTracking {
		text += " without a number"
	}
	if w.Attempt != 1 {
		text += fmt.Sprintf(" attempt %d", w.Attempt)
	}
	return text
}

func noteTexts(w *spec.Wish) []string {
	var all []string
	for _, n := range w.Remarks() {
		all = append(all, n.Code+" "+n.Message)
	}
	return all
}

func shipBlock(label, id, tracking, more string) string {
	return fmt.Sprintf("order %q {\n  find = { id = %q }\n  status = \"shipped\"\n  tracking_number = %q\n  %s\n}\n", label, id, tracking, more)
}

func TestReleaseAndReplacesSteps(t *testing.T) {
	for name, c := range map[string]step{
		"a release drops a bad row too": {
			files: files{"t.csv": "id,t,at\nx,1Z1,soon\ny,1Z2,\n", "main.hcl": exported("b", "t.csv", "") + "release \"x\" {\n  reason = \"lost\"\n}\n"},
			want:  []string{"y shipped 1Z2"}, replaced: []string{"x t.csv:2 by release main.hcl:12:1"},
		},
		"a release drops void rows and a contradiction": {
			files:    files{"t.csv": "id,t,v\nx,1Z1,Y\nx,1Z2,\nx,1Z3,\n", "main.hcl": exported("b", "t.csv", isVoid) + "release \"x\" {\n  reason = \"lost\"\n}\n"},
			replaced: []string{"x t.csv:2 by release main.hcl:12:1", "x t.csv:3 by release main.hcl:12:1", "x t.csv:4 by release main.hcl:12:1"},
		},
		"a bad row replaces too": {
			files: files{"t.csv": "id,t,at\nx,1Z1,soon\n", "u.csv": "id,t\nx,1Z2\n", "main.hcl": exported("b", "t.csv", `replaces = "batch.u"`) + exported("u", "u.csv", "")},
			want:  []string{"x ! bad_row"}, replaced: []string{"x u.csv:2 by replaces t.csv:2"},
		},
		"a bad row is replaced": {
			files: files{"t.csv": "id,t\nx,1Z1\n", "u.csv": "id,t,at\nx,1Z2,soon\n", "main.hcl": exported("b", "t.csv", `replaces = "batch.u"`) + exported("u", "u.csv", "")},
			want:  []string{"x shipped 1Z1"}, replaced: []string{"x u.csv:2 by replaces t.csv:2"},
		},
		"a void row replaces too": {
			files:    files{"t.csv": "id,t,v\nx,1Z1,Y\n", "u.csv": "id,t\nx,1Z2\n", "main.hcl": exported("b", "t.csv", isVoid+"\n  replaces = \"batch.u\"") + exported("u", "u.csv", "")},
			replaced: []string{"x u.csv:2 by replaces t.csv:2", "x t.csv:2 by voided t.csv:2"},
		},
		"a row that where leaves out replaces nothing": {
			files: files{"t.csv": "id,t\nx,1Z1\n", "u.csv": "id,t\nx,1Z2\n", "main.hcl": exported("b", "t.csv", "where = false\n  replaces = \"batch.u\"") + exported("u", "u.csv", "")},
			want:  []string{"x shipped 1Z2"},
		},
		"a circle of two replaces nothing": {
			files: files{"main.hcl": shipBlock("a", "x", "1Z1", `replaces = "order[\"b\"]"`) + shipBlock("b", "x", "1Z2", `replaces = "order[\"a\"]"`)},
			want:  []string{"x ! conflict tracking_number"},
		},
		"a circle is replaced from outside": {
			files: files{"main.hcl": shipBlock("a", "x", "1Z1", `replaces = "order[\"b\"]"`) + shipBlock("b", "x", "1Z1", `replaces = "order[\"a\"]"`) + shipBlock("c", "x", "1Z3", `replaces = "order[\"a\"]"`)},
			want:  []string{"x ! conflict tracking_number"}, replaced: []string{"a main.hcl:1:1 by replaces main.hcl:13:1"},
		},
		"a circle that is open for this order": {
			files: files{"main.hcl": shipBlock("a", "x", "1Z1", `replaces = "order[\"b\"]"`) + shipBlock("b", "x", "1Z2", `replaces = "order[\"c\"]"`) + shipBlock("c", "y", "1Z3", `replaces = "order[\"a\"]"`)},
			want:  []string{"x shipped 1Z1", "y shipped 1Z3"}, replaced: []string{"b main.hcl:7:1 by replaces main.hcl:1:1"},
		},
	} {
		t.Run(name, c.check)
	}
}

func TestVoidedStep(t *testing.T) {
	for name, c := range map[string]step{
		"a number is void in all rows of the order": {
			files: files{"t.csv": "id,t,v\nx,1Z1,\nx,1Z1,Y\nx,1Z2,\n", "main.hcl": exported("b", "t.csv", isVoid)},
			want:  []string{"x shipped 1Z2"}, replaced: []string{"x t.csv:2 by voided t.csv:3", "x t.csv:3 by voided t.csv:3"},
		},
		"and in all files of the batch, however it is written": {
			files: files{"1.csv": "id,t,v\nx,1z 1,\n", "2.csv": "id,t,v\nx,1Z1,Y\n", "main.hcl": exported("b", "*.csv", isVoid)},
			want:  nil, replaced: []string{"x 1.csv:2 by voided 2.csv:2", "x 2.csv:2 by voided 2.csv:2"},
		},
		"not in another order": {
			files: files{"t.csv": "id,t,v\nx,1Z1,Y\ny,1Z1,\n", "main.hcl": exported("b", "t.csv", isVoid)},
			want:  []string{"y shipped 1Z1"}, replaced: []string{"x t.csv:2 by voided t.csv:2"},
		},
		"in the whole batch where no order is named": {
			files: files{"t.csv": "id,t,v\n,1Z1,Y\nx,1Z1,\ny,1Z1,\nz,1Z2,\n", "main.hcl": exported("b", "t.csv", isVoid)},
			want:  []string{"z shipped 1Z2"}, replaced: []string{"t.csv:2 t.csv:2 by voided t.csv:2", "x t.csv:3 by voided t.csv:2", "y t.csv:4 by voided t.csv:2"},
		},
		"also of rows that come before it": {
			files:    files{"t.csv": "id,t,v\nx,1Z1,\n,1Z1,Y\n", "main.hcl": exported("b", "t.csv", isVoid)},
			replaced: []string{"t.csv:3 t.csv:3 by voided t.csv:3", "x t.csv:2 by voided t.csv:3"},
		},
		"a void row without a number removes itself alone": {
			files: files{"t.csv": "id,t,v\nx,,Y\nx,,\nx,1Z1,\n", "main.hcl": exported("b", "t.csv", isVoid)},
			want:  []string{"x shipped 1Z1"}, replaced: []string{"x t.csv:2 by voided t.csv:2"},
		},
		"a bad row with a void number goes too": {
			files:    files{"t.csv": "id,t,v,at\nx,1Z1,,soon\nx,1Z1,Y,\n", "main.hcl": exported("b", "t.csv", isVoid)},
			replaced: []string{"x t.csv:2 by voided t.csv:3", "x t.csv:3 by voided t.csv:3"},
		},
		"what else a void row says is of no matter": {
			files:    files{"t.csv": "id,t,v,at,s\nx,1Z1,Y,soon,odd\n", "main.hcl": exported("b", "t.csv", isVoid)},
			replaced: []string{"x t.csv:2 by voided t.csv:2"},
		},
		"before where": {
			files:    files{"t.csv": "id,t,v\nx,1Z1,Y\nx,1Z1,\n", "main.hcl": exported("b", "t.csv", isVoid+"\n  where = row.v != \"Y\"")},
			replaced: []string{"x t.csv:2 by voided t.csv:2", "x t.csv:3 by voided t.csv:2"},
		},
		"neither true nor false": {
			files: files{"t.csv": "id,t,v\nx,1Z1,\ny,1Z2,odd\n", "main.hcl": exported("b", "t.csv", `voided = row.v == "odd" ? null : false`)},
			want:  []string{"x shipped 1Z1", "y ! bad_row"},
		},
		"another block still wants it": {
			files: files{"t.csv": "id,t,v\nx,1Z1,Y\n", "main.hcl": exported("b", "t.csv", isVoid) + shipBlock("mine", "x", "1Z1", "")},
			want:  []string{"x shipped 1Z1"}, replaced: []string{"x t.csv:2 by voided t.csv:2"},
			notes: []string{`void_number_wanted 1Z1 is void at t.csv:2, and order["mine"] at main.hcl:12:1 still wants it to be sent`},
		},
		"another block wants another number": {
			files: files{"t.csv": "id,t,v\nx,1Z1,Y\n", "main.hcl": exported("b", "t.csv", isVoid) + shipBlock("mine", "x", "1Z2", "")},
			want:  []string{"x shipped 1Z2"}, replaced: []string{"x t.csv:2 by voided t.csv:2"},
		},
	} {
		t.Run(name, c.check)
	}
}

func TestLatestSteps(t *testing.T) {
	const byFile, byValue = `latest = "file"`, `latest_by = row.u`
	for name, c := range map[string]step{
		"ten comes after nine": {
			files: files{"9.csv": "id,t\nx,1Z9\n", "10.csv": "id,t\nx,1Z10\n", "main.hcl": exported("b", "*.csv", byFile)},
			want:  []string{"x shipped 1Z10"}, replaced: []string{"x 9.csv:2 by latest 10.csv:2"},
		},
		"a browser's copy is later, with a warning": {
			files: files{"e.csv": "id,t\nx,1Z1\n", "e (1).csv": "id,t\nx,1Z2\n", "main.hcl": exported("b", "*.csv", byFile)},
			want:  []string{"x shipped 1Z2"}, replaced: []string{"x e.csv:2 by latest e (1).csv:2"},
			notes: []string{"latest_file e (1).csv was taken as the later file than e.csv; delete the older one, or use latest_by"},
		},
		"a copy that says the same is no matter": {
			files: files{"e.csv": "id,t\nx,1Z1\n", "e (1).csv": "id,t\nx,1Z1\n", "main.hcl": exported("b", "*.csv", byFile)},
			want:  []string{"x shipped 1Z1"},
		},
		"dates that do not sort": {
			files: files{"11-26-2026.csv": "id,t\nx,1Z1\ny,1Z5\n", "12-02-2025.csv": "id,t\nx,1Z2\ny,1Z5\n", "main.hcl": exported("b", "*.csv", byFile)},
			want:  []string{"x ! conflict latest", "y shipped 1Z5"},
		},
		"a row without a number does not remove one with a number": {
			files: files{"1.csv": "id,t\nx,1Z1\n", "2.csv": "id,t\nx,\n", "main.hcl": exported("b", "*.csv", byFile)},
			want:  []string{"x shipped 1Z1"},
		},
		"an acknowledge does not remove a shipment": {
			files: files{"1.csv": "id,n,s\nx,,\n", "2.csv": "id,n,s\nx,SO-1,acknowledged\n", "main.hcl": exported("b", "*.csv", byFile)},
			want:  []string{"x shipped SO-1"},
		},
		"a shipment removes an acknowledge": {
			files: files{"1.csv": "id,n,s\nx,SO-1,acknowledged\n", "2.csv": "id,n,s\nx,SO-2,\n", "main.hcl": exported("b", "*.csv", byFile)},
			want:  []string{"x shipped SO-2"}, replaced: []string{"x 1.csv:2 by latest 2.csv:2"},
		},
		"the winner is a whole row": {
			files: files{"1.csv": "id,t,c\nx,1Z1,UPS\n", "2.csv": "id,t,c\nx,1Z1,\n", "main.hcl": exported("b", "*.csv", byFile)},
			want:  []string{"x shipped 1Z1"}, replaced: []string{"x 1.csv:2 by latest 2.csv:2"},
		},
		"a bad row that wins": {
			files: files{"1.csv": "id,t,at\nx,1Z1,\n", "2.csv": "id,t,at\nx,1Z2,soon\n", "main.hcl": exported("b", "*.csv", byFile)},
			want:  []string{"x ! bad_row"}, replaced: []string{"x 1.csv:2 by latest 2.csv:2"},
		},
		"parcels of the last file": {
			files: files{"1.csv": "id,t\nx,1Z1\n", "2.csv": "id,t\nx,1Z2\nx,1Z3\n", "main.hcl": exported("b", "*.csv", byFile)},
			want:  []string{"x ! split_shipment"}, replaced: []string{"x 1.csv:2 by latest 2.csv:2"},
		},
		"the largest value, over all files": {
			files: files{"1.csv": "id,t,u\nx,1Z1,2026-11-22\n", "2.csv": "id,t,u\nx,1Z2,2026-11-21\nx,1Z3,2026-11-20\n", "main.hcl": exported("b", "*.csv", byValue)},
			want:  []string{"x shipped 1Z1"}, replaced: []string{"x 2.csv:2 by latest_by 1.csv:2", "x 2.csv:3 by latest_by 1.csv:2"},
		},
		"null loses against every value": {
			files: files{"1.csv": "id,t,u\nx,1Z1,\nx,1Z2,-5\n", "main.hcl": exported("b", "*.csv", byValue)},
			want:  []string{"x shipped 1Z2"}, replaced: []string{"x 1.csv:2 by latest_by 1.csv:3"},
		},
		"equal and the same": {
			files: files{"1.csv": "id,t,u\nx,1Z1,5\nx,1Z1,5\n", "main.hcl": exported("b", "*.csv", byValue)},
			want:  []string{"x shipped 1Z1"},
		},
		"equal and different, in two files": {
			files: files{"1.csv": "id,t,u\nx,1Z1,5\n", "2.csv": "id,t,u\nx,1Z2,5\n", "main.hcl": exported("b", "*.csv", byValue)},
			want:  []string{"x ! conflict tracking_number"},
		},
		"a number and a date": {
			files: files{"1.csv": "id,t,u\nx,1Z1,5\n", "2.csv": "id,t,u\nx,1Z2,2026-11-20\n", "main.hcl": exported("b", "*.csv", byValue)},
			want:  []string{"x ! conflict tracking_number"},
		},
		"no value at all": {
			files: files{"1.csv": "id,t,u\nx,1Z1,soon\nx,1Z2,5\ny,1Z3,5\n", "main.hcl": exported("b", "*.csv", byValue)},
			want:  []string{"x ! bad_row", "y shipped 1Z3"},
		},
		"of one value: three of which two are the same": {
			files: files{"1.csv": "id,t,u\nx,1Z1,1\nx,1Z2,2\nx,1Z1,3\n", "main.hcl": exported("b", "*.csv", byValue)},
			want:  []string{"x shipped 1Z1"}, replaced: []string{"x 1.csv:3 by latest_by 1.csv:4"},
		},
	} {
		t.Run(name, c.check)
	}
}

// What a row says of itself is read for each row.
func TestRowFlags(t *testing.T) {
	for name, c := range map[string]step{
		"no number on purpose": {
			files: files{"t.csv": "id,t,local\nx,,Y\ny,1Z1,\nz,1Z2,Y\n", "main.hcl": exported("b", "t.csv", `no_tracking = row.local == "Y"`)},
			want:  []string{"x shipped without a number", "y shipped 1Z1", "z ! bad_row"},
		},
		"an attempt of a row": {
			files: files{"t.csv": "id,t,again\nx,1Z1,2\ny,1Z1,\n", "main.hcl": exported("b", "t.csv", `attempt = row.again`)},
			want:  []string{"x shipped 1Z1 attempt 2", "y shipped 1Z1"},
		},
		"where that fails for a row holds its order": {
			files: files{"t.csv": "id,t\nx,1Z1\nx,odd\n", "main.hcl": exported("b", "t.csv", `where = row.t == "odd" ? null : true`)},
			want:  []string{"x ! bad_row"},
		},
		"a number that can't be read in a void row holds its order": {
			files: files{"t.csv": "id,m,v\nx,odd,Y\nx,UPS,\n", "main.hcl": "locals {\n  numbers = { UPS = \"1Z1\" }\n}\n" + strings.Replace(exported("b", "t.csv", isVoid), "try(row.t, null)", "local.numbers[row.m]", 1)},
			want:  []string{"x ! bad_row"},
		},
		"an order that can't be read in a void row voids the number in the batch": {
			files:    files{"t.csv": "id,t,m,v\nx,1Z1,a,\n,1Z1,odd,Y\n", "main.hcl": "locals {\n  ids = { a = \"x\" }\n}\n" + strings.Replace(exported("b", "t.csv", isVoid), "row.id", "local.ids[row.m]", 1)},
			replaced: []string{"t.csv:3 t.csv:3 by voided t.csv:3", "x t.csv:2 by voided t.csv:3"},
		},
	} {
		t.Run(name, c.check)
	}
}

// Each row of a batch is counted once, by what became of it.
func TestRowsOfCombinedOrders(t *testing.T) {
	wishes := mustWish(t, files{
		"t.csv":    "id,t,c,v\n" + "a,1Z1,UPS,\n" + "a,1Z1,UPS,\n" + "a,1Z1,,\n" + "b,1Z2,,Y\n" + "b,1Z2,,\n" + "c,1Z3,,\n" + "c,1Z4,,\n" + "d,1Z5,,\n" + "e,1Z6,,\n" + ",1Z7,,\n" + "f,,,left\n",
		"main.hcl": exported("b", "t.csv", isVoid+"\n  where = row.v != \"left\"") + shipBlock("mine", "d", "1Z9", `replaces = "batch.b"`) + shipBlock("same", "e", "1Z6", ""),
	})
	want := "batch.b: 11 rows in 1 file: 3 orders, 1 repeated row, 2 combined, 1 left out by where, 2 voided, 1 replaced, 1 bad row"
	if got := wishes.Batches[0].Address + ": " + wishes.Batches[0].String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
