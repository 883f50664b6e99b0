package lang_test

import (
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/table"
)

// TestRowDiagnosticsQuoteNoCell: whatever fails over a row, and however the text
// was changed on the way, no message holds what the cell held.
func TestRowDiagnosticsQuoteNoCell(t *testing.T) {
	const secret = "Quimby Zyx 12 Elm Street"
	csv := rowsOf(t, "t.csv", "Name,Short,Other\n"+secret+",XY,\"a \"\"Zyx\"\" b\"\n")[0]
	jsonl := rowsOf(t, "t.jsonl", `{"Name":"`+secret+`","Short":"XY","Other":"a \"Zyx\" b","Deep":{"x":["Zyx"]}}`)[0]
	ctx := context(t)
	for source, want := range map[string]string{
		`tonumber(row.Name)`:                           `cannot convert the cell "Name" to number`,
		`tobool(row.Name)`:                             `the strings "true" or "false"`,
		`tonumber(row.Short)`:                          `the cell "Short"`,
		`tonumber(row.Other)`:                          `the cell "Other"`,
		`tonumber(upper(row.Name))`:                    `the cell "Name"`,
		`tonumber(split(" ", row.Name)[1])`:            `"…"`,
		`tonumber("x${row.Name}x")`:                    `"…"`,
		`parseint(row.Name, 10)`:                       `parse the cell "Name" as a base 10 integer`,
		`row.Name + 1`:                                 `a number is required`,
		`timeadd("2026-11-20T16:28:00Z", row.Name)`:    `timeadd`,
		`formatdate("YYYY", row.Name)`:                 `RFC3339`,
		`formatdate(row.Name, "2026-11-20T16:28:00Z")`: `invalid date format verb`,
		`parse_time("%m/%d/%Y", row.Name, "UTC")`:      `does not match the format "%m/%d/%Y"`,
		`parse_time(local.format, row.Name, "UTC")`:    `does not match the format "…"`,
		`parse_time("%F", "2026-11-20", row.Name)`:     `not a time zone`,
		`jsondecode(row.Name)`:                         `jsondecode`,
		`base64decode(row.Name)`:                       `not valid base64`,
		`regex("^[0-9]+$", row.Name)`:                  `did not match`,
		`regex(row.Other, "x")`:                        `regex`,
		`format("%d", row.Name)`:                       `unsupported value for "%d"`,
		`format(row.Name)`:                             ``,
		`format("%", row.Name)`:                        ``,
		`local.stores[row.Name]`:                       ``,
		`lookup(local.map, row.Name)`:                  `does not have this key`,
		`{ (row.Name) = 1 }[row.Other]`:                ``,
		`row.Name.x`:                                   ``,
		`row[row.Name]`:                                ``,
		`file(row.Name)`:                               `there is no such file`,
		`try(tonumber(row.Name), tobool(row.Name))`:    `no expression succeeded`,
		`[for x in [row.Name] : tonumber(x)]`:          `the cell "Name"`,
		`row.Name ? 1 : 2`:                             ``,
		`duration(row.Name)`:                           `duration`,
		`csvdecode("a,b\n${row.Name}")`:                ``,
		`tonumber(replace(row.Name, "Quimby", "Jim"))`: `"…"`,
	} {
		for name, row := range map[string]table.Row{"csv": csv, "jsonl": jsonl} {
			e := compile(t, source, ctx)
			_, diags := e.Eval(row)
			if !diags.HasErrors() {
				if want != "" {
					t.Errorf("%s: no error", source)
				}
				continue
			}
			for _, d := range diags {
				message := d.Summary + ": " + d.Detail
				lower := strings.ToLower(message)
				for _, part := range []string{"quimby", "zyx", "elm street", "jim", "xy"} {
					if strings.Contains(lower, part) {
						t.Errorf("%s of %s: the message quotes %q: %s", source, name, part, message)
					}
				}
				if d.Expression != nil || d.EvalContext != nil || d.Extra != nil {
					t.Errorf("%s: the diagnostic carries values", source)
				}
				if d.Subject == nil {
					t.Errorf("%s: the diagnostic has no place", source)
				}
			}
			if !strings.Contains(diags.Error(), want) {
				t.Errorf("%s of %s: got %q, want %q", source, name, diags.Error(), want)
			}
		}
	}
}
