package godatafeed

import (
	"strings"
	"testing"
)

func TestKeyAllowed(t *testing.T) {
	env := func(endpoint, hosts string) map[string]string {
		return map[string]string{EnvEndpoint: endpoint, EnvAllowedKeyHosts: hosts, EnvAllowedHosts: "hooks.example", "GDF_CONSUMER_KEY": canaryKey}
	}
	tests := []struct {
		endpoint string
		env      map[string]string
		ok       bool
	}{
		{"", nil, true},
		{"https://api.godatafeed.com", nil, true},
		{"https://API.GoDataFeed.com./base", nil, true},
		{"https://api.godatafeed.com:443", nil, true},
		{"https://api.godatafeed.com:8443", nil, false},
		{"http://127.0.0.1:4010", nil, true},
		{"http://localhost", nil, true},
		{"https://[::1]:4010", nil, true},
		{"https://evil.example", nil, false},
		{"https://api.godatafeed.com.evil.example", nil, false},
		{"https://evilapi.godatafeed.com", nil, false},
		{"https://api.godatafeed.com@evil.example", nil, false},
		{"https://evil.example/api.godatafeed.com", nil, false},
		{"https://evil.example?api.godatafeed.com", nil, false},
		{"https://evil.example#api.godatafeed.com", nil, false},
		{`https://evil.example\@api.godatafeed.com`, nil, false},
		{"https://localhost.evil.example", nil, false},
		{"https://127.0.0.1.evil.example", nil, false},
		{"http://api.godatafeed.com", nil, false},
		{"sandbox", nil, false},
		{"https://proxy.example", env("https://proxy.example/gdf", ""), true},
		{"https://proxy.example:8443", env("https://proxy.example/gdf", ""), false},
		{"https://evil.example", env("https://proxy.example", ""), false},
		{"https://evil.example", env("no url", ""), false},
		{"https://a.example", env("", "b.example, a.example"), true},
		{"https://b.example:8443", env("", "b.example a.example"), true},
		{"https://b.example:8443", env("", "b.example:8443"), true},
		{"https://b.example", env("", "B.example:443"), true},
		{"https://b.example", env("", "b.example:8443"), false},
		{"https://sub.b.example", env("", "b.example"), false},
		{"https://[2001:db8::1]:8443", env("", "2001:db8::1"), true},
		{"https://[2001:db8::1]:8443", env("", "[2001:db8::1]"), true},
		{"https://evil.example", env("", "*, ,"), false},
		{"https://hooks.example/stranger", env("", ""), false},
	}
	for _, tt := range tests {
		err := KeyAllowed(tt.endpoint, true, func(name string) string { return tt.env[name] })
		if (err == nil) != tt.ok {
			t.Errorf("KeyAllowed(%q) with %v: %v, want allowed: %t", tt.endpoint, tt.env, err, tt.ok)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("the error shows the key: %v", err)
		}
	}
	if err := KeyAllowed("https://evil.example", false, func(string) string { return "" }); err != nil {
		t.Errorf("a key of the configuration's own: %v", err)
	}
	err := KeyAllowed("https://other.example", true, func(string) string { return "" })
	if err == nil || !strings.Contains(err.Error(), "other.example") || !strings.Contains(err.Error(), EnvAllowedKeyHosts) {
		t.Errorf("%v: want the host and what to do", err)
	}
}
