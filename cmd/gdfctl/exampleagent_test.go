package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The machine's file of the example fits its repository: an agent can run it, until a tip
// is not signed.
func TestTheExampleOfAgents(t *testing.T) {
	for _, program := range []string{"git", "ssh-keygen"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	p := newExample(t, "../../examples/agent")
	in := func(name string) string { return filepath.Join(p.dir, name) }
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(in(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(in(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in17 := p.dir
	p.dir = in("sellers/seller-17")
	p.expect(0, "The configuration is valid", "validate")
	p.expect(0, "", "fmt", "--check")
	p.dir = in17

	key := in("key")
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	public, err := os.ReadFile(key + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	write("etc/allowed_signers", "a@example.com "+string(public))
	write("etc/policy/main.hcl", "policy {\n  max_changes = 300\n}\n")
	var env strings.Builder
	for _, name := range []string{"GDF_ENDPOINT", "GDF_CONSUMER_KEY"} {
		env.WriteString(name + "=" + p.env[name] + "\n")
	}
	write("etc/env/seller-17", env.String()+"GDF_STATE_URL=postgres://seller@127.0.0.1:1/state\n")
	write("var/.keep", "")
	text, err := os.ReadFile(in("agent.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	write("agent.hcl", strings.NewReplacer(
		"git@github.com:acme/sellers.git", "file://"+filepath.ToSlash(in("sellers")), `"/etc/gdfctl/`, `"`+filepath.ToSlash(in("etc"))+"/", "/var/lib/gdfctl", filepath.ToSlash(in("var")),
	).Replace(string(text)))
	p.env["GDF_DATABASE_URL"] = "postgres://agent@127.0.0.1:1/agents"

	git := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir = in("sellers")
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q", "-b", "main")
	git("add", "-A")
	git("-c", "gpg.format=ssh", "-c", "user.signingKey="+key, "commit", "-q", "-S", "-m", "sellers")
	p.expect(0, git("rev-parse", "HEAD")[:12]+"          2  ok", "agent", "--check", "--config", in("agent.hcl"))
	p.expect(0, `"problem": ""`, "agent", "--check", "--config", in("agent.hcl"), "--json")
	git("commit", "-q", "--allow-empty", "-m", "unsigned")
	p.expect(exitError, "has no good signature by a known signer", "agent", "--check", "--config", in("agent.hcl"))
}
