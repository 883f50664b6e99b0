package table_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/table"
)

func TestFiles(t *testing.T) {
	root := rootWith(t, map[string]string{"a/2.csv": "", "a/1.csv": "", "a/b/3.csv": "", "a/.x.csv": "", "holds.csv": "", "a/dir.csv/x": "", "[1].csv": "", "b/x.txt": "", "c/B.CSV": "", "c/a.csv": ""})
	if err := root.Symlink("1.csv", "a/link.csv"); err != nil {
		t.Fatal(err)
	}
	for pattern, want := range map[string][]string{
		"a/*.csv":      {"a/1.csv", "a/2.csv", "a/link.csv"},
		"./a/[12].csv": {"a/1.csv", "a/2.csv"},
		"a/.*.csv":     {},
		"a/[.]x.csv":   {},
		"a/*/*.csv":    {"a/b/3.csv"},
		"b/*.csv":      {},
		"*/none/*.csv": {},
		"*/b/*.csv":    {"a/b/3.csv"},
		"a/1.csv":      {"a/1.csv"},
		"a/../a/1.csv": {"a/1.csv"},
		"[[]1].csv":    {"[1].csv"},
		"c/*.csv":      {"c/B.CSV", "c/a.csv"},
		"c/*.c?v":      {"c/a.csv"},
	} {
		got, err := table.Files(root, pattern)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		if diff := cmp.Diff(want, append([]string{}, got...)); diff != "" {
			t.Errorf("%s: %s", pattern, diff)
		}
	}
}

func TestFilesRefused(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret.csv")
	if err := os.WriteFile(outside, []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	root := rootWith(t, map[string]string{"shipments/2026-11-20.csv": "", "shipments/2026-11-21.csv": "", "holds.csv": "", "evil\x1b[31m.txt": ""})
	for link, to := range map[string]string{"out.csv": outside, "up.csv": "../../x.csv", "gone.csv": "nowhere.csv", "dirout": filepath.Dir(outside)} {
		if err := root.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
	}
	for pattern, want := range map[string]string{
		"":                         "empty",
		"../x.csv":                 "leads out of the configuration directory",
		"a/../../x.csv":            "leads out of the configuration directory",
		"../*.csv":                 "leads out of the configuration directory",
		"/etc/passwd":              "the path is absolute",
		"**/x.csv":                 "** is not supported",
		"a[":                       "not a valid pattern",
		"out.csv":                  "a link on the path leads out",
		"up.csv":                   "a link on the path leads out",
		"o*.csv":                   "a link on the path leads out",
		"dirout/secret.csv":        "a link on the path leads out",
		"gone.csv":                 "link to a file that does not exist",
		"shipments":                "this is a directory: write shipments/*.csv",
		"shipments/2026-11-22.csv": `there is no such file; there is shipments/2026-11-20.csv, shipments/2026-11-21.csv`,
		"hold.csv":                 `there is no such file; there is holds.csv`,
		"shipment/2026-11-20.csv":  `there is no such folder; there is shipments`,
		"evil.txt":                 `evil\x1b[31m.txt`,
		"x\x00":                    "NUL",
		`shipments\*.csv`:          "use slashes in a path: shipments/*.csv",
		`shipments\today.csv`:      "use slashes in a path",
		"shipment/*.csv":           `shipment: there is no such folder; there is shipments`,
		"dirout/*.csv":             "a link on the path leads out",
		"holds.csv/*.csv":          "this is a file",
	} {
		_, err := table.Files(root, pattern)
		var e *table.Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", pattern, err, want)
		}
		if err != nil && strings.Contains(err.Error(), filepath.Dir(outside)) {
			t.Errorf("%q: the error shows where the machine keeps the files: %v", pattern, err)
		}
		rows := 0
		for _, err := range table.CSV(root, pattern, table.CSVOptions{}) {
			if err == nil {
				rows++
			}
		}
		if rows > 0 {
			t.Errorf("%q: %d rows were read", pattern, rows)
		}
	}
}
