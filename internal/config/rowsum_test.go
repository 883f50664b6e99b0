package config_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/config"
)

// batchOptions are the attributes of a batch that decide what becomes of a row,
// each with the ways in which it is written here.
var batchOptions = [][]string{
	{"", "  group = row.g\n"},
	{"", "  where = row.w != \"drop\"\n"},
	{"", "  voided = row.v == \"Y\"\n"},
	{"", "  latest = \"file\"\n", "  latest_by = row.u\n"},
	{"", "  multiple_tracking = \"first\"\n"},
	{"", "  no_tracking = row.n == \"none\"\n"},
	{"", "  shipped_at = row.d\n", "  shipped_on = row.d\n"},
	{"", "  attempt = row.a\n"},
	{"", "  replaces = \"order[\\\"x\\\"]\"\n"},
	{"", "  max_held = 1\n"},
}

// batchColumns are the cells that rows are drawn from: right, damaged and empty.
var batchColumns = []struct {
	name  string
	cells []string
}{
	{"id", []string{"1", "1", "2", "3", ""}},
	{"g", []string{"", "k1", "k1", "k2"}},
	{"w", []string{"", "keep", "drop"}},
	{"v", []string{"", "", "N", "Y"}},
	{"u", []string{"", "1", "2", "2026-11-20", "soon"}},
	{"t", []string{"", "1Z1111111", "1Z1111111", "1z 1111111", "1Z2222222", "TBD", "9.40031E+21", "1Z11111111; 1Z22222222"}},
	{"s", []string{"shipped", "shipped", "shipped", "acknowledged", "cancelled", "lost"}},
	{"o", []string{"", "", "A", "B"}},
	{"n", []string{"", "", "none"}},
	{"d", []string{"", "2026-11-20", "2026-11-20", "2026-11-22", "2026-11-20T10:00:00Z"}},
	{"a", []string{"", "", "2", "odd"}},
}

// someRows is a batch's tables as text: rows that repeat, differ, are short or
// too long, in one file or two.
func someRows(t *rapid.T, f files, folder string) int {
	total := 0
	for i := range rapid.IntRange(1, 2).Draw(t, "files") {
		var lines, names []string
		for _, c := range batchColumns {
			names = append(names, c.name)
		}
		lines = append(lines, strings.Join(names, ","))
		for range rapid.IntRange(0, 6).Draw(t, "rows") {
			var cells []string
			for _, c := range batchColumns {
				cells = append(cells, rapid.SampledFrom(c.cells).Draw(t, c.name))
			}
			switch rapid.IntRange(0, 9).Draw(t, "length") {
			case 0:
				cells = cells[:rapid.IntRange(2, len(cells)-1).Draw(t, "short")]
			case 1:
				cells = append(cells, rapid.SampledFrom([]string{"", "more"}).Draw(t, "long"))
			}
			if strings.Trim(strings.Join(cells, ""), " ") == "" {
				continue // not a row
			}
			lines = append(lines, strings.Join(cells, ","))
			total++
		}
		f[fmt.Sprintf("%s/export (%d).csv", folder, i)] = strings.Join(lines, "\n") + "\n"
	}
	return total
}

// Whatever options a batch has, and whatever stands in its rows, each row that
// was read is counted once.
func TestEachRowIsCountedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := files{"a.hcl": "account \"main\" {\n  timezone = \"UTC\"\n}\norder \"x\" {\n  find = { id = \"1\" }\n  status = \"shipped\"\n  tracking_number = \"1Z1111111\"\n}\n"}
		if rapid.IntRange(0, 3).Draw(t, "release") == 0 {
			f["a.hcl"] += "release \"r\" {\n  find = { id = \"2\" }\n  reason = \"settled\"\n}\n"
		}
		rows := map[string]int{}
		for i := range rapid.IntRange(1, 2).Draw(t, "batches") {
			name := fmt.Sprintf("b%d", i)
			options := ""
			for _, ways := range batchOptions {
				options += rapid.SampledFrom(ways).Draw(t, "option")
			}
			f["a.hcl"] += fmt.Sprintf("batch %q {\n  rows = csv(\"%s/*.csv\")\n  find = { id = row.id }\n  status = row.s\n  order_number = row.o\n  reason = \"lost\"\n  tracking_number = row.t\n%s}\n", name, name, options)
			rows["batch."+name] = someRows(t, f, name)
		}
		dir := f.temporary(t)
		defer os.RemoveAll(dir)
		cfg, diags := config.Load(dir, world{}.options())
		defer cfg.Close()
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		wishes, _ := cfg.Wishes(context.Background()) // what is wrong with rows are errors, and held orders
		for _, n := range wishes.Batches {
			if n.Rows != rows[n.Address] || n.Sum() != n.Rows {
				t.Errorf("%s, of %d rows written:\n%s\n%+v", n, rows[n.Address], n.Address, *n)
			}
		}
		t.Logf("%v", f)
	})
}
