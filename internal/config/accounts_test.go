package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/spec"
)

const anOrder = "order \"a\" {\n  status = \"shipped\"\n}\n"

func account(t *testing.T, source string, env map[string]string) *spec.Account {
	t.Helper()
	return mustLoad(t, files{"main.hcl": source + anOrder}, world{env: env}).Accounts[0]
}

func TestAccounts(t *testing.T) {
	plain := spec.Account{
		Name: "default", Endpoint: endpoint.Default, Default: true, KeyFromOutside: true, Lookback: 30 * 24 * time.Hour,
		PageSize: 250, Settle: 2 * time.Minute, ReadLag: 15 * time.Minute, TakeTime: time.Hour, Burst: 50, PerSecond: 2,
	}
	with := func(change func(a *spec.Account)) spec.Account {
		a := plain
		change(&a)
		return a
	}
	for name, c := range map[string]struct {
		source string
		env    map[string]string
		want   spec.Account
	}{
		"none at all": {"", nil, plain},
		"from the environment": {
			"",
			map[string]string{"GDF_CONSUMER_KEY": "k", "GDF_TOKEN": "t", "GDF_ENDPOINT": "http://localhost:8080/"},
			with(func(a *spec.Account) { a.ConsumerKey, a.Endpoint = "k", "http://localhost:8080" }),
		},
		"a token from the environment": {"", map[string]string{"GDF_TOKEN": "t"}, with(func(a *spec.Account) { a.Token = "t" })},
		"everything": {`
account "main" {
  endpoint     = "HTTPS://API.Example.com:443/base/"
  consumer_key = env.KEY
  timezone     = "UTC"
  lookback     = "1d12h"
  page_size    = 100
  settle       = "30s"
  read_lag     = "20m"
  take_time    = "90m"
  source "eBay" {
    confirms  = false
    take_time = "4h"
  }
  source "Amazon US" {
    confirms  = null
    take_time = null
  }
  rate_limit {
    burst            = 10
    limit_per_second = 0.5
  }
}
`, map[string]string{"KEY": "k", "GDF_ENDPOINT": "http://localhost"}, spec.Account{
			Name: "main", Endpoint: "https://api.example.com/base", Default: true,
			ConsumerKey: "k", KeyFromOutside: true, KeyNamed: true, Timezone: time.UTC, Lookback: 36 * time.Hour, PageSize: 100, Settle: 30 * time.Second,
			ReadLag: 20 * time.Minute, TakeTime: 90 * time.Minute, Burst: 10, PerSecond: 0.5,
			Sources: map[string]spec.SourceSettings{"ebay": {Confirms: new(false), TakeTime: new(4 * time.Hour)}, "amazon us": {}},
		}},
		"null is left out": {`
account "default" {
  endpoint   = null
  token      = null
  timezone   = null
  lookback   = null
  page_size  = null
  take_time  = null
  settle     = null
  read_lag   = null
  rate_limit {
    burst            = null
    limit_per_second = null
  }
}
`, map[string]string{"GDF_TOKEN": "t"}, with(func(a *spec.Account) { a.Token = "t" })},
		"a long settle": {
			"account \"default\" {\n  settle = \"20m\"\n}\n",
			map[string]string{"GDF_TOKEN": "t"},
			with(func(a *spec.Account) { a.Token, a.Settle, a.ReadLag = "t", 20*time.Minute, 20*time.Minute }),
		},
		"a key that is not set is not another account's": {
			"account \"default\" {\n  consumer_key = env.OTHER\n}\n",
			map[string]string{"GDF_CONSUMER_KEY": "k", "GDF_TOKEN": "t"},
			with(func(a *spec.Account) { a.KeyNamed = true }),
		},
		"a literal key": {
			"account \"default\" {\n  consumer_key = \"abc\"\n}\n",
			map[string]string{"GDF_CONSUMER_KEY": "k"},
			with(func(a *spec.Account) { a.ConsumerKey, a.KeyFromOutside = "abc", false }),
		},
		"sandbox": {"account \"default\" {\n  endpoint = \"sandbox\"\n}\n", nil, with(func(a *spec.Account) { a.Endpoint = "sandbox" })},
	} {
		t.Run(name, func(t *testing.T) {
			got := account(t, c.source, c.env)
			if diff := cmp.Diff(&c.want, got, cmpopts.IgnoreUnexported(spec.Account{}),
				cmp.Comparer(func(a, b *time.Location) bool { return a == b || a != nil && b != nil && a.String() == b.String() })); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.Sandbox() != (name == "sandbox") {
				t.Errorf("sandbox: %v", got.Sandbox())
			}
		})
	}
}

func TestWhichAccountIsMeant(t *testing.T) {
	cfg := mustLoad(t, files{"main.hcl": `
account "b" { endpoint = "sandbox" }
account "a" {
  endpoint = "sandbox"
  default  = true
}
order "plain" { status = "shipped" }
order "named" {
  account = "b"
  status  = "shipped"
}`}, world{})
	if a, ok := cfg.Account("b"); !ok || a.Name != "b" || cfg.Accounts[0].Name != "a" {
		t.Errorf("accounts: %v", cfg.Accounts)
	}
	wishes := wishesOf(t, cfg)
	if named, plain := wishes.Orders[0].Origin, wishes.Orders[1].Origin; named.Account.Name != "b" || plain.Account.Name != "a" {
		t.Errorf("%s: %s, %s: %s", named, named.Account.Name, plain, plain.Account.Name)
	}
}

// The backend block is handed on as it is written, whatever its label.
func TestSettings(t *testing.T) {
	for source, want := range map[string]string{
		"":            "local:",
		"gdfctl {}\n": "local:",
		"gdfctl {\n  required_version = \">= 0.1, < 1.0\"\n  backend \"local\" {}\n}\n":                                      "local:",
		"gdfctl {\n  backend \"elsewhere\" {\n    url    = \"x://y\"\n    public = true\n  }\n}\n":                           "elsewhere: url=x://y public=true",
		"variable \"v\" { default = \"v\" }\ngdfctl {\n  backend \"local\" { path = var.v }\n}\n":                            "local: path=v",
		"locals {\n  two = 2\n}\ngdfctl {\n  backend \"numbered\" {\n    b = \"b${local.two}\"\n    a = local.two\n  }\n}\n": "numbered: b=b2 a=2",
	} {
		cfg := mustLoad(t, files{"main.hcl": source + anOrder}, world{})
		got := cfg.Backend.Label + ":"
		for _, a := range cfg.Backend.Attributes {
			got += " " + a.Name + "=" + a.Value
		}
		if got != want || cfg.Backend.Faulty {
			t.Errorf("%s: got %q, faulty %v", source, got, cfg.Backend.Faulty)
		}
	}
}

// With a mistake in the gdfctl block, the place may be another one than is read.
func TestFaultySettings(t *testing.T) {
	for _, source := range []string{
		"gdfctl {\n  required_version = \"> 9\"\n}\n",
		"gdfctl {\n  backend \"local\" {\n    path = local.none\n  }\n}\n",
		"gdfctl {\n  backend \"local\" {\n    path = [1]\n  }\n}\n",
		"gdfctl {\n  backend \"local\" {\n    more {}\n  }\n}\n",
		"gdfctl {\n  backend \"local\" {}\n  backend \"local\" {}\n}\n",
	} {
		cfg, diags := load(t, files{"main.hcl": source + anOrder}, world{version: "1.0.0"})
		if !diags.HasErrors() || !cfg.Backend.Faulty {
			t.Errorf("%s: faulty %v, %s", source, cfg.Backend.Faulty, said(diags))
		}
	}
}

// A development build satisfies every constraint.
func TestRequiredVersion(t *testing.T) {
	for version, fails := range map[string]bool{"1.2.0": false, "1.2.0-rc1": false, "1.1.9": true, "dev": false, "2.0": false} {
		_, diags := load(t, files{"main.hcl": "gdfctl { required_version = \">= 1.2\" }\n" + anOrder}, world{version: version})
		if diags.HasErrors() != fails {
			t.Errorf("%s: %s", version, said(diags))
		}
	}
}
