package sharedlog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Position is one record of a log: its number, and the hash of its bytes.
type Position struct {
	N    int64  `json:"n"`
	Hash string `json:"hash"` // lower-case hex SHA-256
}

// Before is the position that record 0 is appended behind.
var Before = Position{N: -1}

// String is how messages name a position: the number, and the beginning of the hash.
func (p Position) String() string {
	if p.N < 0 {
		return "the beginning"
	}
	return fmt.Sprintf("%d@%.12s", p.N, p.Hash)
}

// HashOf is the hash of a record's or a value's bytes.
func HashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
