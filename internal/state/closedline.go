package state

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
)

// closedLine is one line of the file of closed orders. Its first two members
// are hashes of the order's two names, at fixed places, so that opening a file
// of any length decodes no line of it.
type closedLine struct {
	KeyHash    string `json:"k"`
	NumberHash string `json:"n"`
	Removed    bool   `json:"removed,omitempty"` // takes an earlier line back

	Endpoint     string       `json:"endpoint"`
	Account      string       `json:"account"`
	ID           string       `json:"id"`
	Source       string       `json:"source,omitempty"`
	SourceNumber string       `json:"source_order_number,omitempty"`
	Wanted       storedValues `json:"wanted,omitzero"`
	Sent         []string     `json:"sent,omitempty"`
	ClosedAt     time.Time    `json:"closed_at"`
	OrderID      string       `json:"order_id,omitempty"`
	AuditLine    int          `json:"audit_line,omitempty"`
}

// insertedMark stands in the lines of orders that were inserted. In a text of a line, its
// quotes would be escaped.
var insertedMark = []byte(`"id":"` + order.InsertPrefix)

// keptForEver reports whether a line is of an order that was inserted.
func keptForEver(text []byte) bool { return bytes.Contains(text, insertedMark) }

const (
	closedKeyAt    = len(`{"k":"`)
	closedNumberAt = closedKeyAt + 16 + len(`","n":"`)
	closedNamesEnd = closedNumberAt + 16 + len(`"`)
	closedRemoved  = `,"removed":true`
)

func decodeClosed(text []byte) (closedLine, error) {
	var line closedLine
	err := json.Unmarshal(text, &line)
	return line, err
}

// closedNames reads the hashes of a line's names.
func closedNames(text []byte) (key, number uint64, ok bool) {
	if len(text) < closedNamesEnd || !sealed(text) {
		return 0, 0, false
	}
	key, okKey := hashOf(text[closedKeyAt : closedKeyAt+16])
	number, okNumber := hashOf(text[closedNumberAt : closedNumberAt+16])
	return key, number, okKey && okNumber
}

func (k Key) hash() uint64 { return hashNames(k.Endpoint, k.Account, k.ID) }

func (n numberKey) hash() uint64 { return hashNames(n.endpoint, n.account, n.source, n.number) }

// hashNames is FNV-1a of the names, each with a zero byte behind it. Package
// hash/fnv takes bytes: the copies of the names took half of the time.
func hashNames(names ...string) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	hash := uint64(offset)
	for _, name := range names {
		for i := range len(name) {
			hash = (hash ^ uint64(name[i])) * prime
		}
		hash *= prime // the zero byte
	}
	return hash
}

func hashOf(text []byte) (uint64, bool) {
	var hash [8]byte
	_, err := hex.Decode(hash[:], text)
	return binary.BigEndian.Uint64(hash[:]), err == nil
}

func hashText(hash uint64) string {
	return hex.EncodeToString(binary.BigEndian.AppendUint64(nil, hash))
}
