package acceptance

import "testing"

// conflictCases are exports that say several things about one order.
var conflictCases = []heldCase{
	{
		folder: "voided-number-twice", name: "as it is",
		validate: valid("1 order"),
		changes:  []string{"112-1234567-1234567 ship 1Z999AA10123456784"},
	},
	{
		folder: "voided-number-twice", name: "with voided",
		change:   replace("main.hcl", `where           = row["IsVoid"] != "Y"`, `voided = row["IsVoid"] == "Y"`),
		validate: valid(),
		plan:     valid("batch.s[\"Amazon/112-1234567-1234567\"] (in.csv:2) is void by in.csv:3", "No changes"),
		changes:  none, held: none,
	},
	{
		folder:   "latest-file-browser-copy",
		validate: valid("latest_file", "export (1).csv was taken as the later file than export.csv; delete the older one, or use latest_by"),
		plan:     valid("latest_file", "(s/export.csv:2) gives way to s/export (1).csv:2 (latest)"),
		changes:  []string{"112-1234567-1234567 ship 1Z999AA10123456793"}, held: none,
	},
	{
		folder:   "acknowledged-then-shipped",
		validate: valid("2 orders"),
		plan:     valid("SO-1"),
		changes:  []string{"112-1234567-1234567 acknowledge+ship 1Z999AA10123456784", "112-7654321-7654321 ship 1Z999AA10123456793"}, held: none,
	},
	{
		folder: "carrier-cannot-be-corrected", name: "as it is",
		validate: refused("attempt is the same for all rows", "an expression over row"),
		plan:     refused("attempt is the same for all rows"),
	},
	{
		folder:   "same-number-with-spaces",
		validate: valid("2 orders"),
		changes:  []string{"112-1234567-1234567 ship 1Z999AA10123456784", "112-7654321-7654321 ship 1Z999AA10123456793"}, held: none,
	},
	{
		folder: "padded-void", name: "with voided",
		change:   replace("main.hcl", `where           = row["Void"] != "Y"`, `voided = trimspace(row["Void"]) == "Y"`),
		validate: valid(),
		changes:  []string{"112-7654321-7654321 ship 1Z999AA10123456793"}, held: none,
	},
	{
		folder:   "item-rows-one-differs",
		validate: valid("3 orders"),
		changes: []string{
			"112-1234567-1234567 ship 1Z999AA10123456784", "112-7654321-7654321 ship 1Z999AA10123456793", "113-2468013-5791357 ship 9400111899223197428506",
		},
		held: none,
	},
	{
		folder: "item-rows-one-differs", name: "another carrier",
		change:   replace("in.csv", "UPS Ground", "FedEx"),
		validate: refused("in.csv:3", "carrier", "plan holds this order back"),
		plan:     valid("conflict", "in.csv:2", "in.csv:3", "remove one row"),
		changes:  []string{"112-7654321-7654321 ship 1Z999AA10123456793", "113-2468013-5791357 ship 9400111899223197428506"},
		held:     []string{"112-1234567-1234567 conflict"},
	},
}

func TestWhatIsSaidTwice(t *testing.T) { runCases(t, conflictCases) }
