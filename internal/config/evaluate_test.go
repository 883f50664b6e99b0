package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// reportedAlready is one for all configurations: no attribute that hangs on a value
// which could not be had may add words of its own to it.
func TestWhatIsReportedAlreadyStaysAsItIs(t *testing.T) {
	dir := t.TempDir()
	src := "locals {\n  share = nope()\n}\nwatch \"a\" {\n  feeds = \"*\"\n  max_drop = local.share\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	text := *reportedAlready
	first, _ := loadInParts(t, dir, 1000)
	again, _ := loadInParts(t, dir, 1000)
	if diff := cmp.Diff(told(first), told(again)); diff != "" || !first.HasErrors() {
		t.Errorf("loaded again (-first, +again):\n%s", diff)
	}
	if diff := cmp.Diff(text, *reportedAlready); diff != "" {
		t.Errorf("the text for all (-before, +after):\n%s", diff)
	}
}
