package endpoint

import "testing"

func TestShown(t *testing.T) {
	for in, want := range map[string]string{
		"https://api.godatafeed.com":                     "https://api.godatafeed.com",
		"HTTPS://API.Example.com:8443/base/":             "https://api.example.com:8443",
		"http://[::1]:4010/canary":                       "http://[::1]:4010",
		"https://hooks.example/services/canary?x=canary": "https://hooks.example",
		"https://canary:canary@hooks.example/#canary":    "https://hooks.example",
		" https://hooks.example/canary\n":                "https://hooks.example",
		"sandbox":                                        "sandbox",
		"":                                               "",
		"canary":                                         "(not an address)",
		"postgres://canary:canary@db.example/canary":     "(not an address)",
		"https://":                                       "(not an address)",
		"https:canary":                                   "(not an address)",
		"https://%zzcanary":                              "(not an address)",
	} {
		if got := Shown(in); got != want {
			t.Errorf("Shown(%q) = %q, want %q", in, got, want)
		}
	}
}
