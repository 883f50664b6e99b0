package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// told is what a wish says of its tracking number: the number, the others of the
// table, and why it can't be sent or is held back.
func told(w *spec.Wish) string {
	text := w.Want.Tracking
	if others := w.OtherNumbers(); others != nil {
		text += " beside " + strings.Join(others, " ")
	}
	if d := w.Damage(); w.Want.Tracking != "" && d != nil {
		text += " " + d.Rule
	}
	if w.Problem != nil {
		text += " " + w.Problem.Code
	}
	return strings.TrimSpace(text)
}

func TestNumbersOfRows(t *testing.T) {
	const a, b = "1Z999AA10123456784", "1Z999AA10123456793"
	round := func(i int) string { return fmt.Sprintf("98657878885%04d000", i) }
	rows := func(numbers ...string) string {
		var table strings.Builder
		table.WriteString("id,t\n")
		for i, n := range numbers {
			fmt.Fprintf(&table, "id-%d,\"%s\"\n", i, strings.ReplaceAll(n, `"`, `""`))
		}
		return table.String()
	}
	for name, tt := range map[string]struct {
		numbers []string
		more    string
		want    []string
	}{
		"cleaned": {
			[]string{" 1Z 999\u00a0AA1\t01 2345 6784\u200b", "\ufeff\u202a" + b + "\u202c", "1LS7119013618127-1", "1z999aa10123456784"},
			"",
			[]string{a, b, "1LS7119013618127-1", "1z999aa10123456784"},
		},
		"damaged": {
			[]string{"9.40031E+21", "TBD", "left at door", "='" + a + "'", "t", "T "},
			"",
			[]string{"9.40031E+21 SHIP18", "TBD SHIP18", "leftatdoor SHIP18", "='" + a + "' SHIP18", "t SHIP18", "T SHIP18"},
		},
		"two in a cell":          {[]string{a + ", " + b, a + "\n" + b}, "", []string{a + "," + b + " split_shipment", a + b + " split_shipment"}},
		"the first of two":       {[]string{a + ", " + b, a + "\n" + b}, `multiple_tracking = "first"`, []string{a + " beside " + b, a + " beside " + b}},
		"the first of two alike": {[]string{a + ", " + strings.ToLower(a) + ", " + b + ", " + b}, `multiple_tracking = "first"`, []string{a + " beside " + b}},
		"one number twice":       {[]string{a + ", " + strings.ToLower(a)}, "", []string{a}},
		"a rounded file": {
			[]string{round(1), round(2), round(3), round(4), round(5), a},
			"",
			[]string{round(1) + " SHIP18", round(2) + " SHIP18", round(3) + " SHIP18", round(4) + " SHIP18", round(5) + " SHIP18", a},
		},
		"a file that is not rounded": {
			[]string{round(1), round(2), round(3), round(4), round(5), "123456789012345678"},
			"",
			[]string{round(1), round(2), round(3), round(4), round(5), "123456789012345678"},
		},
		"not shipped": {[]string{"TBD", a + ", " + b}, "status_is_cancelled", []string{"", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			block := shipBatch("b", `csv("t.csv")`, tt.more)
			if tt.more == "status_is_cancelled" {
				block = strings.Replace(shipBatch("b", `csv("t.csv")`, `reason = "r"`), `"shipped"`, `row.t == "" ? "shipped" : "cancelled"`, 1)
			}
			wishes := mustWish(t, files{"main.hcl": block, "t.csv": rows(tt.numbers...)})
			var got []string
			for _, w := range wishes.Orders {
				got = append(got, told(w))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Of several numbers in a cell, those that are not sent are named.
func TestOtherNumbersOfACellAreNamed(t *testing.T) {
	wishes := mustWish(t, files{
		"main.hcl": shipBatch("b", `csv("t.csv")`, `multiple_tracking = "first"`),
		"t.csv":    "id,t\na,1Z999AA10123456784; 1Z999AA10123456793\nb,1Z999AA10123456775\n",
	})
	var got []string
	for _, w := range wishes.Orders {
		for _, r := range w.Remarks() {
			got = append(got, r.Code+" "+r.Place.String()+" "+r.Message)
		}
	}
	want := []string{"multiple_tracking t.csv:2:3 the cell has more tracking numbers, and 1Z999AA10123456784 is the first: left out is 1Z999AA10123456793"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Rounded numbers of one file say nothing about those of another.
func TestRoundedFilesStandAlone(t *testing.T) {
	rounded := "id,t\n"
	for i := range 5 {
		rounded += fmt.Sprintf("r%d,98657878885%04d000\n", i, i)
	}
	wishes := mustWish(t, files{
		"main.hcl": shipBatch("b", `csv("*.csv")`, ""),
		"1.csv":    "id,t\na,986578788850001000\n", "2.csv": rounded, "3.csv": "id,t\nc,986578788850002000\n",
	})
	for _, w := range wishes.Orders {
		if damaged := w.Damage() != nil; damaged != (w.Place.File == "2.csv") {
			t.Errorf("%s: damaged = %v", w.Place, damaged)
		}
	}
}

// Two rows of one file are two parcels, and the plan knows of both.
func TestTheOtherNumberOfAnOrderIsKnown(t *testing.T) {
	wishes := mustWish(t, files{
		"main.hcl": shipBatch("b", `csv("t.csv")`, `multiple_tracking = "first"`),
		"t.csv":    "id,t\nx,1Z999AA10123456784\nx,1Z999AA10123456793\n",
	})
	if got, want := told(wishes.Orders[0]), "1Z999AA10123456784 beside 1Z999AA10123456793"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNumberDiagnostics(t *testing.T) {
	table := "id,t,c\n" +
		"a,TBD,UPS\n" +
		"b,1Z999AA10123456785,UPS\n" + // SHIP08
		"c,1Z999AA10123456786,UPS\n" +
		"d,1Z999AA10123456784,USPS\n" + // SHIP09, SHIP12
		"e,1Z 999 AA1 01 2345 6784,UPS\n" +
		"f,987654321,UPS\n" + // SHIP19
		"g,987654322,UPS\n" +
		"h,TBD,UPS\n" // closed
	cfg := mustLoad(t, files{"main.hcl": shipBatch("b", `csv("t.csv")`, "carrier = row.c"), "t.csv": table}, world{})
	closed := func(w *spec.Wish) bool { return w.Find.ID == "h" }
	diagnostics := func(raised rules.Raised) []string {
		var got []string
		for _, d := range wishesOf(t, cfg).NumberDiagnostics(raised, closed) {
			got = append(got, fmt.Sprintf("%s:%d:%d %s %s", d.Range.File, d.Range.Start.Line, d.Range.Start.Column, d.Severity, d.Detail))
		}
		return got
	}
	want := []string{
		`t.csv:2:3 error batch.b["a"]: tracking number "TBD" is a placeholder; leave the cell empty, or set no_tracking if this parcel has no number on purpose. It is not sent.`,
		`t.csv:3:3 warning batch.b["b"]: check digit is wrong for UPS: one digit may be mistyped; 1 more of this block.`,
		`t.csv:5:3 warning batch.b["d"]: 1Z999AA10123456784 is a UPS number; the carrier is USPS.`,
		`t.csv:5:3 warning batch.b["d"]: the tracking number is also on batch.b["e"] at t.csv:6; right if both went in one parcel.`,
		`t.csv:7:3 info batch.b: 2 numbers named UPS have a format that gdfctl does not know (9 digits), first at t.csv:7.`,
	}
	if diff := cmp.Diff(want, diagnostics(nil)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want[1] = `t.csv:3:3 error batch.b["b"]: check digit is wrong for UPS: one digit may be mistyped. It is not sent.`
	want = append(want[:2], append([]string{`t.csv:4:3 error batch.b["c"]: check digit is wrong for UPS: one digit may be mistyped. It is not sent.`}, want[2:]...)...)
	if diff := cmp.Diff(want, diagnostics(rules.Raised{"SHIP08": true})); diff != "" {
		t.Errorf("raised (-want +got):\n%s", diff)
	}
}

func TestNumbersOfBlocks(t *testing.T) {
	const a, b = "1Z999AA10123456784", "1Z999AA10123456793"
	for number, want := range map[string]string{
		" 1Z 999 AA1 01 2345 6784 ":   a,
		a + ", " + strings.ToLower(a): a,
		"TBD":                         "TBD SHIP18",
	} {
		wishes := mustWish(t, files{"main.hcl": fmt.Sprintf("order \"x\" {\n  status = \"shipped\"\n  tracking_number = %q\n}\n", number)})
		if got := told(wishes.Orders[0]); got != want {
			t.Errorf("%q: %q, want %q", number, got, want)
		}
	}
	_, diags := load(t, files{"main.hcl": fmt.Sprintf("order \"x\" {\n  status = \"shipped\"\n  tracking_number = %q\n}\n", a+", "+b)}, world{})
	if got := said(diags); !strings.Contains(got, "Two tracking numbers") {
		t.Errorf("two numbers: %s", got)
	}
}

// A number of an order that a spreadsheet changed names none, or another one: that is
// known before anything is read from the API.
func TestDamagedNumbersOfOrders(t *testing.T) {
	hcl := func(key, cell string) files {
		return files{"t.csv": "o,t\n\"" + strings.ReplaceAll(cell, `"`, `""`) + "\",1Z999AA10123456784\n", "main.hcl": fmt.Sprintf(
			"batch \"b\" {\n  rows = csv(\"t.csv\")\n  find = { %s = row.o }\n  status = \"shipped\"\n  tracking_number = row.t\n}\n", key)}
	}
	for _, key := range []string{"source_order_number", "order_number"} {
		for cell, damaged := range map[string]bool{
			"2.0001E+14": true, `="112-1234567-1234567"`: true, "'200010000000000": true, "2000100000000000000000": true,
			"112-1234567-1234567": false, "200010000000000": false, "1E5": false, "#1001": false, "12.5": false,
		} {
			wish := mustWish(t, hcl(key, cell)).Orders[0]
			if got := wish.Problem != nil; got != damaged {
				t.Errorf("%s %s: %v", key, cell, wish.Problem)
			}
			if damaged && (wish.Problem.Code != spec.BadRow || !strings.Contains(wish.Problem.Message, "a spreadsheet changed the order's number") || wish.Problem.Place.String() != "t.csv:2:1") {
				t.Errorf("%s %s: %+v", key, cell, wish.Problem)
			}
		}
	}
}

// Nor is a damaged number given to an order: what is acknowledged with it keeps it for ever.
func TestDamagedNumbersToGive(t *testing.T) {
	batch := "batch \"b\" {\n  rows = csv(\"t.csv\")\n  find = { source_order_number = row.o }\n  status = \"acknowledged\"\n  order_number = row.n\n}\n"
	for cell, damaged := range map[string]bool{"1.00234E+11": true, `="SO-1"`: true, "'1001": true, "SO-1001": false, "100234567890": false} {
		wish := mustWish(t, files{"t.csv": "o,n\n112-1," + `"` + strings.ReplaceAll(cell, `"`, `""`) + `"` + "\n", "main.hcl": batch}).Orders[0]
		if got := wish.Problem != nil; got != damaged || damaged && (wish.Problem.Code != spec.BadRow || wish.Problem.Place.String() != "t.csv:2:7") {
			t.Errorf("%s: %+v", cell, wish.Problem)
		}
	}
	_, diags := load(t, files{"main.hcl": "order \"x\" {\n  status = \"acknowledged\"\n  order_number = \"1.00234E+11\"\n}\n"}, world{})
	if got := said(diags); !strings.Contains(got, "A spreadsheet changed the order number") {
		t.Errorf("in a block: %s", got)
	}
}
