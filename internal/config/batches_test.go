package config_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func shipped(tracking string) order.Values {
	return order.Values{Status: order.Shipped, Tracking: tracking}
}

// shipBatch is a batch that ships the rows of a table.
func shipBatch(name, rows, more string) string {
	return sprintf("batch %q {\n  rows = %s\n  find = { id = row.id }\n  status = \"shipped\"\n  tracking_number = row.t\n%s\n}\n", name, rows, more)
}

func TestTables(t *testing.T) {
	utf16LE := func(s string) string {
		var b strings.Builder
		for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(s))...) {
			b.WriteByte(byte(u))
			b.WriteByte(byte(u >> 8))
		}
		return b.String()
	}
	one := func(id, tracking, place string) wish {
		return wish{Address: sprintf("batch.b[%q]", id), Find: spec.Find{ID: id}, Want: shipped(tracking), Place: place}
	}
	for name, c := range map[string]struct {
		files files
		rows  string
		more  string
		want  []wish
	}{
		"csv": {
			files{"t.csv": "id,t\n0012,1Z1\n13,1Z2\n"},
			`csv("t.csv")`, "",
			[]wish{one("0012", "1Z1", "t.csv:2"), one("13", "1Z2", "t.csv:3")},
		},
		"a glob reads files in name order": {
			files{"s/2.csv": "id,t\nb,1Z2\n", "s/1.csv": "t,id\n1Z1,a\n", "s/.3.csv": "broken"},
			`csv("s/*.csv")`, "",
			[]wish{one("a", "1Z1", "s/1.csv:2"), one("b", "1Z2", "s/2.csv:2")},
		},
		"a glob without files": {files{"s/x.txt": ""}, `csv("s/*.csv")`, "", []wish{}},
		"a header alone":       {files{"t.csv": "id,t\n"}, `csv("t.csv")`, "", []wish{}},
		"jsonl": {
			files{"t.jsonl": `{"id":"a","t":"1Z1","ignored":{"x":[1]}}` + "\n\n" + `{"id":12}` + "\n"},
			`jsonl("t.jsonl")`, "",
			[]wish{one("12", "", "t.jsonl:3"), one("a", "1Z1", "t.jsonl:1")},
		},
		"a list of objects": {
			files{},
			`[{ id = "a", t = "1Z1" }, { id = 12, t = null }]`, "",
			[]wish{one("12", "", "main.hcl:2"), one("a", "1Z1", "main.hcl:2")},
		},
		"a list of maps": {
			files{},
			`[tomap({ id = "a", t = "1Z1" }), tomap({ id = "b" })]`, "",
			[]wish{one("a", "1Z1", "main.hcl:2"), one("b", "", "main.hcl:2")},
		},
		"a loop":        {files{}, `[for n in range(2) : { id = n, t = "1Z${n}" }]`, "", []wish{one("0", "1Z0", "main.hcl:2"), one("1", "1Z1", "main.hcl:2")}},
		"an empty list": {files{}, `[]`, "", []wish{}},
		"UTF-16":        {files{"t.csv": utf16LE("id\tt\r\nä\t1Z1\r\n")}, `csv("t.csv")`, "", []wish{one("ä", "1Z1", "t.csv:2")}},
		"a mark":        {files{"t.csv": "\ufeffid;t\n7;1Z1\n"}, `csv("t.csv")`, "", []wish{one("7", "1Z1", "t.csv:2")}},
		"a delimiter":   {files{"t.csv": "id^t\n7^1Z1\n"}, `csv("t.csv", { delimiter = "^" })`, "", []wish{one("7", "1Z1", "t.csv:2")}},
		"a cell of two lines": {
			files{"t.csv": "id,t,note\n7,1Z1,\"a\nb\"\n8,1Z2,\n"},
			`csv("t.csv")`, "",
			[]wish{one("7", "1Z1", "t.csv:2"), one("8", "1Z2", "t.csv:4")},
		},
		"where":                {files{"t.csv": "id,t,Void\n7,1Z1,N\n8,1Z2,Y\n"}, `csv("t.csv")`, `  where = row.Void != "Y"`, []wish{one("7", "1Z1", "t.csv:2")}},
		"where leaves all out": {files{"t.csv": "id,t\n7,1Z1\n"}, `csv("t.csv")`, `  where = false`, []wish{}},
		"the same row twice":   {files{"t.csv": "id,t\n7,1Z1\n7,1Z1\n7, 1Z1 \n"}, `csv("t.csv")`, "", []wish{one("7", "1Z1", "t.csv:2")}},
		"a column that may be missing": {
			files{"t.csv": "id,t\n7,1Z1\n"},
			`csv("t.csv")`, `  carrier = try(row.carrier, null)`,
			[]wish{one("7", "1Z1", "t.csv:2")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.files["main.hcl"] = shipBatch("b", c.rows, c.more)
			compare(t, c.want, mustWish(t, c.files))
		})
	}
}

func TestRowsAreCounted(t *testing.T) {
	wishes := mustWish(t, files{"t.csv": "id,t\n1,a\n2,b\n3,c\n,\n", "main.hcl": shipBatch("b", `csv("t.csv")`, `  where = row.id != "2"`)})
	if wishes.Rows != 3 || len(wishes.Orders) != 2 {
		t.Errorf("%d rows, %d orders", wishes.Rows, len(wishes.Orders))
	}
}

// One bad row holds back one order: the others stand.
func TestBadRowsAreProblems(t *testing.T) {
	wishes := mustWish(t, files{
		"t.csv": "id,t,at,n,what\n" +
			"ok,1Z1,2026-11-20T10:00:00Z,1,shipped\n" +
			"time,1Z1,soon,1,shipped\n" +
			"zone,1Z1,2026-11-20 10:00,1,shipped\n" +
			"attempt,1Z1,,0,shipped\n" +
			"status,1Z1,,1,gone\n" +
			"number,1Z1,,1,acknowledged\n" +
			",1Z1,,1,shipped\n" +
			"ragged,1Z1\n",
		"t.jsonl": `{"id":"list","t":["1Z1"]}` + "\n" + `{"id":"broken"` + "\n",
		"main.hcl": shipBatch("j", `jsonl("t.jsonl")`, "") + `
batch "c" {
  rows            = csv("t.csv")
  find            = { id = row.id }
  status          = row.what
  tracking_number = row.t
  shipped_at      = row.at
  attempt         = row.n
}`,
	})
	got := problems(wishes)
	for address, want := range map[string]string{
		`batch.c["time"]`:      "bad_row t.csv:3:10 shipped_at: This is not a time.",
		`batch.c["zone"]`:      "bad_row t.csv:4:10 shipped_at: The time has no zone.",
		`batch.c["attempt"]`:   "bad_row t.csv:5:14 attempt: Invalid attempt.",
		`batch.c["status"]`:    "bad_row t.csv:6:15 status: Unknown status.",
		`batch.c["number"]`:    "bad_row t.csv:7 order_number: An acknowledge needs the order number.",
		`batch.c["t.csv:8"]`:   "bad_row t.csv:8:1 find: id is empty.",
		`batch.c["t.csv:9"]`:   "bad_row t.csv:9 the row has 2 cells for 5 columns",
		`batch.j["list"]`:      "bad_row t.jsonl:1 tracking_number: Not a text.",
		`batch.j["t.jsonl:2"]`: "bad_row t.jsonl:2 not JSON",
	} {
		if !strings.HasPrefix(got[address], want) {
			t.Errorf("%s: got %q, want %q", address, got[address], want)
		}
		delete(got, address)
	}
	if len(got) > 0 || len(wishes.Orders) != 10 {
		t.Errorf("%d orders; also held: %v", len(wishes.Orders), got)
	}
}

// Of two things that are wrong with a row, always the same one is told.
func TestTheFirstProblemIsTold(t *testing.T) {
	cfg := mustLoad(t, files{"t.csv": "a,b\n,\" \"\nx,\n", "main.hcl": `
batch "b" {
  rows   = csv("t.csv")
  find   = { source = row.a, source_order_number = row.b }
  status = "shipped"
  where  = true
}`}, world{})
	for range 20 {
		got := problems(wishesOf(t, cfg))
		if len(got) != 1 || !strings.Contains(got[`batch.b["t.csv:3"]`], "source_order_number is empty") {
			t.Fatalf("got %v", got)
		}
	}
}

func TestAMissingColumnIsToldOnce(t *testing.T) {
	var csv strings.Builder
	csv.WriteString("Order Number,Tracking,by\n")
	for i := range 200 {
		fmt.Fprintf(&csv, "112-%d,1Z%d,UPS\n", i, i)
	}
	cfg := mustLoad(t, files{"t.csv": csv.String(), "main.hcl": shipBatch("b", `csv("t.csv")`, "carrier = row.by")}, world{})
	_, diags := cfg.Wishes(context.Background())
	if len(diags) != 2 {
		t.Fatalf("%d diagnostics:\n%s", len(diags), said(diags))
	}
	for i, column := range []string{"id", "t"} {
		d := diags[i]
		if d.Summary != sprintf("t.csv has no column %q", column) || d.Detail != `Its columns are: "Order Number", "Tracking", "by".` || d.Range.File != "main.hcl" {
			t.Errorf("%v", d)
		}
	}
}

// A file without a header begins with a row, and no message quotes that: it may
// name a buyer.
func TestARowInPlaceOfAHeaderIsNotQuoted(t *testing.T) {
	f := files{"t.csv": "112-1,1Z1,UPS,Jane Canary,1 Canary Street\n112-2,1Z2,UPS,John Canary,2 Canary Street\n"}
	f["main.hcl"] = shipBatch("b", `csv("t.csv")`, `carrier = try(row.by, "UPS")`)
	_, diags := mustLoad(t, f, world{}).Wishes(context.Background())
	if len(diags) != 1 || diags[0].Summary != "t.csv has none of the columns that the batch reads" {
		t.Errorf("got %s", said(diags))
	}
	for _, want := range []string{`They are: "id", "t".`, "header_line = 2", "columns = "} {
		if !strings.Contains(diags[0].Detail, want) {
			t.Errorf("%q is not in %s", want, diags[0].Detail)
		}
	}
	if strings.Contains(said(diags), "Canary") {
		t.Errorf("a cell is quoted: %s", said(diags))
	}
}

// Each file of a glob has a header of its own.
func TestColumnsMayMoveFromFileToFile(t *testing.T) {
	f := files{"s/1.csv": "t,id\n1Z1,a\n", "s/2.csv": "id,x,t\nb,,1Z2\n", "s/3.csv": "id,x\nc,\n"}
	f["main.hcl"] = shipBatch("b", `csv("s/*.csv")`, "")
	cfg := mustLoad(t, f, world{})
	_, diags := cfg.Wishes(context.Background())
	if len(diags) != 1 || diags[0].Summary != `s/3.csv has no column "t"` {
		t.Errorf("got %s", said(diags))
	}
	delete(f, "s/3.csv")
	if diff := cmp.Diff(`batch.b["a"] batch.b["b"]`, addresses(mustWish(t, f))); diff != "" {
		t.Error(diff)
	}
}

func TestReadingIsStopped(t *testing.T) {
	cfg := mustLoad(t, files{"main.hcl": shipBatch("b", `[for n in range(1024) : { id = n, t = "" }]`, "")}, world{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, diags := cfg.Wishes(ctx); !strings.Contains(said(diags), "Interrupted") {
		t.Errorf("got %s", said(diags))
	}
}

// Reasons for which orders are held back stand in front of others and in lists:
// none ends with a full stop.
func TestReasonsEndWithoutAFullStop(t *testing.T) {
	wishes := wishesOf(t, mustLoad(t, files{
		"main.hcl": `
batch "b" {
  rows       = csv("t.csv")
  find       = { source = row["Store"], source_order_number = row["No"] }
  status     = row["Status"]
  carrier    = { ups = "UPS" }[row["Carrier"]]
  shipped_at = row["Shipped"]
  attempt    = row["Attempt"]
}
`,
		"t.csv": `Store,No,Status,Carrier,Shipped,Attempt
Amazon,1,posted,ups,2026-11-20T16:28:00Z,1
Amazon,2,shipped,dhl,2026-11-20T16:28:00Z,1
Amazon,3,shipped,ups,yesterday,1
Amazon,4,shipped,ups,2026-11-20T16:28:00Z,often
Amazon,5,shipped
,,shipped,ups,2026-11-20T16:28:00Z,1
Amazon,7,canceled,ups,2026-11-20T16:28:00Z,1
Amazon,8,acknowledged,ups,2026-11-20T16:28:00Z,1
`,
	}, world{}))
	held := problems(wishes)
	for address, reason := range held {
		if strings.HasSuffix(reason, ".") {
			t.Errorf("%s: %s", address, reason)
		}
	}
	if len(held) != 8 {
		t.Errorf("%d orders are held back: %v", len(held), held)
	}
}
