//go:build !race

package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/canary"
	"github.com/gdfctl/gdfctl/internal/screen"
)

// stolen is a key of which no piece stands in a text by chance.
const stolen = "Qz7wXk4pJv9mHt2nBd6r"

// What expressions that are after a secret are made of: where it is, what makes it
// hard to recognise, what says aloud what it fails over, and the rest.
var (
	secrets = []string{`env.GDF_CONSUMER_KEY`, `env.HOOK`, `env["GDF_CONSUMER_KEY"]`, `env`, `file(".env")`, `file(".git/config")`, `file("linked")`}
	plain   = []string{`var.v`, `local.l`, `"a"`, `3`}
	hiding  = []string{
		`(§)`, `"${§}"`, `"a${§}b"`, `base64encode(§)`, `strrev(§)`, `upper(§)`, `lower(§)`, `urlencode(§)`, `substr(§, 3, 7)`, `replace(§, "7", "-")`,
		`join(",", [§])`, `jsonencode(§)`, `format("%s%%", §)`, `base64decode(§)`, `try(§, tonumber(§))`, `[§]`, `{ a = § }`, `{ (§) = 1 }`, `split("7", §)`, `§[0]`, `§.a`, `§[*]`,
	}
	failing = []string{
		`tonumber(§)`, `tobool(§)`, `parseint(§, 36)`, `parse_time("%Y", §)`, `duration(§)`, `regex(§, "a")`, `regex("^[0-9]+$", §)`, `formatdate(§, "2026-11-20T16:28:00Z")`,
		`timeadd(§, "1h")`, `file(§)`, `csv(§)`, `jsonl("${§}.jsonl")`, `lookup({}, §)`, `jsondecode(§)`, `csvdecode(§)`, `{ a = 1 }[§]`, `[1][§]`, `!§`, `§ + 1`,
	}
	other = []string{
		`§`, `§ == "a" ? 1 : 2`, `substr(§, 0, 1) == "Q" ? "UTC" : "x"`, `[for x in § : tonumber(x)]`, `[for env in [§] : env]`, `{ for k, v in § : v => k }`, `"%{ if § == "a" }b%{ endif }"`,
	}
)

// expression draws an expression that is after a secret: of the environment, or
// of a file that holds some.
func expression(t *rapid.T) string {
	around := func(x string, shapes ...[]string) string {
		return strings.ReplaceAll(rapid.SampledFrom(slices.Concat(shapes...)).Draw(t, "around"), "§", x)
	}
	if rapid.Bool().Draw(t, "aimed") {
		x := rapid.SampledFrom(secrets).Draw(t, "secret")
		return around(around(x, hiding), failing)
	}
	x := rapid.SampledFrom(slices.Concat(secrets, plain)).Draw(t, "atom")
	for range rapid.IntRange(0, 3).Draw(t, "depth") {
		x = around(x, hiding, failing, other)
	}
	return x
}

// frames are the places of a configuration for an expression.
var frames = []string{
	"account \"main\" {\n  consumer_key = §\n}\n", "account \"main\" {\n  token = §\n}\n", "account \"main\" {\n  endpoint = §\n}\n", "account \"main\" {\n  timezone = §\n}\n",
	"account \"main\" {\n  lookback = §\n  page_size = §\n}\n", "account \"main\" {\n  endpoint = \"sandbox\"\n  default = §\n}\n", "gdfctl {\n  backend \"local\" {\n    path = §\n  }\n}\n",
	"gdfctl {\n  required_version = §\n}\n", "locals {\n  l = §\n}\n", "variable \"w\" {\n  default = §\n}\n", "notify \"n\" {\n  webhook = §\n  secret = §\n}\n",
	"order \"tHbuSCBLMHNXP0VIYiycumodmWyfG6pj\" {\n  status = \"cancelled\"\n  reason = §\n}\n", "order \"o\" {\n  status = §\n  find = §\n}\n",
	"batch \"b\" {\n  rows = §\n  find = { id = row.id }\n  status = \"shipped\"\n}\n", "batch \"b\" {\n  rows = csv(\"a.csv\")\n  find = { id = § }\n  where = §\n  status = \"shipped\"\n}\n",
	"policy {\n  rule \"r\" {\n    condition = §\n    message = §\n  }\n}\n", "watch \"w\" {\n  feeds = §\n}\n",
}

// TestNoExpressionPrintsAKey: whatever stands in a configuration, and wherever,
// nothing that the commands print or write holds a piece of a key, a webhook, or
// a hidden file.
func TestNoExpressionPrintsAKey(t *testing.T) {
	// a server that sends back all that it gets
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, r.URL.String()+" "+string(body))
	}))
	defer echo.Close()
	root, drawn := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		drawn++
		dir := filepath.Join(root, strconv.Itoa(drawn))
		defer os.RemoveAll(dir)
		given := map[string]string{".env": "KEY=" + stolen + "\n", ".git/config": stolen, "a.csv": "id\n1\n"}
		for name, content := range given {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Symlink(".env", filepath.Join(dir, "linked")); err != nil {
			t.Fatal(err)
		}
		expr := expression(t)
		source := strings.ReplaceAll(rapid.SampledFrom(frames).Draw(t, "frame"), "§", expr)
		if !strings.HasPrefix(source, "account") && rapid.Bool().Draw(t, "sandbox") {
			source += "account \"main\" {\n  endpoint = \"sandbox\"\n}\n"
		}
		source += "variable \"v\" {\n  type = list(string)\n  default = [\"a\"]\n}\n"
		if !strings.HasPrefix(source, "locals") {
			source += "locals {\n  l = [var.v]\n}\n"
		}
		if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		env := map[string]string{
			"GDF_ENDPOINT": echo.URL, "GDF_CONSUMER_KEY": stolen, "HOOK": "https://hooks.example/" + stolen, "GDF_CACHE_DIR": filepath.Join(root, "cache"), "NO_COLOR": "1",
		}
		var said bytes.Buffer
		for _, line := range []string{
			"validate", "validate --json", "plan --full", "plan --json --out " + filepath.Join(dir, "p"), "doctor", "doctor --json", "apply --auto-approve", "state list", "state list --json", "audit export",
		} {
			p := &program{Screen: screen.Screen{In: strings.NewReader(""), Out: &said, Err: &said, Env: func(name string) string { return env[name] }, Now: time.Now}}
			run(p, append(strings.Fields(line), "--chdir", dir))
		}
		if what := canary.FindTraces(said.String(), stolen); what != "" {
			t.Fatalf("%s prints %s:\n%s", source, what, said.String())
		}
		what, err := canary.FindInFiles(dir, func(name string) bool { return given[name] != "" || name == "linked" }, stolen)
		if err != nil || what != "" {
			t.Fatalf("%s: %s %v", source, what, err)
		}
	})
}
