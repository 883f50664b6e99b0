package config_test

import (
	"fmt"
	"strings"
	"testing"
)

// manyRows are rows of one order, each with a number of its own.
func manyRows(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "x,1Z%d\n", i)
	}
	return b.String()
}

func TestParcelsStep(t *testing.T) {
	const first = `multiple_tracking = "first"`
	for name, c := range map[string]step{
		"in one file": {
			files: files{"t.csv": "id,t\nx,1Z1\nx,1Z2\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x ! split_shipment"},
		},
		"the first in one file": {
			files: files{"t.csv": "id,t\nx,1Z2\nx,1Z1\nx,1Z2\nx,1Z1\n", "main.hcl": exported("b", "t.csv", first)},
			want:  []string{"x shipped 1Z2"}, replaced: []string{"x t.csv:3 by multiple_tracking t.csv:2", "x t.csv:5 by multiple_tracking t.csv:2"},
		},
		"a copy of the file changes nothing": {
			files: files{"1.csv": "id,t\nx,1Z1\nx,1Z2\n", "2.csv": "id,t\nx,1Z1\nx,1Z2\n", "main.hcl": exported("b", "*.csv", first)},
			want:  []string{"x shipped 1Z1"}, replaced: []string{"x 1.csv:3 by multiple_tracking 1.csv:2", "x 2.csv:3 by multiple_tracking 1.csv:2"},
		},
		"one file has both, another repeats one": {
			files: files{"1.csv": "id,t\nx,1Z2\n", "2.csv": "id,t\nx,1Z1\nx,1Z2\n", "main.hcl": exported("b", "*.csv", first)},
			want:  []string{"x shipped 1Z2"}, replaced: []string{"x 2.csv:2 by multiple_tracking 1.csv:2"},
		},
		"more than anybody sends": {
			files: files{"t.csv": "id,t\n" + manyRows(51), "main.hcl": exported("b", "t.csv", first)},
			want:  []string{"x ! conflict tracking_number"},
		},
		"in two files": {
			files: files{"1.csv": "id,t\nx,1Z1\n", "2.csv": "id,t\nx,1Z2\n", "main.hcl": exported("b", "*.csv", first)},
			want:  []string{"x ! conflict tracking_number"},
		},
		"in two blocks": {
			files: files{"t.csv": "id,t\nx,1Z1\n", "main.hcl": exported("b", "t.csv", first) + shipBlock("o", "x", "1Z2", "")},
			want:  []string{"x ! conflict tracking_number"},
		},
		"one number in two spellings": {
			files: files{"t.csv": "id,t\nx,1z1\nx,1Z1\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x shipped 1z1"},
		},
		"what differs beside the number": {
			files: files{"t.csv": "id,t,n\nx,1Z1,A\nx,1Z2,B\n", "main.hcl": exported("b", "t.csv", first)},
			want:  []string{"x shipped A 1Z1"}, replaced: []string{"x t.csv:3 by multiple_tracking t.csv:2"},
		},
	} {
		t.Run(name, c.check)
	}
}

func TestFoldSteps(t *testing.T) {
	for name, c := range map[string]step{
		"acknowledge and ship": {
			files: files{"t.csv": "id,t\nx,1Z1\n", "main.hcl": exported("b", "t.csv", "") + "order \"o\" {\n  find = { id = \"x\" }\n  status = \"acknowledged\"\n  order_number = \"SO-1\"\n}\n"},
			want:  []string{"x shipped SO-1 1Z1"},
		},
		"two acknowledges with two numbers": {
			files: files{"t.csv": "id,n,s\nx,A,acknowledged\nx,B,acknowledged\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x ! conflict order_number"},
		},
		"a cancel and a shipment": {
			files: files{"t.csv": "id,t,s\nx,1Z1,\nx,,cancelled\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x ! conflict status"},
		},
		"a cancel and an acknowledge": {
			files: files{"t.csv": "id,n,s\nx,A,acknowledged\nx,,cancelled\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x ! conflict status"},
		},
		"two cancels": {
			files: files{"t.csv": "id,s\nx,cancelled\nx,cancelled\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x cancelled"},
		},
		"a number in one row and not in the other": {
			files: files{"t.csv": "id,t,n\nx,,A\nx,1Z1,\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x shipped A 1Z1"},
		},
		"the carrier of the row that has the number": {
			files: files{"t.csv": "id,t,c\nx,,FedEx\nx,1Z1,UPS\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x shipped 1Z1 UPS"},
		},
		"the carrier of a row without a number, if there is no other": {
			files: files{"t.csv": "id,t,c\nx,,FedEx\nx,1Z1,\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x shipped 1Z1 FedEx"},
		},
		"not of another block's row without a number": {
			files: files{"t.csv": "id,t\nx,1Z1\n", "u.csv": "id,c,at\nx,FedEx,2026-11-20T10:00:00Z\n", "main.hcl": exported("b", "t.csv", "") + exported("u", "u.csv", "")},
			want:  []string{"x shipped 1Z1"},
		},
		"two carriers of one number": {
			files: files{"t.csv": "id,t,c\nx,1Z1,UPS\nx,1Z1,FedEx\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x ! conflict carrier"},
		},
		"two carriers and no number": {
			files: files{"t.csv": "id,c\nx,UPS\nx,FedEx\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x ! conflict carrier"},
		},
		"one carrier in two spellings, as the first row has it": {
			files: files{"t.csv": "id,t,c\nx,1Z1,UPS Ground\nx,1Z1,UPS\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x shipped 1Z1 UPS Ground"},
		},
		"ship dates within a day: the earlier": {
			files: files{"t.csv": "id,t,at\nx,1Z1,2026-11-21T10:00:00Z\nx,1Z1,2026-11-20T10:00:00Z\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x shipped 1Z1 11-20T10:00"},
		},
		"ship dates further apart": {
			files: files{"t.csv": "id,t,at\nx,1Z1,2026-11-20T10:00:00Z\nx,1Z1,2026-11-20T20:00:00Z\nx,1Z1,2026-11-21T10:00:01Z\n", "main.hcl": exported("b", "t.csv", "")},
			want:  []string{"x ! conflict shipped_at"},
		},
		"the largest attempt of the wishes of the resulting status": {
			files: files{"main.hcl": shipBlock("a", "x", "1Z1", "attempt = 2") + shipBlock("b", "x", "1Z1", "attempt = 3") +
				"order \"c\" {\n  find = { id = \"x\" }\n  status = \"acknowledged\"\n  order_number = \"A\"\n  attempt = 9\n}\n"},
			want: []string{"x shipped A 1Z1 attempt 3"},
		},
		"without a number on purpose, and a number elsewhere": {
			files: files{"main.hcl": shipBlock("a", "x", "", "no_tracking = true") + shipBlock("b", "x", "1Z1", "")},
			want:  []string{"x shipped 1Z1"},
		},
		"without a number on purpose, and without": {
			files: files{"main.hcl": shipBlock("a", "x", "", "no_tracking = true") + shipBlock("b", "x", "", "")},
			want:  []string{"x shipped without a number"},
		},
		"a bad row and a contradiction: the bad row": {
			files: files{"t.csv": "id,t,at\nx,1Z1,\nx,1Z2,soon\n", "main.hcl": exported("b", "t.csv", "") + shipBlock("o", "x", "1Z3", "")},
			want:  []string{"x ! bad_row"},
		},
		"spelled as the first place has it": {
			files: files{"10.csv": "id,t,n\nx,1Z1,A\n", "9.csv": "id,t,n\nx,1z1,\n", "main.hcl": exported("b", "*.csv", "")},
			want:  []string{"x shipped A 1z1"},
		},
	} {
		t.Run(name, c.check)
	}
}
