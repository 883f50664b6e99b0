package state

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"io"
	"time"
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
	ClosedAt     time.Time    `json:"closed_at"`
}

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

func hashNames(names ...string) uint64 {
	h := fnv.New64a()
	for _, name := range names {
		_, _ = io.WriteString(h, name) // a hash takes everything
		h.Write([]byte{0})
	}
	return h.Sum64()
}

func hashOf(text []byte) (uint64, bool) {
	var hash [8]byte
	_, err := hex.Decode(hash[:], text)
	return binary.BigEndian.Uint64(hash[:]), err == nil
}

func hashText(hash uint64) string {
	return hex.EncodeToString(binary.BigEndian.AppendUint64(nil, hash))
}
