package audit

import (
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// The hashes of the audit log can be computed by anybody, and so a whole
// record can be made again. A signed head can't: it is a note in the format of
// golang.org/x/mod/sumdb/note, signed with an ed25519 key that only the runs
// have. Its text is four lines:
//
//	gdfctl audit record v1
//	lineage 0d6c1a52-7f0e-4b0e-9a55-0b1f5f6f3c11
//	lines 41
//	hash 5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8
//
// The lineage is that of the state beside the record, or "-" where there was
// none yet; lines and hash are the head, as Head has it. An empty line and
// the signature follow. A text in any other form is refused.

const headTitle = "gdfctl audit record v1"

// SignedHead is a head of the audit log that the holder of a key vouches
// for.
type SignedHead struct {
	Head    Head
	Lineage string // of the state that the record belongs to; empty if there was none yet
	Key     string // the name of the key
}

func (h SignedHead) text() string {
	lineage := h.Lineage
	if lineage == "" {
		lineage = "-"
	}
	return fmt.Sprintf("%s\nlineage %s\nlines %d\nhash %s\n", headTitle, lineage, h.Head.Lines, h.Head.Hash)
}

var headText = regexp.MustCompile(`^` + headTitle + `\nlineage ([0-9A-Za-z-]+)\nlines ([1-9][0-9]*)\nhash ([0-9a-f]{64})\n$`)

func parseSignedHead(text string) (SignedHead, error) {
	m := headText.FindStringSubmatch(text)
	if m == nil {
		return SignedHead{}, fmt.Errorf("what is signed is not a head of an audit log: its text begins with %q", headTitle)
	}
	lines, err := strconv.Atoi(m[2])
	if err != nil {
		return SignedHead{}, fmt.Errorf("the signed head is of no line that there can be: %s", m[2])
	}
	h := SignedHead{Head: Head{Hash: m[3], Lines: lines}, Lineage: m[1]}
	if h.Lineage == "-" {
		h.Lineage = ""
	}
	return h, nil
}

// OpenSigned checks the signature on a head and returns what it says. The
// error says whether it was another key or a signature that does not fit.
func OpenSigned(data []byte, key *Verifier) (SignedHead, error) {
	n, err := note.Open(data, note.VerifierList(key.key))
	var other *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &other):
		return SignedHead{}, fmt.Errorf("it is signed with another key: %s, and not %s", signers(other.Note.UnverifiedSigs), key)
	case errors.As(err, &invalid):
		return SignedHead{}, fmt.Errorf("the signature of %s does not fit: the text or the signature was changed", key)
	case err != nil:
		return SignedHead{}, errors.New("it is not a signed head: it is cut short, or was changed")
	}
	h, err := parseSignedHead(n.Text)
	h.Key = key.key.Name()
	return h, err
}

func signers(signatures []note.Signature) string {
	names := make([]string, len(signatures))
	for i, s := range signatures {
		names[i] = keyName(s.Name, s.Hash)
	}
	return strings.Join(names, ", ")
}

// keyName tells keys apart that have one name.
func keyName(name string, hash uint32) string {
	return safetext.Line(fmt.Sprintf("%s+%08x", name, hash))
}

// Signer is a private key for heads of audit logs. Printing it shows
// nothing of the key.
type Signer struct{ key note.Signer }

// ParseSigner reads a private key, as NewKeys made it. The error holds
// nothing of what was given.
func ParseSigner(text string) (*Signer, error) {
	text = strings.TrimSpace(text)
	key, err := note.NewSigner(text)
	if err == nil {
		return &Signer{key}, nil
	}
	if _, err := note.NewVerifier(text); err == nil {
		return nil, errors.New("it is the public key of a pair: to sign takes the private one, which begins with PRIVATE+KEY+")
	}
	return nil, errors.New("it is not a private key of `gdfctl audit keygen`: that is one line, PRIVATE+KEY+NAME+…, and has to be whole")
}

// String names the key.
func (s *Signer) String() string { return keyName(s.key.Name(), s.key.KeyHash()) }

// Verifier is the public key that belongs to a Signer.
type Verifier struct{ key note.Verifier }

// ParseVerifier reads a public key, as NewKeys made it. The error holds
// nothing of what was given: it may be the private one.
func ParseVerifier(text string) (*Verifier, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "PRIVATE+KEY+") {
		return nil, errors.New("it is a private key, which nobody needs who verifies: give the public one of the pair")
	}
	key, err := note.NewVerifier(text)
	if err != nil {
		return nil, errors.New("it is not a public key of `gdfctl audit keygen`: that is one line, NAME+…+…, and has to be whole")
	}
	return &Verifier{key}, nil
}

// String names the key.
func (v *Verifier) String() string { return keyName(v.key.Name(), v.key.KeyHash()) }

var headKeyName = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._/-]{0,99}$`)

// NewKeys makes a pair of keys that go by a name: letters, digits and any
// of ". _ - /", such as the host and path of a repository.
func NewKeys(name string) (private, public string, err error) {
	if !headKeyName.MatchString(name) {
		return "", "", errors.New("the name of a key is made of letters, digits, dots, slashes, - and _, 100 at most, and begins with a letter or digit")
	}
	return note.GenerateKey(rand.Reader, name)
}

// Sign makes a signed head with a key.
func Sign(head Head, lineage string, key *Signer) ([]byte, error) {
	return note.Sign(&note.Note{Text: SignedHead{Head: head, Lineage: lineage}.text()}, key.key)
}
