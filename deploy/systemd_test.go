package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/machine"
)

// workspacesOf are those of a machine's file whose paths are as on the machine that it is
// for.
func workspacesOf(t *testing.T, name string) []machine.Workspace {
	t.Helper()
	root := t.TempDir()
	text := read(t, name)
	for _, env := range regexp.MustCompile(`"(/(?:etc|var/lib)/gdfctl[^"]*)"`).FindAllStringSubmatch(text, -1) {
		path := filepath.Join(root, filepath.FromSlash(env[1]))
		if strings.HasPrefix(env[1], "/var/") {
			path = filepath.Join(path, "kept")
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("GDF_CONSUMER_KEY=key\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	there := filepath.ToSlash(root)
	path := filepath.Join(root, "agent.hcl")
	if err := os.WriteFile(path, []byte(regexp.MustCompile(`"(/(?:etc|var)/)`).ReplaceAllString(text, `"`+there+`$1`)), 0o600); err != nil {
		t.Fatal(err)
	}
	m, diags := machine.Read(path, func(string) string { return "postgres://db/gdfctl" })
	if len(diags) > 0 || len(m.Workspaces) == 0 {
		t.Fatalf("%s: %v", name, diags)
	}
	for i := range m.Workspaces {
		m.Workspaces[i].EnvFile = strings.TrimPrefix(filepath.ToSlash(m.Workspaces[i].EnvFile), there)
	}
	return m.Workspaces
}

var units = []string{"systemd/gdfctl-agent.service", "systemd/gdfctl-agent@.service"}

// Both units stop an agent and confine it in the same way.
func TestUnits(t *testing.T) {
	for _, name := range units {
		text := read(t, name)
		for _, want := range []string{
			"User=gdfctl\n", "TimeoutStopSec=30\n", "KillMode=mixed\n", "Restart=always\n", "StartLimitIntervalSec=0\n", "UMask=0077\n", "NoNewPrivileges=yes\n", "ProtectSystem=strict\n",
			"CapabilityBoundingSet=\n", "SystemCallFilter=@system-service\n", "Environment=GDF_CACHE_DIR=/var/cache/gdfctl\n", "CacheDirectory=gdfctl\n", "ExecStart=/usr/bin/gdfctl agent ", "--log json",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %s", name, strings.TrimSpace(want))
			}
		}
	}
	if text := read(t, units[0]); !strings.Contains(text, "StateDirectory=gdfctl\n") || !strings.Contains(text, "--config "+machineFile) || !strings.Contains(read(t, "agent.hcl"), `"`+home+`"`) {
		t.Errorf("%s keeps its data elsewhere than agent.hcl says", units[0])
	}
	packages := read(t, "../.goreleaser.yaml")
	for _, name := range append(units, "systemd/gdfctl.sysusers", "systemd/postinstall.sh", "systemd/preremove.sh", "agent.hcl") {
		if !strings.Contains(packages, "deploy/"+name) {
			t.Errorf("packages lack deploy/%s", name)
		}
	}
}

// Systemd takes the units as they are, but for the program, which is not installed here.
func TestSystemdTakesUnits(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("there is no systemd-analyze here")
	}
	program, err := exec.LookPath("true")
	if err != nil {
		t.Fatal(err)
	}
	verify := func(t *testing.T, from, to string) (string, error) {
		dir := t.TempDir()
		var paths []string
		for _, name := range units {
			path := filepath.Join(dir, strings.Replace(filepath.Base(name), "@.", "@shop.", 1))
			text := strings.Replace(strings.Replace(read(t, name), "/usr/bin/gdfctl", program, 1), from, to, 1)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
		}
		cmd := exec.Command("systemd-analyze", append([]string{"verify", "--man=no"}, paths...)...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := verify(t, "", ""); err != nil || strings.TrimSpace(out) != "" {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := verify(t, "KillMode=mixed", "KillMod=mixed"); err == nil && !strings.Contains(out, "KillMod") {
		t.Error("a key that is misspelt is not noticed")
	}
}
