package endpoint

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for raw, want := range map[string]string{
		"https://api.godatafeed.com":            "https://api.godatafeed.com",
		" HTTPS://API.GoDataFeed.com:443/ ":     "https://api.godatafeed.com",
		"https://api.godatafeed.com./":          "https://api.godatafeed.com",
		"https://api.godatafeed.com/.":          "https://api.godatafeed.com",
		"https://api.godatafeed.com..":          "https://api.godatafeed.com",
		"https://proxy.example//gdf/../gdf/./":  "https://proxy.example/gdf",
		"https://proxy.example/a%2Fb/":          "https://proxy.example/a%2Fb",
		"https://proxy.example:8443/gdf":        "https://proxy.example:8443/gdf",
		"http://LOCALHOST:80":                   "http://localhost",
		"http://[0:0:0:0:0:0:0:1]:9000":         "http://[::1]:9000",
		"http://[::ffff:127.0.0.1]:9000":        "http://127.0.0.1:9000",
		"https://api.godatafeed.com/../../../x": "https://api.godatafeed.com/x",
		"https://api.godatafeed.com:0443":       "https://api.godatafeed.com",
		"https://proxy.example:08443/%67df":     "https://proxy.example:8443/gdf",
		"https://proxy.example/a%2fb/%7e/%2E/":  "https://proxy.example/a%2Fb/~",
		"https://proxy.example/a/%2e%2e/gdf":    "https://proxy.example/gdf",
	} {
		base, err := Parse(raw)
		if err != nil || base.String() != want {
			t.Errorf("%q: %q, %v, want %q", raw, base, err, want)
		}
		if again, err := Parse(base.String()); err != nil || again != base {
			t.Errorf("%q is another address the second time: %q, %v", raw, again, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	const password = "hunter2secret"
	for raw, want := range map[string]string{
		"":                                     "not an address",
		"api.godatafeed.com":                   "not an address",
		"https:api.godatafeed.com":             "not an address",
		"https://../x":                         "not an address",
		"https://user:" + password + "@host":   "user name or password",
		"https://host/?key=" + password:        "query or a fragment",
		"https://host/#" + password:            "query or a fragment",
		"https://host/#":                       "query or a fragment",
		"ftp://host/" + password:               "must begin with https://",
		"http://host/" + password:              "plain http is for loopback only",
		"http://127.0.0.1.example/" + password: "plain http is for loopback only",
		"https://%zz" + password:               "not an address",
		"https://b\u00fccher.example/":         "letters beyond ASCII",
		"https://\uff48ost/":                   "letters beyond ASCII",
		"https://host:123456/":                 "not a port",
		"https://host:0/":                      "not a port",
	} {
		if _, err := Parse(raw); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), password) {
			t.Errorf("%q: %v, want %q", raw, err, want)
		}
	}
}

func TestSame(t *testing.T) {
	for _, same := range [][]string{
		{"https://api.godatafeed.com", "https://API.godatafeed.com.:443/./", "https://api.godatafeed.com//"},
		{"http://localhost:8080", "http://127.0.0.1:8080/", "http://[::1]:8080", "http://LocalHost.:8080"},
		{Sandbox, Sandbox},
	} {
		for _, a := range same {
			for _, b := range same {
				if !Same(a, b) {
					t.Errorf("%q and %q are taken for two", a, b)
				}
			}
		}
	}
	for _, other := range []string{"https://api.godatafeed.com:444", "https://api.godatafeed.com/v2", "https://api.godatafeed.co", Sandbox, "http://localhost:8081"} {
		for _, one := range []string{Default, "http://localhost:8080"} {
			if Same(one, other) {
				t.Errorf("%q and %q are taken for one", one, other)
			}
		}
	}
}

// An address that is parsed stays as it is when it is parsed again.
func TestParseIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SampledFrom([]string{"https://", "http://", "HTTPS://", ""}).Draw(t, "scheme") +
			rapid.SampledFrom([]string{"api.godatafeed.com", "LOCALHOST", "127.0.0.1", "[::1]", "host."}).Draw(t, "host") +
			rapid.SampledFrom([]string{"", ":443", ":80", ":8080"}).Draw(t, "port") +
			rapid.StringOfN(rapid.SampledFrom([]rune("/.a%2F")), 0, 12, -1).Draw(t, "path")
		base, err := Parse(raw)
		if err != nil {
			return
		}
		if again, err := Parse(base.String()); err != nil || again != base {
			t.Fatalf("%q: %q, then %q, %v", raw, base, again, err)
		}
	})
}
