package config_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// Values come from the default, the environment, files and flags; a later one
// wins.
func TestWhereVariablesComeFrom(t *testing.T) {
	dir := t.TempDir()
	files{"a.hcl": "carrier = \"file\"\n", "b.hcl": "carrier = upper(\"later file\")\n", "c.json": `{"carrier": "json", "number": 12}`}.in(t, dir)
	file := func(names ...string) []string {
		var paths []string
		for _, n := range names {
			paths = append(paths, filepath.Join(dir, n))
		}
		return paths
	}
	env := map[string]string{"GDF_VAR_carrier": "environment", "carrier": "nobody"}
	flag := map[string]string{"carrier": "flag"}
	for name, c := range map[string]struct {
		world world
		want  string
	}{
		"default":           {world{}, "default"},
		"environment":       {world{env: env}, "environment"},
		"file":              {world{env: env, varFiles: file("a.hcl")}, "file"},
		"later file":        {world{env: env, varFiles: file("a.hcl", "b.hcl")}, "LATER FILE"},
		"JSON file":         {world{varFiles: file("b.hcl", "c.json")}, "json"},
		"flag":              {world{env: env, varFiles: file("a.hcl"), vars: flag}, "flag"},
		"an empty flag":     {world{env: env, vars: map[string]string{"carrier": ""}}, ""},
		"empty environment": {world{env: map[string]string{"GDF_VAR_carrier": ""}}, "default"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := mustLoad(t, files{"main.hcl": `
variable "carrier" { default = "default" }
variable "number" { default = 1 }
order "a" {
  status  = "shipped"
  carrier = var.carrier
}`}, c.world)
			if got := wishesOf(t, cfg).Orders[0].Want.Carrier; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTypesOfVariables(t *testing.T) {
	cfg := mustLoad(t, files{"main.hcl": `
variable "stores" { type = map(string) }
variable "numbers" { type = list(number) }
variable "text" {}
variable "flag" {
  type        = bool
  default     = "true"
  description = "what it is for"
}
order "a" {
  status          = "shipped"
  carrier         = var.stores["Amazon US"]
  tracking_number = "${sum(var.numbers)}${var.text}${var.flag}"
}`}, world{vars: map[string]string{"stores": `{ "Amazon US" = "Amazon" }`, "numbers": "[1, 2]", "text": "[1]"}})
	w := wishesOf(t, cfg).Orders[0].Want
	if w.Carrier != "Amazon" || w.Tracking != "3[1]true" {
		t.Errorf("got %+v", w)
	}
}

func TestFilesOfVariablesThatAreWrong(t *testing.T) {
	dir := t.TempDir()
	files{
		"block.hcl": "x {\n}\n", "syntax.hcl": "v = [\n", "unknown.hcl": "w = 1\n", "refers.hcl": "v = local.x\n", "syntax.json": `{"v": `,
		"deep.json": `{"v": ` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "}",
	}.in(t, dir)
	for name, want := range map[string]string{
		"none.hcl":    "can't be read",
		"block.hcl":   "Unexpected \"x\" block",
		"syntax.hcl":  "Missing expression",
		"unknown.hcl": `No variable "w"`,
		"refers.hcl":  `"local" can't be used here`,
		"syntax.json": "main.hcl", // see below
		"deep.json":   "Nesting too deep",
	} {
		_, diags := load(t, files{"main.hcl": "variable \"v\" { default = 1 }\norder \"a\" {\n  status = \"shipped\"\n}\n"},
			world{varFiles: []string{filepath.Join(dir, name)}})
		if name == "syntax.json" {
			want = "syntax.json" // the JSON reader's own words
		}
		if !diags.HasErrors() || !strings.Contains(said(diags), want) {
			t.Errorf("%s: got %s, want %q", name, said(diags), want)
		}
	}
}

// Locals are evaluated in the order of their references, however these are
// written and whatever the locals are called.
func TestLocals(t *testing.T) {
	cfg := mustLoad(t, files{"main.hcl": `
locals {
  a = "${local.z}a"
  b = local["a"]
  m = { for k in ["x"] : k => local.z }
  t = try(local.z.nothing, "tried")
}
order "a" {
  status          = "shipped"
  carrier         = "${local.b}${local.m.x}${local["m"]["x"]}"
  tracking_number = "${length(keys(local))}${local.t}"
}`, "other.hcl": "locals {\n  z = var.v\n}\nvariable \"v\" { default = \"z\" }\n"}, world{})
	w := wishesOf(t, cfg).Orders[0].Want
	if w.Carrier != "zazz" || w.Tracking != "5tried" {
		t.Errorf("got %+v", w)
	}
}

// Two circles are two errors, and what depends on a circle is none.
func TestCirclesOfLocals(t *testing.T) {
	_, diags := load(t, files{"main.hcl": `
locals {
  a = local.b
  b = local.c
  c = local.b
  x = local.x
  y = "${local.x}${local.a}"
}
order "a" {
  status  = "shipped"
  carrier = local.y
  attempt = local.a
}`}, world{})
	want := []string{"main.hcl:4 ERROR local.b depends on itself", "main.hcl:6 ERROR local.x depends on itself"}
	if got := placed(diags); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q", got)
	}
}
