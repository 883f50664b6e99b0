package machine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/order"
)

// write makes a folder with the files that the cases name, and says where it is.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// read reads a file in which DIR stands for its folder.
func read(t *testing.T, text string, files map[string]string) (*Machine, diag.List, string) {
	t.Helper()
	dir := write(t, files)
	path := filepath.Join(dir, "agent.hcl")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "DIR", filepath.ToSlash(dir))), 0o600); err != nil {
		t.Fatal(err)
	}
	m, diags := Read(path, func(name string) string {
		return map[string]string{"GDF_DATABASE_URL": "postgres://db/gdfctl"}[name]
	})
	return m, diags, dir
}

func TestAMachine(t *testing.T) {
	m, diags, dir := read(t, `
agent {
  database  = env.GDF_DATABASE_URL
  directory = "DIR/var"

  max_repository_mib = 512
}
workspace "seller-17" {
  git            = "git@github.com:acme/sellers.git"
  branch         = "release/1"
  path           = "sellers/seller-17/"
  env_file       = "DIR/env"
  signers        = "DIR/signers"
  allow          = ["acknowledge", "ship"]
  policy_dir     = "DIR/policy"
  min_every      = "5m"
  max_config_age = "24h"
}
workspace "shop" {
  dir = "DIR/shop"
}
`, map[string]string{"var/.keep": "", "env": "A=1", "signers": "", "policy/main.hcl": "", "shop/main.hcl": ""})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	want := &Machine{
		Database: "postgres://db/gdfctl", Directory: in("var"), MostRepository: 512 << 20,
		Workspaces: []Workspace{
			{
				Name: "seller-17", Git: "git@github.com:acme/sellers.git", Branch: "release/1", Path: "sellers/seller-17",
				EnvFile: in("env"), Signers: in("signers"), PolicyDir: in("policy"), Allow: []order.Action{order.Acknowledge, order.Ship},
				MinEvery: 5 * time.Minute, MaxConfigAge: 24 * time.Hour,
			},
			{Name: "shop", Dir: in("shop"), Branch: "main", Path: ".", Allow: []order.Action{order.Acknowledge}},
		},
	}
	m.Files = nil
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
}

// Every mistake has its place, and says what to do.
func TestMistakes(t *testing.T) {
	const shop = `workspace "shop" { dir = "DIR/shop" }` + "\n"
	files := map[string]string{"shop/main.hcl": "", "other/main.hcl": "", "env": "A=1\n"}
	one := func(line string) string { return "workspace \"shop\" {\n  dir = \"DIR/shop\"\n  " + line + "\n}\n" }
	git := func(lines ...string) string {
		return "workspace \"shop\" {\n  " + strings.Join(lines, "\n  ") + "\n}\n"
	}
	const url = `git = "https://example.com/a.git"`
	for name, c := range map[string]struct{ text, place, summary, detail string }{
		"no workspace":          {"", "", "No workspace", `dir = "/srv/gdfctl/shop"`},
		"syntax":                {"workspace \"a\" {", "1:15", "Unclosed configuration block", ""},
		"unknown block":         {shop + `workspce "a" {}`, "2:1", "Unsupported block type", `Did you mean "workspace"?`},
		"unknown attribute":     {one(`polici_dir = "/"`), "3:3", "Unsupported argument", `Did you mean "policy_dir"?`},
		"unknown in agent":      {shop + "agent {\n  databse = env.X\n}", "3:3", "Unsupported argument", `Did you mean "database"?`},
		"two agents":            {shop + "agent {}\nagent {}", "3:1", "Duplicate agent block", ""},
		"neither":               {`workspace "shop" {}`, "1:1", "Missing git or dir", ""},
		"both":                  {one(url), "2:3", "Both git and dir are set", "Remove one"},
		"the same name":         {shop + `workspace "Shop" { dir = "DIR/other" }`, "2:11", `Duplicate workspace "Shop"`, "agent.hcl:1"},
		"the same folder":       {shop + `workspace "b" { dir = "DIR/shop/" }`, "2:1", "The same configuration twice", `"shop"`},
		"the same branch":       {"workspace \"a\" {\n  env_file = \"DIR/env\"\n  " + url + "\n}\nworkspace \"b\" {\n  env_file = \"DIR/env\"\n  " + url + "\n  path = \"./\"\n}\n", "5:1", "The same configuration twice", `"a"`},
		"no name of a folder":   {`workspace "a/b" { dir = "DIR/shop" }`, "1:11", "Invalid name", "beginning with a letter"},
		"a relative folder":     {`workspace "shop" { dir = "shop" }`, "1:26", "dir is a relative path", "DIR/shop"},
		"no folder":             {`workspace "shop" { dir = "DIR/shoop" }`, "1:26", "No such directory", "Make it"},
		"a file for a folder":   {`workspace "shop" { dir = "DIR/env" }`, "1:26", "dir can't be used", "is not a directory"},
		"no env_file":           {one(`env_file = "DIR/none"`), "3:14", "No such file", ""},
		"a relative repository": {git(`git = "../sellers.git"`), "2:9", "git is a relative path", ""},
		"a program":             {git(`git = "ext::sh -c date"`), "2:9", "git is not the URL of a repository", "https://"},
		"an option":             {git(`git = "--upload-pack=date"`), "2:9", "git is not the URL of a repository", ""},
		"not encrypted":         {git(`git = "http://example.com/a.git"`), "2:9", "git is not the URL of a repository", ""},
		"a token":               {git(`git = "https://token@example.com/a.git"`), "2:9", "Credentials in the machine's file", "deploy key"},
		"a password":            {git(`git = "ssh://git:secret@example.com/a.git"`), "2:9", "Credentials in the machine's file", ""},
		"half a password":       {git(`git = "https://git:100%@example.com/a.git"`), "2:9", "Credentials in the machine's file", ""},
		"no branch":             {git(url, `branch = "--all"`), "3:12", "Not the name of a branch", ""},
		"another commit":        {git(url, `branch = "main~1"`), "3:12", "Not the name of a branch", ""},
		"a ref":                 {git(url, `branch = "refs/tags/v1"`), "3:12", "Not the name of a branch", ""},
		"out of the repository": {git(url, `path = "../other"`), "3:10", "path leaves the repository", ""},
		"out by a detour":       {git(url, `path = "a/../../other"`), "3:10", "path leaves the repository", ""},
		"from the root":         {git(url, `path = "/etc"`), "3:10", "path leaves the repository", ""},
		"git's own folder":      {git(url, `path = "a/.GIT/b"`), "3:10", "path is not a folder", ""},
		"branch without git":    {one(`branch = "main"`), "3:3", "branch is for git", ""},
		"age without git":       {one(`max_config_age = "1h"`), "3:3", "max_config_age is for git", ""},
		"never":                 {one(`allow = ["acknowledge", "cancel"]`), "3:11", "An agent never does that", `"cancel" is for people`},
		"never corrects":        {one(`allow = ["correct"]`), "3:11", "An agent never does that", ""},
		"a typo in allow":       {one(`allow = ["acknowlege"]`), "3:11", "Unknown action in allow", `Did you mean "acknowledge"?`},
		"nothing allowed":       {one(`allow = []`), "3:11", "allow must be a list of words", `allow = ["acknowledge"]`},
		"one word":              {one(`allow = "ship"`), "3:11", "allow must be a list of words", ""},
		"no duration":           {one(`min_every = "5 minutes"`), "3:15", "min_every must be a duration", `"5m"`},
		"too long":              {one(`min_every = "2d"`), "3:15", "min_every is out of range", ""},
		"too short an age":      {git(url, `max_config_age = "1m"`), "3:20", "max_config_age is out of range", "10 min"},
		"a number":              {one(`min_every = 5`), "3:15", "min_every must be a string", ""},
		"empty":                 {one(`env_file = ""`), "3:14", "env_file is empty", ""},
		"env elsewhere":         {one(`env_file = env.FILE`), "3:14", `"env" can't be used here`, "Only database"},
		"env in a text":         {one(`policy_dir = "/etc/${env.SHOP}"`), "3:24", `"env" can't be used here`, ""},
		"a variable":            {one(`policy_dir = var.dir`), "3:16", "Not a constant", ""},
		"a function":            {one(`policy_dir = upper("a")`), "3:16", "Not a constant", ""},
		"a written database":    {shop + "agent {\n  database = \"postgres://u:p@db/x\"\n}", "3:14", "database must be env.NAME", ""},
		"an unset database":     {shop + "agent {\n  database = env.GDF_DATABASE_UL\n}", "3:14", "GDF_DATABASE_UL is not set", ""},
		"no repository at all":  {shop + "agent {\n  max_repository_mib = 0\n}", "3:24", "max_repository_mib is out of range", "from 1 to 1048576"},
		"half a MiB":            {shop + "agent {\n  max_repository_mib = 0.5\n}", "3:24", "max_repository_mib is out of range", ""},
		"a text for a number":   {shop + "agent {\n  max_repository_mib = \"512\"\n}", "3:24", "max_repository_mib is out of range", ""},
		"shared variables":      {shop + "workspace \"b\" {\n  " + url + "\n}", "2:1", "Missing env_file", "who may push"},
	} {
		t.Run(name, func(t *testing.T) {
			_, diags, dir := read(t, c.text, files)
			if len(diags) != 1 || diags[0].Severity != diag.Error {
				t.Fatalf("%v", diags)
			}
			d, place := diags[0], ""
			if d.Range != nil {
				place = strings.TrimPrefix(at(d), filepath.Join(dir, "agent.hcl")+":")
			}
			detail := strings.ReplaceAll(d.Detail, filepath.ToSlash(dir), "DIR")
			if place != c.place || !strings.HasPrefix(d.Summary, c.summary) || !strings.Contains(detail, c.detail) {
				t.Errorf("%s: %s\n%s", place, d.Summary, detail)
			}
			if strings.Contains(d.Detail, "secret") || strings.Contains(d.Detail, "u:p@") {
				t.Errorf("it shows a password: %s", d.Detail)
			}
		})
	}
}

// All mistakes are reported at once.
func TestAllMistakesAtOnce(t *testing.T) {
	_, diags, _ := read(t, "agent {\n  database = \"x\"\n}\nworkspace \"a\" {\n  allow = [\"cancel\"]\n}\nworkspace \"b\" {\n  dir = \"b\"\n}\n", nil)
	if len(diags) != 4 {
		t.Errorf("%v", diags)
	}
}

// Files that decide what a workspace may do, or hold its keys, are not everybody's.
func TestFilesOfOthers(t *testing.T) {
	if os.PathSeparator == '\\' {
		t.Skip("Windows has other permissions")
	}
	for name, c := range map[string]struct {
		file string
		mode os.FileMode
		want string
	}{
		"keys that all can read":      {"env", 0o604, "env_file is not private"},
		"keys that all can change":    {"env", 0o602, "Everybody can change env_file"},
		"keys that a group can read":  {"env", 0o640, ""},
		"keys that a group can write": {"env", 0o660, "env_file is not private"},
		"signers of anybody":          {"signers", 0o666, "Everybody can change signers"},
		"public signers":              {"signers", 0o644, ""},
		"a machine of everybody's":    {"agent.hcl", 0o646, "Everybody can change the machine's file"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := write(t, map[string]string{"env": "A=1", "signers": "", "agent.hcl": ""})
			path := filepath.Join(dir, "agent.hcl")
			text := "workspace \"a\" {\n  git = \"https://example.com/a.git\"\n  env_file = \"" + dir + "/env\"\n  signers = \"" + dir + "/signers\"\n}\n"
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(filepath.Join(dir, c.file), c.mode); err != nil {
				t.Fatal(err)
			}
			_, diags := Read(path, func(string) string { return "" })
			switch {
			case c.want == "" && len(diags) > 0:
				t.Error(diags)
			case c.want != "" && (len(diags) != 1 || diags[0].Summary != c.want):
				t.Errorf("%v, want %s", diags, c.want)
			}
		})
	}
}

func at(d *diag.Diagnostic) string {
	return fmt.Sprintf("%s:%d:%d", d.Range.File, d.Range.Start.Line, d.Range.Start.Column)
}
