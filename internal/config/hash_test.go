package config_test

import (
	"maps"
	"testing"
)

// The hash changes when something is wanted that was not, and only then.
func TestHash(t *testing.T) {
	base := files{
		"main.hcl": "account \"main\" { endpoint = \"sandbox\" }\n" + orderBlocks(2) + shipBatch("b", `csv("t.csv")`, ""),
		"t.csv":    "id,t,note\nx,1Z1,\ny,1Z2,a\n",
	}
	changed := func(name, content string) files {
		f := maps.Clone(base)
		f[name] = content
		return f
	}
	moved := changed("other.hcl", base["main.hcl"])
	delete(moved, "main.hcl")
	want := mustWish(t, base).Hash
	for name, f := range map[string]files{
		"once more":                 base,
		"a comment":                 changed("main.hcl", "# a comment\n"+base["main.hcl"]),
		"another file name":         moved,
		"another block name":        changed("main.hcl", "account \"main\" { endpoint = \"sandbox\" }\n"+orderBlocks(2)+shipBatch("c", `csv("t.csv")`, "")),
		"rows in another order":     changed("t.csv", "id,t\ny,1Z2\nx,1Z1\n"),
		"a column that is not used": changed("t.csv", "id,t,note\nx,1Z1,z\ny,1Z2,\n"),
		"a row twice":               changed("t.csv", "id,t,note\nx,1Z1,\ny,1Z2,a\ny,1Z2,b\n"),
		"the policy":                changed("policy.hcl", "policy { max_held = 3 }\n"),
	} {
		if got := mustWish(t, f).Hash; got != want {
			t.Errorf("%s: the hash changed", name)
		}
	}
	seen := map[string]string{want: "base"}
	main := base["main.hcl"]
	for name, f := range map[string]files{
		"a tracking number": changed("t.csv", "id,t\nx,1Z1\ny,1Z3\n"),
		"an id":             changed("t.csv", "id,t\nx,1Z1\nz,1Z2\n"),
		"cells shifted":     changed("t.csv", "id,t\nx1,Z1\ny,1Z2\n"),
		"one row less":      changed("t.csv", "id,t\nx,1Z1\n"),
		"a bad row":         changed("t.csv", "id,t\nx,1Z1\ny\n"),
		"a carrier":         changed("more.hcl", "order \"q\" {\n  status = \"shipped\"\n  carrier = \"UPS\"\n}\n"),
		"an order":          changed("more.hcl", "order \"q\" {\n  status = \"shipped\"\n}\n"),
		"an attempt":        changed("more.hcl", "order \"q\" {\n  status = \"shipped\"\n  attempt = 2\n}\n"),
		"a time":            changed("more.hcl", "order \"q\" {\n  status = \"shipped\"\n  shipped_at = \"2026-11-20T16:28:00Z\"\n}\n"),
		"an order number":   changed("more.hcl", "order \"q\" {\n  status = \"acknowledged\"\n  order_number = \"O1\"\n}\n"),
		"a cancel":          changed("more.hcl", "order \"q\" {\n  status = \"cancelled\"\n  reason = \"lost\"\n}\n"),
		"a reason":          changed("more.hcl", "order \"q\" {\n  status = \"cancelled\"\n  reason = \"sold\"\n}\n"),
		"a find":            changed("more.hcl", "order \"q\" {\n  status = \"cancelled\"\n  reason = \"sold\"\n  find = { order_number = \"q\" }\n}\n"),
		"a release":         changed("more.hcl", "release \"x\" {\n  reason = \"settled\"\n}\n"),
		"the account":       changed("main.hcl", "account \"other\" { endpoint = \"sandbox\" }\n"+main[len("account \"main\" { endpoint = \"sandbox\" }\n"):]),
		"the endpoint":      changed("main.hcl", "account \"main\" { endpoint = \"http://localhost\" }\n"+main[len("account \"main\" { endpoint = \"sandbox\" }\n"):]),
	} {
		got := mustWish(t, f).Hash
		if other, ok := seen[got]; ok {
			t.Errorf("%s has the hash of %s", name, other)
		}
		seen[got] = name
	}
}

// A local or a variable changes the hash by what it makes of the wishes.
func TestHashOfVariables(t *testing.T) {
	f := files{"main.hcl": "variable \"v\" { default = \"UPS\" }\nvariable \"unused\" { default = 1 }\norder \"a\" {\n  status = \"shipped\"\n  carrier = var.v\n}\n"}
	hash := func(vars map[string]string) string { return wishesOf(t, mustLoad(t, f, world{vars: vars})).Hash }
	if hash(nil) != hash(map[string]string{"unused": "2"}) || hash(nil) != hash(map[string]string{"v": "UPS"}) {
		t.Error("the same wishes have two hashes")
	}
	if hash(nil) == hash(map[string]string{"v": "USPS"}) {
		t.Error("two wishes have one hash")
	}
}
