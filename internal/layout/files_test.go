package layout_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/layout"
)

// Files are named with slashes on every system, as in the places of diagnostics,
// and found where they are.
func TestFilesAreNamedWithSlashes(t *testing.T) {
	t.Chdir(t.TempDir())
	below := filepath.Join("shops", "eu")
	if err := os.MkdirAll(below, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(below, "main.hcl")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{file, below, "shops", "shops/eu"} {
		files, err := layout.Search{Recursive: true, Empty: func(string) {}}.Files([]string{target})
		if diff := cmp.Diff([]layout.File{{Name: "shops/eu/main.hcl", Path: file}}, files); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", target, err, diff)
		}
	}
}
