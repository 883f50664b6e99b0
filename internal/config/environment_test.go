package config_test

import (
	"context"
	"strings"
	"testing"
)

// env.NAME stands alone, in a few attributes. Anything else is an error with a
// place and a remedy, whatever the variable holds and before anything is
// evaluated.
func TestTheEnvironmentStandsAlone(t *testing.T) {
	t.Parallel()
	const alone, elsewhere = "env must stand alone", `"env" can't be used here`
	attributes := map[string]string{ // the frame around an expression, by what is said of an env in it
		"account \"a\" {\n  consumer_key = §\n}\n":                                          alone,
		"account \"a\" {\n  token = §\n}\n":                                                 alone,
		"account \"a\" {\n  endpoint = §\n}\n":                                              alone,
		"notify \"n\" {\n  webhook = §\n}\n":                                                alone,
		"notify \"n\" {\n  webhook = env.HOOK\n  secret = §\n}\n":                           alone,
		"account \"a\" {\n  timezone = §\n}\n":                                              elsewhere,
		"account \"a\" {\n  lookback = §\n}\n":                                              elsewhere,
		"account \"a\" {\n  default = §\n}\n":                                               elsewhere,
		"account \"a\" {\n  rate_limit {\n    burst = §\n  }\n}\n":                          elsewhere,
		"account \"a\" {\n  rate_limit {\n    consumer_key = §\n  }\n}\n":                   elsewhere,
		"gdfctl {\n  backend \"local\" {\n    path = §\n  }\n}\n":                           elsewhere,
		"gdfctl {\n  required_version = §\n}\n":                                             elsewhere,
		"locals {\n  consumer_key = §\n}\n":                                                 elsewhere,
		"variable \"v\" {\n  default = §\n}\n":                                              elsewhere,
		"variable \"v\" {\n  default = 1\n  type = §\n}\n":                                  elsewhere,
		"order \"o\" {\n  status = \"shipped\"\n  carrier = §\n}\n":                         elsewhere,
		"order \"o\" {\n  status = \"shipped\"\n  find = { id = § }\n}\n":                   elsewhere,
		"order \"o\" {\n  status = \"shipped\"\n  token = §\n}\n":                           elsewhere,
		"batch \"b\" {\n  rows = §\n  find = { id = row.id }\n  status = \"shipped\"\n}\n":  elsewhere,
		"batch \"b\" {\n  rows = csv(§)\n  find = { id = row.id }\n  status = \"x\"\n}\n":   elsewhere,
		"batch \"b\" {\n  rows = []\n  where = § == 1\n  find = {}\n  status = \"x\"\n}\n":  elsewhere,
		"policy {\n  rule \"r\" {\n    condition = true\n    message = §\n  }\n}\n":         elsewhere,
		"watch \"w\" {\n  feeds = §\n}\n":                                                   elsewhere,
		"watch \"w\" {\n  feeds = \"*\"\n  content {\n    required_columns = [§]\n  }\n}\n": elsewhere,
		"notify \"n\" {\n  webhook = env.HOOK\n  format = §\n}\n":                           elsewhere,
		"release \"r\" {\n  find = { id = \"x\" }\n  reason = §\n}\n":                       elsewhere,
	}
	expressions := []string{
		`file(base64encode(env.KEY))`, `"${env.KEY}"`, `"x${base64encode(env.KEY)}.json"`, `(env.KEY)`, `env["KEY"]`, `env`, `env.KEY.x`, `env.*`, `env[*]`,
		`[env.KEY]`, `{ x = env.KEY }`, `{ (env.KEY) = 1 }`, `{ "${env.KEY}" = 1 }`, `{ x = 1 }[env.KEY]`, `substr(env.KEY, 0, 1) == "a" ? "UTC" : "x"`,
		`true ? "UTC" : env.KEY`, `try(env.KEY, "UTC")`, `[for k, v in env : v]`, `[for x in ["a"] : env[x]]`, `[for env in ["a"] : env]`, `{ for env, v in {} : env => v }`,
		`!env.KEY`, `-env.KEY`, `env.KEY == "a"`, `keys(env)`, `parseint(env.KEY, 36)`, `csvdecode(env.KEY)`, `"%{ if env.KEY == "a" }x%{ endif }"`,
		"<<EOT\n${env.KEY}\nEOT\n",
	}
	w := world{env: map[string]string{"KEY": "canary-0123", "HOOK": "https://hooks.example/canary"}}
	for frame, want := range attributes {
		for _, expr := range expressions {
			source := strings.Replace(frame, "§", expr, 1)
			cfg, diags := load(t, files{"main.hcl": source}, w)
			_, more := cfg.Wishes(context.Background())
			text := said(append(diags, more...))
			if strings.HasPrefix(expr, "<<") && !strings.Contains(frame, "= §\n") {
				continue // nothing can follow a heredoc in its line
			}
			if !strings.Contains(text, want) || !strings.Contains(text, "main.hcl:") || strings.Contains(text, "canary") {
				t.Errorf("%s: want %q at a place, got %s", source, want, text)
			}
		}
	}
}

// Whole variables stand where the language has credentials and addresses.
func TestWholeVariables(t *testing.T) {
	source := `
account "a" {
  endpoint     = env.AT
  consumer_key = env.KEY
}
notify "n" {
  webhook = env.HOOK
  secret  = env.SIGN
}
`
	w := world{env: map[string]string{"AT": "https://api.example.com/base", "KEY": " k\n", "HOOK": "https://hooks.example/x", "SIGN": "s"}}
	cfg := mustLoad(t, files{"main.hcl": source}, w)
	if a := cfg.Accounts[0]; a.Endpoint != "https://api.example.com/base" || a.ConsumerKey != "k" || !a.KeyNamed || !a.KeyFromOutside {
		t.Errorf("%+v", a)
	}
	if n := cfg.Notify[0]; n.Webhook != "https://hooks.example/x" || n.Secret != "s" {
		t.Errorf("%+v", n)
	}
}

// A secret is a text or a variable of the environment: nothing is evaluated.
func TestSecretsAreNotEvaluated(t *testing.T) {
	for _, expr := range []string{`trimspace("abc")`, `var.v`, `local.v`, `"${var.v}"`, `"a${"b"}"`, `true ? "a" : "b"`, `("a")`, `["a"]`, `1`, `true`, `file("main.hcl")`} {
		for _, frame := range []string{
			"account \"a\" {\n  consumer_key = §\n}\n", "account \"a\" {\n  token = §\n}\n",
			"notify \"n\" {\n  webhook = §\n}\n", "notify \"n\" {\n  webhook = env.HOOK\n  secret = §\n}\n",
		} {
			source := "variable \"v\" {\n  default = \"canary\"\n}\nlocals {\n  v = \"canary\"\n}\n" + strings.Replace(frame, "§", expr, 1)
			_, diags := load(t, files{"main.hcl": source}, world{})
			if text := said(diags); !strings.Contains(text, "must be env.NAME or a text") || strings.Contains(text, "canary") {
				t.Errorf("%s: got %s", source, text)
			}
		}
	}
}

// Who used more of the environment is told what to write instead.
func TestWhatToWriteInsteadOfTheEnvironment(t *testing.T) {
	_, diags := load(t, files{"main.hcl": "account \"a\" {\n  timezone = env.TZ\n}\n"}, world{env: map[string]string{"TZ": "UTC"}})
	text := said(diags)
	for _, want := range []string{"main.hcl:2,14", "`variable \"tz\" {}`", "var.tz", "--var tz=", "--var-file", "GDF_VAR_tz"} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in %s", want, text)
		}
	}
}

// Values from outside are constants, and what is wrong with them is told
// without them.
func TestValuesFromOutsideAreConstants(t *testing.T) {
	main := "variable \"v\" {\n  type = list(string)\n}\n" + anOrder
	for _, text := range []string{"env.KEY", "[env.KEY]", "canary", "[canary", "canary(1)", `["a", canary]`, `"canary`, "[for env in [] : env]"} {
		for name, w := range map[string]world{
			"--var":     {vars: map[string]string{"v": text}, env: map[string]string{"KEY": "canary"}},
			"GDF_VAR_v": {env: map[string]string{"GDF_VAR_v": text, "KEY": "canary"}},
		} {
			_, diags := load(t, files{"main.hcl": main}, w)
			if got := said(diags); !strings.Contains(got, name) || strings.Contains(got, "canary") {
				if text == "[for env in [] : env]" && got == "" {
					continue // no environment is in it
				}
				t.Errorf("%s %s: got %s", name, text, got)
			}
		}
	}
}

func TestVariablesFilesHaveNoEnvironment(t *testing.T) {
	main := files{"main.hcl": "variable \"v\" {}\n" + anOrder}
	for name, content := range map[string]string{
		"a.hcl": "v = [env.KEY]\n", "b.hcl": "v = \"${env.KEY}\"\n", "c.json": `{"v": "${env.KEY}"}`, "d.json": `{"v": ["x", {"y": "${base64encode(env.KEY)}"}]}`,
	} {
		dir := t.TempDir()
		files{name: content}.in(t, dir)
		_, diags := load(t, main, world{varFiles: []string{dir + "/" + name}, env: map[string]string{"KEY": "canary"}})
		if got := said(diags); !strings.Contains(got, `"env" can't be used here`) || strings.Contains(got, "canary") {
			t.Errorf("%s: got %s", content, got)
		}
	}
}
