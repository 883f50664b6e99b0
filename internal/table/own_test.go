package table_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/table"
)

// Files that hold secrets, and gdfctl's own, are never read: named, they are an
// error, and no glob matches them, whatever they are called through links.
func TestWhatIsNeverRead(t *testing.T) {
	const canary = "canary"
	refused := map[string]string{}
	for _, name := range []string{".env", ".git/config", "a/.hidden.csv", ".gdfctl/sandbox.json", "a/.b/c.csv"} {
		refused[name] = "begins with a dot"
	}
	for _, name := range []string{
		"gdfctl.state.json", "gdfctl.state.json.backup", "gdfctl.state.json.lock", "gdfctl.state.json.journal", "gdfctl.closed.jsonl", "gdfctl.audit.jsonl",
		"gdfctl.audit.head", "gdfctl.feeds.json", "gdfctl.feeds.json.lock", "state/main.state.json", "state/main.audit.jsonl", "x.json.journal", "a/GDFCTL.STATE.JSON",
	} {
		refused[name] = "gdfctl's own"
	}
	contents := map[string]string{"a.csv": "x", "state.csv": "x", "b.closed.csv": "x"}
	for name := range refused {
		contents[name] = canary
	}
	for name, content := range map[string]string{
		"p1": `{"format":"gdfctl-plan","file_version":1}`, "p2.csv": "{\"format\": \"gdfctl-plan\"}", "x.csv": "{\n  \"version\": 1,\n  \"gdfctl_version\": \"1\"}",
	} {
		contents[name], refused[name] = content, "gdfctl's own"
	}
	root := rootWith(t, contents)
	for link, to := range map[string]string{"link.csv": ".env", "link2.csv": "link.csv", "dir": ".git", "linked.csv": "gdfctl.state.json", "b.csv": "a.csv"} {
		if err := root.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
	}
	refused["link.csv"], refused["link2.csv"], refused["dir/config"], refused["linked.csv"] = "begins with a dot", "begins with a dot", "begins with a dot", "gdfctl's own"
	refused["a/../.env"], refused["./.env"] = "begins with a dot", "begins with a dot"
	for name, want := range refused {
		_, err := table.Open(root, name)
		var e *table.Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("Open(%q): %v, want %q", name, err, want)
		}
		rows := 0
		for row, err := range table.CSV(root, name, table.CSVOptions{}) {
			if rows++; err == nil || row.Header != nil || strings.Contains(err.Error(), canary) {
				t.Errorf("CSV(%q): %v, %v", name, row, err)
			}
		}
	}
	for _, pattern := range []string{"*", "*.csv", "*.*", "?*"} {
		got, err := table.Files(root, pattern)
		want := []string{"a.csv", "b.closed.csv", "b.csv", "state.csv"}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", pattern, err, diff)
		}
	}
	for _, pattern := range []string{".*", "*/config", "*/.*", "[.]env", "*.jsonl", "state/*", "dir/*"} {
		if got, err := table.Files(root, pattern); err != nil || len(got) > 0 {
			t.Errorf("%s matches %q, %v", pattern, got, err)
		}
	}
}
