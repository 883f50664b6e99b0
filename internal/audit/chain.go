package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// The audit log is a file of JSON objects, one a line. Every line ends in
//
//	,"hash":"<64 lower-case hex digits>"}
//
// The hash is the SHA-256 of the line without that member: of all its bytes up
// to `,"hash":"`, followed by the closing brace, without the newline. So this
// prints the hash of line 7:
//
//	sed -n 7p gdfctl.audit.jsonl | sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\n' | sha256sum
//
// Each line holds its number and, as "prev", the hash of the line before it;
// the first one holds 64 zeros. Whoever knows the hash of line N can prove that
// no line up to N was changed, removed, inserted or moved.

// Head is a point of the audit log: a line and everything before it. The zero
// Head is the empty log.
type Head struct {
	Hash  string `json:"hash"` // of the line
	Lines int    `json:"lines"`
}

// String is HASH@LINE, as Verify takes it.
func (h Head) String() string { return h.Hash + "@" + strconv.Itoa(h.Lines) }

// ParseHead reads what String wrote.
func ParseHead(s string) (Head, error) {
	hash, number, _ := strings.Cut(strings.TrimSpace(s), "@")
	lines, err := strconv.Atoi(number)
	hash = strings.ToLower(hash)
	if sum, hexErr := hex.DecodeString(hash); err != nil || hexErr != nil || len(sum) != sha256.Size || lines < 1 {
		return Head{}, fmt.Errorf("%q is not a head of an audit log: it is written HASH@LINE, with 64 hex digits", s)
	}
	return Head{Hash: hash, Lines: lines}, nil
}

// Prev is the hash that the next line refers to.
func (h Head) Prev() string {
	if h.Lines == 0 {
		return strings.Repeat("0", 2*sha256.Size)
	}
	return h.Hash
}

const (
	hashStart = `,"hash":"`
	hashEnd   = `"}`
	hashSize  = len(hashStart) + 2*sha256.Size + len(hashEnd)
)

// chain makes the record the next line after h, newline included.
func (h Head) chain(r Entry) ([]byte, Head, error) {
	r.Line, r.Prev, r.Hash = h.Lines+1, h.Prev(), ""
	body, err := json.Marshal(r)
	if err != nil {
		return nil, h, err
	}
	// As it will be printed: whoever has an exported line can compute its hash.
	body = safetext.JSON(body)
	sum := sha256.Sum256(body)
	next := Head{hex.EncodeToString(sum[:]), r.Line}
	line := append(body[:len(body)-1], hashStart...)
	line = append(line, next.Hash...)
	return append(line, hashEnd+"\n"...), next, nil
}

// link is what of a line makes the chain.
type link struct {
	Line int
	Prev string
	hash string
}

func (l link) follows(h Head) bool { return l.Line == h.Lines+1 && l.Prev == h.Prev() }

// readLink checks a line, without its newline, against its own hash.
func readLink(text []byte) (link, bool) {
	cut := len(text) - hashSize
	if cut < 1 || string(text[cut:cut+len(hashStart)]) != hashStart || !bytes.HasSuffix(text, []byte(hashEnd)) {
		return link{}, false
	}
	sum := sha256.New()
	sum.Write(text[:cut])
	sum.Write([]byte("}"))
	l := link{hash: hex.EncodeToString(sum.Sum(nil))}
	if string(text[cut+len(hashStart):len(text)-len(hashEnd)]) != l.hash {
		return link{}, false
	}
	return l, l.read(text)
}

// read takes number and predecessor from the beginning of a line, where they
// always stand. What follows is not parsed: its hash says that it is what was
// written, and a record of years is verified before every run.
func (l *link) read(text []byte) bool {
	rest, ok := bytes.CutPrefix(text, []byte(`{"line":`))
	if !ok {
		return false
	}
	number, rest, ok := bytes.Cut(rest, []byte(`,"prev":"`))
	if !ok {
		return false
	}
	prev, _, ok := bytes.Cut(rest, []byte(`"`))
	line, err := strconv.Atoi(string(number))
	l.Line, l.Prev = line, string(prev)
	return ok && err == nil
}

func (l link) head() Head { return Head{l.hash, l.Line} }

// Position is a head, and where its line ends in the log.
type Position struct {
	Head
	Size int64
}
