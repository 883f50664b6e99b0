package gitlog

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// What the machine logs in with is not for the repositories that its tenants name.
func TestATenantsGitGetsNothingOfTheProcess(t *testing.T) {
	for name, value := range map[string]string{
		"SSH_AUTH_SOCK": "/run/agent", "GIT_SSH_COMMAND": "ssh -i /machine/key", "GIT_ASKPASS": "/machine/askpass", "GIT_CONFIG_GLOBAL": "/machine/config",
		"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader", "GIT_CONFIG_VALUE_0": "Authorization: machine", "HOME": "/machine", "XDG_CONFIG_HOME": "/machine",
		"GDF_CONSUMER_KEY": "machine",
	} {
		t.Setenv(name, value)
	}
	of := func(own ...string) map[string]string {
		all := map[string]string{}
		for _, variable := range environment(sharedlog.Block{Dir: "/data/a", Environ: append([]string{}, own...)}) {
			name, value, _ := strings.Cut(variable, "=")
			all[name] = value
		}
		return all
	}
	env := of("GDF_CONSUMER_KEY=a", "HTTPS_PROXY=own")
	for name, value := range env {
		if strings.Contains(value, "machine") || name == "SSH_AUTH_SOCK" || name == "GDF_CONSUMER_KEY" {
			t.Errorf("%s=%s", name, value)
		}
	}
	if env["PATH"] == "" || env["HOME"] != "/data/a" || env["GIT_CONFIG_NOSYSTEM"] != "1" || !strings.Contains(env["GIT_SSH_COMMAND"], "IdentityFile=none") || env["HTTPS_PROXY"] != "own" {
		t.Errorf("%v", env)
	}
	env = of("GIT_SSH_COMMAND=ssh -i /keys/a", "GIT_CONFIG_GLOBAL=/keys/config", "HOME=/keys")
	if env["GIT_SSH_COMMAND"] != "ssh -i /keys/a" || env["GIT_CONFIG_GLOBAL"] != "/keys/config" || env["HOME"] != "/keys" {
		t.Errorf("what the tenant's variables name counts: %v", env)
	}
	if env = of("GIT_SSH=/keys/ssh"); env["GIT_SSH_COMMAND"] != "" {
		t.Errorf("%v", env)
	}
	if !slices.Contains(environment(sharedlog.Block{}), "GDF_CONSUMER_KEY=machine") {
		t.Error("without a tenant, it is that of the process")
	}
}

// What a commit brought can be a repository whose settings name programs: none of the
// agent's directory keeps a state, whatever links lead there.
func TestNoStateIsOnTheAgentsPremises(t *testing.T) {
	root := t.TempDir()
	data, brought, link := filepath.Join(root, "data", "a"), filepath.Join(root, "commits", "a", "c", "evil.git"), filepath.Join(t.TempDir(), "link")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "state.git")
	for _, dir := range []string{brought, outside} {
		if out, err := exec.Command("git", "init", "-q", "--bare", dir).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if err := os.Symlink(brought, link); err != nil {
		t.Skip(err)
	}
	for remote, good := range map[string]bool{brought: false, "file://" + brought: false, link: false, "../../commits/a/c/evil.git": false, strings.TrimSuffix(brought, ".git"): false, outside: true} {
		p, mistake := Configured(sharedlog.Block{Dir: data, Premises: root, Environ: []string{}, Log: sharedlog.State, Attributes: map[string]string{"remote": remote}})
		if mistake != nil {
			t.Fatal(mistake)
		}
		err := p.Prepare(t.Context())
		refused := (*sharedlog.RefusedError)(nil)
		if good && err != nil || !good && (!errors.As(err, &refused) || !strings.Contains(refused.Reason, "the agent's own directory")) {
			t.Errorf("%s: %v", remote, err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}
