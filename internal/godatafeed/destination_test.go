package godatafeed

import (
	"strings"
	"testing"
)

func TestDestination(t *testing.T) {
	const path = "/canary-path"
	for _, tt := range []struct {
		address, hosts, problem string // no problem: it is allowed
	}{
		{"https://hooks.example" + path, "hooks.example", ""},
		{" https://HOOKS.example" + path + "\n", "hooks.example", ""},
		{"https://hooks.example" + path + "?token=canary", "hooks.example", ""},
		{"https://hooks.example:8443" + path, "hooks.example:8443", ""},
		{"http://127.0.0.1:4010" + path, "127.0.0.1", ""},
		{"http://[::1]:4010" + path, "[::1]:4010", ""},
		{"http://127.0.0.1:4010" + path, "", "GDF_ALLOWED_HOSTS"},
		{"https://keys.example" + path, "", "GDF_ALLOWED_HOSTS"},
		{"https://api.example" + path, "", "GDF_ALLOWED_HOSTS"},
		{"https://api.godatafeed.com" + path, "", "GDF_ALLOWED_HOSTS"},
		{"https://hooks.example" + path, "", "GDF_ALLOWED_HOSTS"},
		{"https://hooks.example.evil.example" + path, "hooks.example", "GDF_ALLOWED_HOSTS"},
		{"https://hooks.example:8443" + path, "hooks.example:443", "GDF_ALLOWED_HOSTS"},
		{"http://hooks.example" + path, "hooks.example", "unencrypted"},
		{"https://ann:canary@hooks.example" + path, "hooks.example", "user name or password"},
		{"https://hooks.example" + path + "#canary", "hooks.example", "fragment"},
		{"ftp://hooks.example" + path, "hooks.example", "https://"},
		{"canary-key", "hooks.example", "not an address"},
		{"canary:key", "hooks.example", "not an address"},
		{"https://", "hooks.example", "not an address"},
		{"https://%zz" + path, "hooks.example", "not an address"},
		{"", "hooks.example", "not an address"},
	} {
		u, err := Destination(tt.address, func(name string) string {
			return map[string]string{EnvAllowedHosts: tt.hosts, EnvAllowedKeyHosts: "keys.example", EnvEndpoint: "https://api.example"}[name]
		})
		switch {
		case tt.problem == "" && (err != nil || u.Path != path):
			t.Errorf("Destination(%q): %v, %v, want it allowed", tt.address, u, err)
		case tt.problem != "" && (err == nil || !strings.Contains(err.Error(), tt.problem)):
			t.Errorf("Destination(%q): %v, want %q", tt.address, err, tt.problem)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("the error shows the address: %v", err)
		}
	}
}
