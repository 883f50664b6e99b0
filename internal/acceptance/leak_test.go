package acceptance

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/canary"
)

// noLeaks looks for secrets and buyers in everything that the program printed
// and in every file, by content and by name, that it can have written.
func (w *world) noLeaks() {
	w.t.Helper()
	needles := map[string]string{} // in lower case, and what each is
	add := func(what string, texts []string) {
		for _, text := range texts {
			needles[strings.ToLower(text)] = what
		}
	}
	add("a piece of a buyer", apiserver.BuyerMarks)
	add("the consumer key", canary.Forms(w.key))
	add("a token", canary.Forms(tokenPrefix))
	for _, secret := range w.secrets {
		add("a secret of the environment", canary.Forms(secret))
	}
	check := func(where, text string) {
		text = strings.ToLower(text)
		for needle, what := range needles {
			if at := strings.Index(text, needle); at >= 0 {
				w.t.Errorf("%s holds %s (as %q): …%s…", where, what, needle, text[max(0, at-80):min(len(text), at+80)])
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, output := range w.outputs {
		check("the output", output)
	}
	if w.lost {
		return
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
