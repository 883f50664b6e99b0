package gitsource

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/words"
)

// armor is how a file of OpenPGP keys begins. Any other file of signers is one of ssh keys.
const armor = "-----BEGIN PGP PUBLIC KEY BLOCK-----"

const signIt = "Sign the commit with a key of the machine's file of signers, or add the key to it. A merge made with a forge's button has the forge's key."

// Verify checks that a commit carries a good signature by one of the signers in a file:
// allowed signers of ssh, or public keys of OpenPGP. Only the kind of the file counts, and
// no key that the user of this process happens to trust.
func (r *Repository) Verify(ctx context.Context, commit, signers string) error {
	if !checkout.IsCommit(commit) {
		return errNoCommit
	}
	text, err := os.ReadFile(signers)
	if err != nil {
		return fmt.Errorf("the file of signers can't be read: %w", err)
	}
	options, env := []string{"-c", "gpg.ssh.allowedSignersFile=" + signers, "-c", "gpg.program=" + nothing, "-c", "gpg.openpgp.program=" + nothing}, []string(nil)
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte(armor)) {
		home, err := r.keyring(ctx, signers)
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(home) }() // public keys
		options, env = []string{"-c", "gpg.ssh.program=" + nothing, "-c", "gpg.ssh.allowedSignersFile=", "-c", "gpg.openpgp.program=gpg", "-c", "gpg.minTrustLevel=undefined"}, []string{"GNUPGHOME=" + home}
	}
	options = append(options, "-c", "gpg.x509.program="+nothing)
	bounded, cancel := context.WithTimeout(ctx, r.home.limit)
	defer cancel()
	cmd := r.command(bounded, env, "verify-commit", commit)
	cmd.Args = append(append([]string{cmd.Args[0]}, options...), cmd.Args[1:]...)
	var said bytes.Buffer
	cmd.Stderr = &said
	err = cmd.Run()
	switch {
	case err == nil:
		return nil
	case exitCode(err) == 1:
		return refused(signIt, "commit %s has no good signature by a known signer", words.ShortHash(commit))
	}
	return r.failed(ctx, bounded, "verify-commit", err, said.String())
}

// nothing is a program that finds no signature good.
const nothing = "false"

// keyring is a new home of gpg with the keys of a file, and no others.
func (r *Repository) keyring(ctx context.Context, keys string) (string, error) {
	home, err := os.MkdirTemp("", "gdfctl-signers-")
	if err != nil {
		return "", err
	}
	bounded, cancel := context.WithTimeout(ctx, r.home.limit)
	defer cancel()
	cmd := exec.CommandContext(bounded, "gpg", "--homedir", home, "--batch", "--quiet", "--no-autostart", "--import", "--", keys)
	cmd.Env = append(checkout.Environment(cmd.Environ(), false), "GNUPGHOME="+home)
	cmd.WaitDelay = 2 * time.Second
	checkout.InOwnGroup(cmd)
	if err := cmd.Run(); err != nil {
		_ = os.RemoveAll(home)
		if errors.Is(err, exec.ErrNotFound) {
			return "", errors.New("gpg is not installed: the file of signers has OpenPGP keys")
		}
		return "", fmt.Errorf("the OpenPGP keys of the file of signers can't be read: %w", err)
	}
	return home, nil
}
