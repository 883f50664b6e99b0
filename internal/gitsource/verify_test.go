package gitsource

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A tip counts if somebody signed it whom the machine's file names, and nobody else.
func TestVerify(t *testing.T) {
	o := newOrigin(t)
	keys := t.TempDir()
	known, stranger := o.sshKey(keys, "known"), o.sshKey(keys, "stranger")
	public, err := os.ReadFile(known + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	signers := filepath.Join(keys, "allowed_signers")
	if err := os.WriteFile(signers, []byte("a@example.com namespaces=\"git\" "+string(public)), 0o600); err != nil {
		t.Fatal(err)
	}
	ssh := func(key string) string {
		return o.signed("-c", "gpg.format=ssh", "-c", "user.signingKey="+key)
	}
	good, unknown, none := ssh(known), ssh(stranger), o.commit()
	gpgHome, keyring := o.gpgKey("known@example.com")
	t.Setenv("GNUPGHOME", gpgHome)
	byGPG := o.signed("-c", "gpg.format=openpgp", "-c", "user.signingKey=known@example.com")
	otherHome, _ := o.gpgKey("other@example.com")
	t.Setenv("GNUPGHOME", otherHome)
	byOther := o.signed("-c", "gpg.format=openpgp", "-c", "user.signingKey=other@example.com")
	tampered := o.tampered(good)
	if tampered == good {
		t.Fatal("nothing was changed")
	}
	o.git("update-ref", "refs/heads/tampered", tampered)

	r := o.here()
	if _, err := r.Fetch(t.Context(), "main", "tampered"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		commit, signers string
		good            bool
	}{
		"a known key":                    {good, signers, true},
		"a stranger's key":               {unknown, signers, false},
		"no signature":                   {none, signers, false},
		"another message":                {tampered, signers, false},
		"OpenPGP where ssh is asked for": {byOther, signers, false}, // gpg itself trusts it here
		"a known OpenPGP key":            {byGPG, keyring, true},
		"another OpenPGP key":            {byOther, keyring, false},
		"ssh where OpenPGP is asked for": {good, keyring, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := r.Verify(t.Context(), c.commit, c.signers)
			refused := (*RefusedError)(nil)
			if c.good && err != nil || !c.good && !errors.As(err, &refused) {
				t.Errorf("%v", err)
			}
		})
	}
	if err := r.Verify(t.Context(), good, filepath.Join(keys, "none")); err == nil || errors.As(err, new(*RefusedError)) {
		t.Errorf("a missing file is no mistake of the commit: %v", err)
	}
}

func (o *origin) sshKey(dir, name string) string {
	o.Helper()
	path := filepath.Join(dir, name)
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path).CombinedOutput(); err != nil {
		o.Skipf("ssh-keygen: %v\n%s", err, out)
	}
	return path
}

// gpgKey makes a key in a home of its own, and a file with its public half.
func (o *origin) gpgKey(user string) (home, keyring string) {
	o.Helper()
	home, err := os.MkdirTemp("", "gpg-") // sockets have short names
	if err != nil {
		o.Fatal(err)
	}
	o.Cleanup(func() {
		_ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run()
		_ = os.RemoveAll(home)
	})
	if out, err := exec.Command("gpg", "--homedir", home, "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", user, "ed25519", "sign").CombinedOutput(); err != nil {
		o.Skipf("gpg: %v\n%s", err, out)
	}
	text, err := exec.Command("gpg", "--homedir", home, "--batch", "--armor", "--export", user).Output()
	if err != nil {
		o.Fatal(err)
	}
	keyring = filepath.Join(home, "keys.asc")
	if err := os.WriteFile(keyring, text, 0o600); err != nil {
		o.Fatal(err)
	}
	return home, keyring
}

func (o *origin) signed(options ...string) string {
	o.Helper()
	o.git(append(options, "commit", "-q", "--allow-empty", "-S", "-m", "x")...)
	return o.git("rev-parse", "HEAD")
}

// tampered is a commit with the signature of another one.
func (o *origin) tampered(commit string) string {
	o.Helper()
	text := o.git("cat-file", "commit", commit)
	cmd := exec.Command("git", "hash-object", "-t", "commit", "-w", "--stdin")
	cmd.Dir, cmd.Stdin = o.dir, strings.NewReader(strings.TrimSuffix(text, "x")+"y\n")
	out, err := cmd.Output()
	if err != nil {
		o.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
