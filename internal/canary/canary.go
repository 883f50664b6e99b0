package canary

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// Forms are the ways in which a secret can be written in a text: as it is, escaped
// for URLs, JSON and HTML, and in base64 wherever it begins.
func Forms(secret string) []string {
	if secret == "" {
		return nil
	}
	quoted, _ := json.Marshal(secret) // a string always can be
	forms := []string{secret, url.PathEscape(secret), url.QueryEscape(secret), strings.Trim(string(quoted), `"`), html.EscapeString(secret)}
	// base64 of a text depends on what goes before it: drop what its
	// neighbours share a digit with.
	for lead := range 3 {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			whole := encoding.EncodeToString([]byte(strings.Repeat("x", lead) + secret))
			forms = append(forms, whole[(lead*8+5)/6:len(whole)-2])
		}
	}
	return forms
}

// pieceLength is how many characters of a secret in a row are a piece of it.
const pieceLength = 6

// FindTraces is stricter than Find: it looks for every piece of a secret, from
// six characters in a row, in either case: as it is, backwards, in base64, in
// hexadecimal and percent-encoded. The secret must be one of which no such piece
// is in a text by chance.
func FindTraces(text, secret string) string {
	lower := strings.ToLower(text)
	backwards := []byte(secret)
	slices.Reverse(backwards)
	for _, s := range []string{secret, string(backwards)} {
		for _, changed := range []string{s, strings.ToUpper(s), strings.ToLower(s)} {
			for _, form := range Forms(changed) {
				if piece := pieceOf(text, form, 8); piece != "" {
					return fmt.Sprintf("a piece of a secret, as %q", piece)
				}
			}
			// each byte is two digits, or a percent sign and two digits
			codes := hex.EncodeToString([]byte(changed))
			if piece := pieceOf(lower, codes, 2*pieceLength); piece != "" {
				return fmt.Sprintf("a piece of a secret, in hexadecimal: %q", piece)
			}
			if piece := pieceOf(strings.ReplaceAll(lower, "%", ""), codes, 2*pieceLength); piece != "" {
				return fmt.Sprintf("a piece of a secret, percent-encoded: %q", piece)
			}
		}
		if piece := pieceOf(lower, strings.ToLower(s), pieceLength); piece != "" {
			return fmt.Sprintf("a piece of a secret, %q", piece)
		}
	}
	return ""
}

// pieceOf is a piece of so many characters that a text holds, or "".
func pieceOf(text, whole string, length int) string {
	for i := 0; i+length <= len(whole); i++ {
		if piece := whole[i : i+length]; strings.Contains(text, piece) {
			return piece
		}
	}
	return ""
}

// Find says what a text holds of the simulator's tokens and buyers, and of the
// secrets given; it returns "" if that is nothing.
func Find(text string, secrets ...string) string {
	lower := strings.ToLower(text)
	for _, mark := range sandbox.BuyerMarks() {
		if strings.Contains(lower, strings.ToLower(mark)) {
			return fmt.Sprintf("a piece of a buyer, %q", mark)
		}
	}
	for _, secret := range append(secrets, sandbox.TokenMark) {
		for _, form := range Forms(secret) {
			if strings.Contains(text, form) {
				return fmt.Sprintf("a secret, as %q", form)
			}
		}
	}
	return ""
}

// FindInFiles is Find for every file below a directory, by name and content.
// Files that skip says are passed over.
func FindInFiles(dir string, skip func(name string) bool, secrets ...string) (string, error) {
	found := ""
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		if err != nil || found != "" || !d.Type().IsRegular() || skip(name) {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if what := Find(name+"\n"+string(content), secrets...); what != "" {
			found = fmt.Sprintf("%s holds %s", name, what)
		}
		return nil
	})
	return found, err
}
