package config_test

import (
	"context"
	"strings"
	"testing"
)

// What a file holds is in no message, wherever its text is used and whatever is
// wrong with it: it can hold what nobody meant to print.
func TestNoMessageQuotesAFile(t *testing.T) {
	t.Parallel()
	for name, held := range map[string]string{"path": "canary/x.csv", "number": "735194628", "json": `{"canary": 735194628}`} {
		for _, expr := range []string{
			`file("held")`, `local.x`, `var.x`, `local.y`, `upper(file("held"))`, `{ (file("held")) = "warn" }`, `[file("held")]`, `tonumber(file("held"))`, `regex("^x", var.x)`,
			`jsondecode(local.x)`, `jsondecode(local.x).x`, `"${local.x}"`, `{ a = 1 }[local.x]`, `parse_time("%F", local.x)`, `csvdecode(local.x)`, `{ id = 1, (local.x) = 2 }`,
			`csv(file("held"))`, `csv(local.y)`, `jsonl("${var.x}")`, `csv("${var.x}/*.csv")`, `csv("a.csv", { delimiter = local.x })`, `csv("a.csv", { (local.x) = "," })`,
		} {
			for _, frame := range []string{
				"order \"o\" {\n  status = §\n}\n", "order \"o\" {\n  status = \"shipped\"\n  account = §\n}\n", "order \"o\" {\n  status = \"shipped\"\n  find = §\n}\n",
				"order \"o\" {\n  status = \"shipped\"\n  shipped_at = §\n  attempt = §\n  replaces = §\n}\n", "account \"a\" {\n  endpoint = §\n  timezone = §\n}\n",
				"account \"a\" {\n  lookback = §\n  page_size = §\n  default = §\n}\n", "gdfctl {\n  required_version = §\n  backend \"local\" {\n    path = \"../${§}\"\n  }\n}\n",
				"batch \"b\" {\n  rows = §\n  find = { id = row.id }\n  status = \"shipped\"\n}\n", "batch \"b\" {\n  rows = [{ id = 1 }]\n  find = §\n  status = §\n  where = §\n}\n",
				"batch \"b\" {\n  rows = [{ id = 1 }]\n  find = { id = row.id }\n  status = \"shipped\"\n  shipped_at = §\n  latest = §\n}\n",
				"batch \"b\" {\n  rows = csv(\"a.csv\")\n  find = { id = row[§] }\n  status = \"shipped\"\n}\n",
				"watch \"w\" {\n  feeds = §\n  max_age = §\n  severity = §\n}\n", "policy {\n  max_changes = §\n  max_plan_age = §\n}\n",
				"policy {\n  rule \"r\" {\n    condition = §\n    message = \"m\"\n  }\n}\n", "notify \"n\" {\n  webhook = env.HOOK\n  format = §\n  on = §\n}\n",
			} {
				source := "variable \"x\" {\n  default = file(\"held\")\n}\nlocals {\n  y = \"${local.x}\"\n  x = file(\"held\")\n}\n" + strings.ReplaceAll(frame, "§", expr)
				cfg, diags := load(t, files{"main.hcl": source, "held": held, "a.csv": "id\n1\n"}, world{})
				wishes, more := cfg.Wishes(context.Background())
				text := strings.ToLower(said(append(append(diags, more...), wishes.Diagnostics()...)))
				if strings.Contains(text, "canary") || strings.Contains(text, "7351") {
					t.Errorf("%s: %s: %s", name, source, text)
				}
			}
		}
	}
}

// What stands in the configuration itself is told as it is written.
func TestWhatIsWrittenIsQuoted(t *testing.T) {
	for source, want := range map[string]string{
		"order \"o\" {\n  status = \"shipped\"\n  account = \"none\"\n}\n":                            `No account "none"`,
		"order \"o\" {\n  status = \"shipped\"\n  find = { idd = 1 }\n}\n":                            `"idd" is not a key of find`,
		"watch \"w\" {\n  feeds = \"*\"\n  severity = { max_aeg = \"warn\" }\n}\n":                    `No rule "max_aeg"`,
		"order \"o\" {\n  status = \"shipped\"\n  carrier = tonumber(\"UPS\")\n}\n":                   `"UPS"`,
		"batch \"b\" {\n  rows = csv(\"gone.csv\")\n  find = { id = 1 }\n  status = \"shipped\"\n}\n": "gone.csv",
		"locals {\n  a = file(\"gone.txt\")\n}\n" + anOrder:                                           `"gone.txt": there is no such file`,
	} {
		cfg, diags := load(t, files{"main.hcl": source}, world{})
		_, more := cfg.Wishes(context.Background())
		if text := said(append(diags, more...)); !strings.Contains(text, want) {
			t.Errorf("%s: want %s in %s", source, want, text)
		}
	}
}
