package state

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// signedAudit is a store that signs, with n orders on record, and what it
// signed.
func signedAudit(t *testing.T, signer *audit.Signer, n int) (*Store, []byte) {
	t.Helper()
	s := newTestStore(t.TempDir(), disk.OS{}).Signing(signer)
	x := mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-1", Command: "apply"}))
	for i := range n {
		applied(t, x, i+1)
	}
	must(t, x.Commit())
	signed, err := x.SignHead()
	must(t, err)
	if !signed {
		t.Fatal("nothing was signed")
	}
	must(t, x.Close())
	data, err := os.ReadFile(files(s).Head)
	must(t, err)
	return s, data
}

func TestSignHead(t *testing.T) {
	signer, verifier := headKeys(t, "example.com/shop")
	s, data := signedAudit(t, signer, 3)
	st, _, err := s.Read()
	must(t, err)
	head, err := s.VerifyAudit("")
	must(t, err)
	want := audit.SignedHead{Head: head.Head, Lineage: st.Lineage(), Key: "example.com/shop"}
	got, err := audit.OpenSigned(data, verifier)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	text := fmt.Sprintf("gdfctl audit record v1\nlineage %s\nlines 3\nhash %s\n\n— example.com/shop ", st.Lineage(), head.Hash)
	if !strings.HasPrefix(string(data), text) || bytes.Count(data, []byte("\n")) != 6 {
		t.Errorf("the file is\n%s", data)
	}
	info, err := os.Stat(files(s).Head)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v", info.Mode())
	}

	// The next one takes its place, and the one before still holds.
	x := mustLock(t, s)
	applied(t, x, 4)
	must(t, x.Commit())
	_, err = x.SignHead()
	must(t, err)
	data, err = os.ReadFile(files(s).Head)
	must(t, err)
	if got, err := audit.OpenSigned(data, verifier); err != nil || got.Head.Lines != 4 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := s.VerifyAudit(want.Head.String()); err != nil {
		t.Error(err)
	}
}

func TestSignHeadHasNothingToDo(t *testing.T) {
	signer, _ := headKeys(t, "shop")
	for name, s := range map[string]*Store{
		"no key":   newTestStore(t.TempDir(), disk.OS{}),
		"no lines": newTestStore(t.TempDir(), disk.OS{}).Signing(signer),
	} {
		x := mustLock(t, s)
		if name == "no key" {
			applied(t, x, 1)
		}
		must(t, x.Commit())
		if signed, err := x.SignHead(); signed || err != nil || disk.Exists(disk.OS{}, files(s).Head) {
			t.Errorf("%s: %v, %v", name, signed, err)
		}
	}
}

// What is not on disk for good is not signed, nor is it by a run that lost its
// lock; and what can't be written leaves the head before in its place.
func TestSignHeadRefuses(t *testing.T) {
	signer, verifier := headKeys(t, "shop")
	s, before := signedAudit(t, signer, 1)
	refused := func(x *Session, words string) {
		t.Helper()
		if signed, err := x.SignHead(); signed || err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, %v; want %q", signed, err, words)
		}
		if after, err := os.ReadFile(files(s).Head); err != nil || !bytes.Equal(before, after) {
			t.Errorf("the head before is gone: %s, %v", after, err)
		}
	}
	x := mustLock(t, s)
	applied(t, x, 2)
	refused(x, "not on disk for good")
	must(t, x.Commit())
	must(t, os.Mkdir(files(s).Head+".tmp", 0o700))
	must(t, os.WriteFile(files(s).Head+".tmp/in-the-way", nil, 0o600))
	refused(x, "the audit log is whole, but its end could not be signed: ")
	must(t, os.RemoveAll(files(s).Head+".tmp"))
	must(t, os.Remove(files(s).Lockfile))
	refused(x, "the lock on the state is lost")
	if got, err := audit.OpenSigned(before, verifier); err != nil || got.Head.Lines != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestForceUnlockSigns(t *testing.T) {
	signer, verifier := headKeys(t, "shop")
	s, _ := signedAudit(t, signer, 1)
	leaveHolder(t, s, backend.Holder{ID: "gone", Who: "bob"})
	_, _, err := s.ForceUnlock(t.Context(), LockRequest{Reason: "bob is gone"}, "")
	must(t, err)
	data, err := os.ReadFile(files(s).Head)
	must(t, err)
	if got, err := audit.OpenSigned(data, verifier); err != nil || got.Head.Lines != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}

// headKeys is a pair of keys, ready for use.
func headKeys(t *testing.T, name string) (*audit.Signer, *audit.Verifier) {
	t.Helper()
	private, public, err := audit.NewKeys(name)
	must(t, err)
	signer, err := audit.ParseSigner(private + "\n")
	must(t, err)
	verifier, err := audit.ParseVerifier(" " + public)
	must(t, err)
	if signer.String() != verifier.String() {
		t.Errorf("the halves of a pair are called %s and %s", signer, verifier)
	}
	return signer, verifier
}
