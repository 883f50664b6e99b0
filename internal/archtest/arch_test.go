package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// root is the module's directory, seen from this package.
const root = "../.."

func TestArchitecture(t *testing.T) {
	// The files are read here, not only by `go list`, so that a cached result
	// of this test is dropped when one of them changes.
	files, err := readFiles(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	packages := listPackages(t)
	document, err := os.ReadFile(root + "/docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	var unraced string
	for _, script := range []string{"exhaustive.sh", "timed.sh"} {
		text, err := os.ReadFile(root + "/scripts/" + script)
		if err != nil {
			t.Fatal(err)
		}
		unraced += string(text)
	}
	for name, found := range map[string][]string{
		"table":    checkTable(packages, rooms),
		"floors":   checkFloors(packages, rooms),
		"outside":  checkOutside(packages, outside),
		"linked":   checkLinked(packages, linked, rooms),
		"length":   checkLength(files),
		"docs":     checkDocs(files),
		"sleep":    checkSleep(files),
		"unraced":  checkUnraced(files, unraced),
		"raced":    checkRaced(files, listRaced(t)),
		"document": checkDocument(string(document), rooms),
	} {
		t.Run(name, func(t *testing.T) {
			for _, problem := range found {
				t.Error(problem)
			}
		})
	}
}

// listRaced is what scripts/race.sh runs, or nothing on a system without its shell.
func listRaced(t *testing.T) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "bash", root+"/scripts/raced.sh").Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil
	}
	if err != nil {
		t.Fatalf("raced.sh: %v", err)
	}
	return strings.Fields(string(out))
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-buildvcs=false", "-json=ImportPath,Imports,Deps,TestImports,XTestImports", "./...")
	cmd.Dir = root
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}
