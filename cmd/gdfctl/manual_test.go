package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/gdfctl/gdfctl/internal/screen"
)

// Each command has a page of the manual, which releases bring. With GDFCTL_MANUAL
// set to a directory, the pages are written there, with SOURCE_DATE_EPOCH as their
// date; scripts/release.sh does that.
func TestManual(t *testing.T) {
	dir := os.Getenv("GDFCTL_MANUAL")
	if dir == "" {
		dir = t.TempDir()
	}
	date := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if text := os.Getenv("SOURCE_DATE_EPOCH"); text != "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Fatalf("SOURCE_DATE_EPOCH: %v", err)
		}
		date = time.Unix(seconds, 0).UTC()
	}
	root := newRoot(&program{Screen: screen.Screen{Env: func(string) string { return "" }}})
	root.DisableAutoGenTag = true
	plainText(root)
	header := &doc.GenManHeader{Section: "1", Date: &date, Source: "gdfctl", Manual: "gdfctl manual"}
	if err := doc.GenManTree(root, header, dir); err != nil {
		t.Fatal(err)
	}
	pages := 0
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		if !cmd.IsAvailableCommand() && cmd != root {
			return
		}
		pages++
		finishPage(t, filepath.Join(dir, strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"), cmd)
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(root)
	written, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if err != nil || len(written) != pages {
		t.Errorf("%v: %d pages for %d commands", err, len(written), pages)
	}
}

// plainText keeps the generator, which reads Markdown, from taking what help says
// as it stands for markup.
func plainText(cmd *cobra.Command) {
	escape := strings.NewReplacer("_", `\_`, "*", `\*`, "<", `\<`, "[", `\[`, "`", "\\`")
	cmd.Long = escape.Replace(cmd.Long)
	for _, sub := range cmd.Commands() {
		plainText(sub)
	}
}

// finishPage mends a page and looks at it.
func finishPage(t *testing.T, path string, cmd *cobra.Command) {
	t.Helper()
	page, err := os.ReadFile(path)
	if err == nil {
		// The generator writes switches as if they took a value.
		page = bytes.ReplaceAll(page, []byte("[=false]"), nil)
		err = os.WriteFile(path, page, 0o644) //nolint:gosec // a page that everybody reads
	}
	if err != nil {
		t.Error(err)
		return
	}
	for _, want := range []string{".SH NAME", ".SH SYNOPSIS", ".SH EXAMPLE", cmd.Name()} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("%s lacks %q", filepath.Base(path), want)
		}
	}
}
