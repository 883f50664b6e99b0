package config_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// canary is a buyer's name that stands in every cell but the one that names the
// order. No message may hold it, in whatever case.
const canary = "Zebulon"

// Expressions over a row that fail in every way that functions and HCL know.
// None may quote the cell.
func TestNoMessageHoldsACell(t *testing.T) {
	var table strings.Builder
	table.WriteString("id,c,buyer\n")
	for i, cell := range []string{canary, canary + " Smith, 12 Elm St", `"` + canary + `"`, `{"` + canary + `":`, "%" + canary, canary + "\n\x1b[31m"} {
		fmt.Fprintf(&table, "112-%d,\"%s\",%s\n", i, strings.ReplaceAll(cell, `"`, `""`), canary)
	}
	for _, expr := range []string{
		`row.c`, `upper(row.c)`, `row.c + 1`, `tonumber(row.c)`, `tobool(lower(row.c))`, `local.stores[row.c]`, `local.stores[upper(row.c)]`,
		`parse_time("%Y", row.c)`, `parse_time(row.c, "2026")`, `parse_time("%Y-%m-%d", "2026-11-20", row.c)`, `duration(row.c)`, `age(row.c)`,
		`jsondecode(row.c)`, `regex("^x$", row.c)`, `regex(row.c, "x")`, `formatdate(row.c, "2026-11-20T00:00:00Z")`, `timeadd(row.c, "1h")`,
		`element([], row.c)`, `lookup(local.stores, row.c)`, `[row.c]`, `{ (row.c) = 1 }`, `substr(row.c, row.c, 1)`, `row.c ? 1 : 2`,
		`"${row.c}${row[row.c]}"`, `index(["x"], row.c)`, `base64decode(row.c)`, `one([row.c, row.c])`, `format(row.c)`, `format("%d", row.c)`,
		`[for k in row.c : k]`, `merge(row.c)`, `zipmap([row.c], [])`, `setproduct(row.c)`, `try(row.c.x)`, `row.c.x`, `row.c[0]`, `csvdecode(row.c)`,
		`parseint(row.c, 10)`, `split(row.c)`, `tolist(row.c)`, `urlencode([row.c])`, `indent(row.c, "x")`, `join(row.c, row.c)`, `chunklist([1], row.c)`,
	} {
		for attr, block := range map[string]string{
			"wanted":     "status = \"shipped\"\n  %s = %s\n  find = { id = row.id }",
			"find":       "status = \"shipped\"\n  find = { id = %[2]s }",
			"find whole": "status = \"shipped\"\n  find = merge({ id = row.id }, { id = %[2]s })",
			"find key":   "status = \"shipped\"\n  find = zipmap([%[2]s], [row.id])",
			"where":      "status = \"shipped\"\n  where = %[2]s\n  find = { id = row.id }",
		} {
			if strings.HasPrefix(attr, "find") && attr != "find key" && expr == "row.c" {
				continue // here the cell is the order's number
			}
			name := "shipped_at"
			if len(expr)%2 == 0 {
				name = "status"
			}
			source := fmt.Sprintf("locals {\n  stores = { x = 1 }\n}\nbatch \"b\" {\n  rows = csv(\"t.csv\")\n  "+block+"\n}\n", name, expr)
			noCanary(t, expr+" as "+attr, files{"main.hcl": source, "t.csv": table.String()})
		}
	}
}

func noCanary(t *testing.T, what string, f files) {
	t.Helper()
	cfg, diags := load(t, f, world{})
	wishes, more := cfg.Wishes(context.Background())
	text := said(append(append(diags, more...), wishes.Diagnostics()...))
	for i := range wishes.Orders {
		if p := wishes.Orders[i].Problem; p != nil {
			text += p.Message + p.Place.String()
		}
	}
	// an address holds the order's number, whatever the row gives for it
	for i := range wishes.Orders {
		text = strings.ReplaceAll(text, wishes.Orders[i].Address(), "")
	}
	if strings.Contains(strings.ToLower(text), strings.ToLower(canary)) {
		t.Errorf("%s: a message holds the cell:\n%s", what, text)
	}
}

// What is wrong with a table itself is told without its cells too.
func TestNoMessageHoldsARow(t *testing.T) {
	for name, table := range map[string]string{
		"ragged":        "id,c\n1," + canary + ",x\n",
		"quote":         "id,c\n1,\"" + canary + "\nx\n",
		"bare quote":    "id,c\n1," + canary + "\"\n",
		"not UTF-8":     "id,c\n1," + canary + "\xff\n",
		"NUL":           "id,c\n1," + canary + "\x00\n",
		"conflict":      "id,c\n1," + canary + "\n1," + canary + "2\n",
		"parcels":       "id,c,t\n1," + canary + ",1Z1\n1," + canary + ",1Z2\n",
		"HTML":          "<html>" + canary,
		"empty numbers": "id,c\n," + canary + "\n",
	} {
		for _, attr := range []string{"carrier = row.c", "order_number = upper(row.c)", "tracking_number = try(row.t, null)"} {
			noCanary(t, name, files{"t.csv": table, "main.hcl": "batch \"b\" {\n  rows = csv(\"t.csv\")\n  find = { id = row.id }\n  status = \"shipped\"\n  " + attr + "\n}\n"})
		}
	}
	for name, line := range map[string]string{
		"broken": `{"id":"1","c":"` + canary + `"`, "list": `["` + canary + `"]`, "text": canary, "nested": `{"id":"1","c":{"name":"` + canary + `"}}`,
		"two": `{"id":"1"} {"c":"` + canary + `"}`,
	} {
		noCanary(t, "jsonl "+name, files{"t.jsonl": line + "\n", "main.hcl": "batch \"b\" {\n  rows = jsonl(\"t.jsonl\")\n  find = { id = row.id }\n  status = \"shipped\"\n  carrier = row.c\n}\n"})
	}
}

// Keys come from the environment, and no message holds them.
func TestNoMessageHoldsASecret(t *testing.T) {
	for _, expr := range []string{
		`env.SECRET`, `tonumber(env.SECRET)`, `env.SECRET + 1`, `parse_time("%Y", env.SECRET)`, `jsondecode(env.SECRET)`, `regex("^x$", env.SECRET)`,
		`{ x = 1 }[env.SECRET]`, `file(env.SECRET)`, `"https://${env.SECRET}@host"`, `"http://${env.SECRET}"`, `[env.SECRET]`, `duration(env.SECRET)`,
		`env["SECRET"]`, `formatdate(env.SECRET, "2026-11-20T00:00:00Z")`, `format(env.SECRET)`, `lookup({}, env.SECRET)`,
	} {
		for _, source := range []string{
			"account \"a\" {\n  endpoint = %s\n}\n", "account \"a\" {\n  timezone = %s\n}\n", "account \"a\" {\n  lookback = %s\n}\n",
			"account \"a\" {\n  page_size = %s\n}\n", "account \"a\" {\n  consumer_key = %s\n  token = \"x\"\n}\n", "account \"a\" {\n  default = %s\n}\n",
			"gdfctl {\n  backend \"local\" { path = %s }\n}\n", "gdfctl {\n  required_version = %s\n}\n",
		} {
			cfg, diags := load(t, files{"main.hcl": fmt.Sprintf(source, expr)}, world{env: map[string]string{"SECRET": "canary-0123"}})
			_, more := cfg.Wishes(context.Background())
			if text := said(append(diags, more...)); strings.Contains(text, "canary") {
				t.Errorf("%s: %s", fmt.Sprintf(source, expr), text)
			}
		}
	}
}

// What holds a key is sent to the API alone, and what holds a webhook to its
// receiver alone.
func TestKeysStandOnlyInKeys(t *testing.T) {
	w := world{env: map[string]string{"GDF_CONSUMER_KEY": "canary-1", "OTHER": "canary-2", "GDF_ENDPOINT": "https://example.com"}}
	for _, source := range []string{
		"account \"a\" {\n  endpoint = env.GDF_CONSUMER_KEY\n}\n",
		"account \"a\" {\n  endpoint = env.OTHER\n}\naccount \"b\" {\n  token = env.OTHER\n  default = true\n}\n",
		"account \"a\" {\n  endpoint = env.OTHER\n}\nnotify \"n\" {\n  webhook = env.OTHER\n}\n",
		"account \"a\" {\n  token = env.OTHER\n}\nnotify \"n\" {\n  webhook = env.OTHER\n}\n",
		"notify \"n\" {\n  webhook = env.GDF_TOKEN\n}\n",
	} {
		if _, diags := load(t, files{"main.hcl": source}, w); !strings.Contains(said(diags), "can't be used here") {
			t.Errorf("%s: got %s", source, said(diags))
		}
	}
	cfg := mustLoad(t, files{"main.hcl": "account \"a\" {\n  endpoint = env.GDF_ENDPOINT\n  consumer_key = env.GDF_CONSUMER_KEY\n}\n"}, w)
	if a := cfg.Accounts[0]; a.Endpoint != "https://example.com" || a.ConsumerKey != "canary-1" || !a.KeyFromOutside {
		t.Errorf("endpoint %s, key from outside %v", a.Endpoint, a.KeyFromOutside)
	}
}
