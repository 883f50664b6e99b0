package audit

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
)

// headKeys is a pair of keys, ready for use.
func headKeys(t *testing.T, name string) (*Signer, *Verifier) {
	t.Helper()
	private, public, err := NewKeys(name)
	must(t, err)
	signer, err := ParseSigner(private + "\n")
	must(t, err)
	verifier, err := ParseVerifier(" " + public)
	must(t, err)
	if signer.String() != verifier.String() {
		t.Errorf("the halves of a pair are called %s and %s", signer, verifier)
	}
	return signer, verifier
}

func TestOpenSignedHead(t *testing.T) {
	signer, verifier := headKeys(t, "shop")
	other, _ := headKeys(t, "shop")
	sign := func(text string, key *Signer) []byte {
		signed, err := note.Sign(&note.Note{Text: text}, key.key)
		must(t, err)
		return signed
	}
	h := SignedHead{Head: Head{Hash: strings.Repeat("ab", 32), Lines: 2}, Lineage: "l"}
	data, err := Sign(h.Head, h.Lineage, signer)
	must(t, err)
	foreign := sign(h.text(), other)
	resigned := func(lines string) []byte { return sign(strings.Replace(h.text(), "lines 2\n", lines, 1), signer) }
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
		"a line more":                 {resigned("lines 2\nlines 3\n"), "not a head of an audit log"},
		"another writing of a number": {resigned("lines 02\n"), "not a head of an audit log"},
		"no lines":                    {resigned("lines 0\n"), "not a head of an audit log"},
		"more lines than there are":   {resigned("lines 99999999999999999999\n"), "no line that there can be"},
	} {
		if h, err := OpenSigned(test.data, verifier); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %+v, %v; want %q", name, h, err, test.want)
		}
	}
	if h, err := OpenSigned(resigned("lines 2\n"), verifier); err != nil || h.Lineage != "l" {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestHeadsBeforeThereIsALineage(t *testing.T) {
	h := SignedHead{Head: Head{Hash: strings.Repeat("ab", 32), Lines: 1}}
	got, err := parseSignedHead(h.text())
	must(t, err)
	if diff := cmp.Diff(h, got); diff != "" {
		t.Error(diff)
	}
}

func TestHeadKeys(t *testing.T) {
	private, public, err := NewKeys("shop")
	must(t, err)
	secret := strings.SplitN(private, "+", 5)[4]
	signer, _ := ParseSigner(private)
	if shown := fmt.Sprintf("%s %v %+v %#v", signer, signer, signer, signer); strings.Contains(shown, secret) {
		t.Errorf("printing a key shows it: %s", shown)
	}
	for name, test := range map[string]struct {
		parse func(string) error
		text  string
		want  string
	}{
		"nothing":             {parseSigner, "", "not a private key"},
		"another text":        {parseSigner, "hunter2", "not a private key"},
		"cut short":           {parseSigner, private[:len(private)-5], "not a private key"},
		"another name":        {parseSigner, strings.Replace(private, "shop", "stop", 1), "not a private key"},
		"the public one":      {parseSigner, public, "the public key of a pair"},
		"nothing to verify":   {parseVerifier, "", "not a public key"},
		"public, cut short":   {parseVerifier, public[:len(public)-5], "not a public key"},
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
		if _, _, err := NewKeys(name); err == nil {
			t.Errorf("a key can be called %q", name)
		}
	}
}

func parseSigner(text string) error {
	_, err := ParseSigner(text)
	return err
}

func parseVerifier(text string) error {
	_, err := ParseVerifier(text)
	return err
}

// A log that was made again from its first line on, and a state that was made to
// fit, deceive everybody but who knows a head.
func TestAForgedLogFailsAgainstItsSignedHead(t *testing.T) {
	signer, verifier := headKeys(t, "shop")
	_, lines := logOf(t, 4)
	head := headOf(t, lines[3])
	data, err := Sign(head, "l", signer)
	must(t, err)
	signed, err := OpenSigned(data, verifier)
	must(t, err)
	forged := &inMemory{data: bytes.Join(rechained(t, lines, 2, func(e *Entry) { e.Who = "nobody" }), nil)}
	if _, err := Verify(forged, Head{}, head); err == nil || !strings.Contains(err.Error(), "line 4 was rewritten: the state remembers line 4") {
		t.Errorf("the state was not asked: %v", err)
	}
	if _, err := Verify(forged, Head{}, Head{}); err != nil {
		t.Errorf("the chain of the forged log is not whole: %v", err)
	}
	if _, err := Verify(forged, signed.Head, Head{}); err == nil || !strings.Contains(err.Error(), "line 4 was rewritten: the head was taken at line 4") {
		t.Errorf("with its head: %v", err)
	}
}
