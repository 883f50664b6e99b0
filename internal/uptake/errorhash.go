package uptake

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

var digits = regexp.MustCompile(`[0-9]+`)

// ErrorHash is what is kept of a marketplace's error, to find out later whether it is
// still the same: empty for none. The text can name a buyer, and a hash of it
// could be guessed. So the hash is that of the words that identify nobody; of all
// the others together it holds 8 bits, enough to distinguish two carriers, and far
// too little to find a name. Numbers don't count: many errors hold the time.
func ErrorHash(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	const wordBytes = 6
	public := sha256.Sum256([]byte(digits.ReplaceAllString(safetext.Foreign(text), "0")))
	all := sha256.Sum256([]byte(digits.ReplaceAllString(text, "0")))
	return hex.EncodeToString(append(public[:wordBytes:wordBytes], all[0]))
}
