package acceptance

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// noLeaks looks for secrets and buyers in everything that the program printed
// and in every file, by content and by name, that it can have written.
func (w *world) noLeaks() {
	w.t.Helper()
	needles := map[string]string{}
	for _, mark := range apiserver.BuyerMarks {
		needles[mark] = "a piece of a buyer"
	}
	for _, form := range formsOf(w.key) {
		needles[form] = "the consumer key"
	}
	for _, form := range formsOf(tokenPrefix) {
		needles[form] = "a token"
	}
	check := func(where, text string) {
		for needle, what := range needles {
			if at := strings.Index(strings.ToLower(text), strings.ToLower(needle)); at >= 0 {
				w.t.Errorf("%s holds %s (as %q): …%s…", where, what, needle, text[max(0, at-80):min(len(text), at+80)])
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, output := range w.outputs {
		check("the output", output)
	}
	err := filepath.WalkDir(w.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(w.root, path)
		check("the name of a file", name)
		if !d.Type().IsRegular() {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		check(name, string(b))
		return nil
	})
	if err != nil {
		w.t.Error(err)
	}
}

// formsOf are the ways in which a secret can stand in a text.
func formsOf(secret string) []string {
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
