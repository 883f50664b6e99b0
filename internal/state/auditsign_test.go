package state

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// headKeys is a pair of keys, ready for use.
func headKeys(t *testing.T, name string) (*HeadSigner, *HeadVerifier) {
	t.Helper()
	private, public, err := NewHeadKeys(name)
	must(t, err)
	signer, err := ParseHeadSigner(private + "\n")
	must(t, err)
	verifier, err := ParseHeadVerifier(" " + public)
	must(t, err)
	if signer.String() != verifier.String() {
		t.Errorf("the halves of a pair are called %s and %s", signer, verifier)
	}
	return signer, verifier
}

// signedAudit is a store that signs, with n orders on record, and what it
// signed.
func signedAudit(t *testing.T, signer *HeadSigner, n int) (*Store, []byte) {
	t.Helper()
	s := newTestStore(t.TempDir(), OS{}).Signing(signer)
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
	data, err := os.ReadFile(s.paths.Head)
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
	want := SignedHead{Head: head, Lineage: st.Lineage(), Key: "example.com/shop"}
	got, err := OpenSignedHead(data, verifier)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	text := fmt.Sprintf("gdfctl audit record v1\nlineage %s\nlines 3\nhash %s\n\n— example.com/shop ", st.Lineage(), head.Hash)
	if !strings.HasPrefix(string(data), text) || bytes.Count(data, []byte("\n")) != 6 {
		t.Errorf("the file is\n%s", data)
	}
	info, err := os.Stat(s.paths.Head)
	must(t, err)
	if info.Mode().Perm() != fileMode {
		t.Errorf("its mode is %v", info.Mode())
	}

	// The next one takes its place, and the one before still holds.
	x := mustLock(t, s)
	applied(t, x, 4)
	must(t, x.Commit())
	_, err = x.SignHead()
	must(t, err)
	data, err = os.ReadFile(s.paths.Head)
	must(t, err)
	if got, err := OpenSignedHead(data, verifier); err != nil || got.Head.Lines != 4 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := s.VerifyAudit(want.Head.String()); err != nil {
		t.Error(err)
	}
}

func TestSignHeadHasNothingToDo(t *testing.T) {
	signer, _ := headKeys(t, "shop")
	for name, s := range map[string]*Store{
		"no key":   newTestStore(t.TempDir(), OS{}),
		"no lines": newTestStore(t.TempDir(), OS{}).Signing(signer),
	} {
		x := mustLock(t, s)
		if name == "no key" {
			applied(t, x, 1)
		}
		must(t, x.Commit())
		if signed, err := x.SignHead(); signed || err != nil || exists(OS{}, s.paths.Head) {
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
		if after, err := os.ReadFile(s.paths.Head); err != nil || !bytes.Equal(before, after) {
			t.Errorf("the head before is gone: %s, %v", after, err)
		}
	}
	x := mustLock(t, s)
	applied(t, x, 2)
	refused(x, "not on disk for good")
	must(t, x.Commit())
	must(t, os.Mkdir(s.paths.Head+".tmp", 0o700))
	must(t, os.WriteFile(s.paths.Head+".tmp/in-the-way", nil, 0o600))
	refused(x, "the audit record is whole, but its end could not be signed: ")
	must(t, os.RemoveAll(s.paths.Head+".tmp"))
	must(t, os.Remove(s.paths.Lock))
	refused(x, "the lock on the state is lost")
	if got, err := OpenSignedHead(before, verifier); err != nil || got.Head.Lines != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestForceUnlockSigns(t *testing.T) {
	signer, verifier := headKeys(t, "shop")
	s, _ := signedAudit(t, signer, 1)
	must(t, writeHolder(s.paths.Lock, &Holder{ID: "gone", Who: "bob"}))
	_, _, err := s.ForceUnlock(t.Context(), "bob is gone")
	must(t, err)
	data, err := os.ReadFile(s.paths.Head)
	must(t, err)
	if got, err := OpenSignedHead(data, verifier); err != nil || got.Head.Lines != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}

// A record that was made anew from its first line on, and a state that was made
// to fit, deceive everybody but who knows a head.
func TestAForgedRecordFailsAgainstItsSignedHead(t *testing.T) {
	signer, verifier := headKeys(t, "shop")
	s, data := signedAudit(t, signer, 4)
	signed, err := OpenSignedHead(data, verifier)
	must(t, err)
	record, err := os.ReadFile(s.paths.Audit)
	must(t, err)
	lines := bytes.SplitAfter(bytes.TrimSuffix(record, []byte("\n")), []byte("\n"))
	forged := bytes.Join(rechained(t, lines, 2, func(r *AuditRecord) { r.Who = "nobody" }), nil)
	must(t, os.WriteFile(s.paths.Audit, forged, 0o600))
	if _, err := s.VerifyAudit(""); err == nil || !strings.Contains(err.Error(), "line 4 was written anew: the state remembers line 4") {
		t.Errorf("the state was not asked: %v", err)
	}
	must(t, os.Remove(s.paths.State))
	if _, err := s.VerifyAudit(""); err != nil {
		t.Errorf("the chain of the forged record is not whole: %v", err)
	}
	if _, err := s.VerifyAudit(signed.Head.String()); err == nil || !strings.Contains(err.Error(), "line 4 was written anew: the head was taken at line 4") {
		t.Errorf("with its head: %v", err)
	}
}

func TestOpenSignedHead(t *testing.T) {
	signer, verifier := headKeys(t, "shop")
	other, _ := headKeys(t, "shop")
	_, data := signedAudit(t, signer, 2)
	_, foreign := signedAudit(t, other, 2)
	resigned := func(text string) []byte {
		h := SignedHead{Head: AuditHead{Hash: strings.Repeat("ab", 32), Lines: 2}, Lineage: "l"}
		x := &Session{store: &Store{fs: OS{}, paths: Paths{Head: t.TempDir() + "/head"}}}
		must(t, x.writeSigned(strings.Replace(h.text(), "lines 2\n", text, 1), signer))
		signed, err := os.ReadFile(x.store.paths.Head)
		must(t, err)
		return signed
	}
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"another number of lines":     {bytes.Replace(data, []byte("lines 2"), []byte("lines 1"), 1), "does not fit"},
		"another lineage":             {bytes.Replace(data, []byte("lineage "), []byte("lineage x"), 1), "does not fit"},
		"another key of that name":    {foreign, "it is signed with another key: " + other.String() + ", and not " + verifier.String()},
		"cut short":                   {data[:len(data)-20], "cut short"},
		"no signature":                {data[:bytes.Index(data, []byte("\n\n"))+1], "cut short"},
		"empty":                       {nil, "cut short"},
		"a line more":                 {resigned("lines 2\nlines 3\n"), "no head of an audit record"},
		"another writing of a number": {resigned("lines 02\n"), "no head of an audit record"},
		"no lines":                    {resigned("lines 0\n"), "no head of an audit record"},
		"more lines than there are":   {resigned("lines 99999999999999999999\n"), "no line that there can be"},
	} {
		if h, err := OpenSignedHead(test.data, verifier); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %+v, %v; want %q", name, h, err, test.want)
		}
	}
	if h, err := OpenSignedHead(resigned("lines 2\n"), verifier); err != nil || h.Lineage != "l" {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestHeadsBeforeThereIsALineage(t *testing.T) {
	h := SignedHead{Head: AuditHead{Hash: strings.Repeat("ab", 32), Lines: 1}}
	got, err := parseSignedHead(h.text())
	must(t, err)
	if diff := cmp.Diff(h, got); diff != "" {
		t.Error(diff)
	}
}

func TestHeadKeys(t *testing.T) {
	private, public, err := NewHeadKeys("shop")
	must(t, err)
	secret := strings.SplitN(private, "+", 5)[4]
	signer, _ := ParseHeadSigner(private)
	if shown := fmt.Sprintf("%s %v %+v %#v", signer, signer, signer, signer); strings.Contains(shown, secret) {
		t.Errorf("printing a key shows it: %s", shown)
	}
	for name, test := range map[string]struct {
		parse func(string) error
		text  string
		want  string
	}{
		"nothing":             {parseSigner, "", "no private key"},
		"another text":        {parseSigner, "hunter2", "no private key"},
		"cut short":           {parseSigner, private[:len(private)-5], "no private key"},
		"another name":        {parseSigner, strings.Replace(private, "shop", "stop", 1), "no private key"},
		"the public one":      {parseSigner, public, "the public key of a pair"},
		"nothing to verify":   {parseVerifier, "", "no public key"},
		"public, cut short":   {parseVerifier, public[:len(public)-5], "no public key"},
		"the private one":     {parseVerifier, private, "a private key"},
		"the private one cut": {parseVerifier, private[:len(private)-5], "a private key"},
	} {
		err := test.parse(test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		} else if strings.Contains(err.Error(), secret[:10]) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error shows what was given: %v", name, err)
		}
	}
	for _, name := range []string{"", "a b", "a+b", "-a", "a\n", "ä", strings.Repeat("a", 101)} {
		if _, _, err := NewHeadKeys(name); err == nil {
			t.Errorf("a key can be called %q", name)
		}
	}
}

func parseSigner(text string) error {
	_, err := ParseHeadSigner(text)
	return err
}

func parseVerifier(text string) error {
	_, err := ParseHeadVerifier(text)
	return err
}
