package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxLines is how long a file may be, tests aside. One that grows past it
// holds more than one thing.
const maxLines = 400

// goFile is one parsed file of the module.
type goFile struct {
	path   string
	lines  int
	syntax *ast.File
}

func (f goFile) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

// readFiles reads every Go file of the module, those for other systems
// included. Modules below it and hidden directories are left out.
func readFiles(tree fs.FS) ([]goFile, error) {
	var files []goFile
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipped(tree, name)
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, goFile{name, bytes.Count(src, []byte("\n")), syntax})
		return nil
	})
	return files, err
}

func skipped(tree fs.FS, dir string) error {
	if dir == "." {
		return nil
	}
	if _, err := fs.Stat(tree, path.Join(dir, "go.mod")); err == nil || strings.HasPrefix(path.Base(dir), ".") || path.Base(dir) == "testdata" {
		return fs.SkipDir
	}
	return nil
}

// checkLength finds files that are too long.
func checkLength(files []goFile) []string {
	var found []string
	for _, f := range files {
		if !f.isTest() && f.lines > maxLines {
			found = append(found, fmt.Sprintf("%s has %d lines, and %d are allowed: it holds more than one thing", f.path, f.lines, maxLines))
		}
	}
	return found
}

// checkDocs finds packages without a comment in their doc.go. That of a
// program may stand in its main.go.
func checkDocs(files []goFile) []string {
	documented := map[string]bool{}
	for _, f := range files {
		dir, base := path.Split(f.path)
		name := f.syntax.Name.Name
		documented[dir] = documented[dir] ||
			base == "doc.go" && strings.HasPrefix(f.syntax.Doc.Text(), "Package "+name+" ") ||
			(base == "doc.go" || base == "main.go") && name == "main" && strings.HasPrefix(f.syntax.Doc.Text(), "Command ")
	}
	var found []string
	for _, dir := range slices.Sorted(maps.Keys(documented)) {
		if !documented[dir] {
			found = append(found, fmt.Sprintf("%sdoc.go is missing, or does not begin with a package comment: what the package is for, what it promises, what to read first", dir))
		}
	}
	return found
}

// checkSleep finds calls of time.Sleep. A program that waits can be
// interrupted, and a test sleeps only on the fake clock of testing/synctest.
func checkSleep(files []goFile) []string {
	var found []string
	for _, f := range files {
		fake := slices.ContainsFunc(f.syntax.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"testing/synctest"` })
		real := slices.ContainsFunc(realTime, func(path string) bool { return strings.HasPrefix(f.path, path) })
		if f.isTest() && fake || real {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Sleep" {
				if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "time" {
					found = append(found, fmt.Sprintf("%s calls time.Sleep: wait on a channel, or use the fake clock of testing/synctest", f.path))
				}
			}
			return true
		})
	}
	return found
}

// checkUnraced finds tests that the race detector leaves out and no other step runs.
func checkUnraced(files []goFile, scripts string) []string {
	var found []string
	for _, f := range files {
		unraced := slices.ContainsFunc(f.syntax.Comments, func(c *ast.CommentGroup) bool { return c.List[0].Text == "//go:build !race" })
		if !f.isTest() || !unraced {
			continue
		}
		names := []string{"./" + path.Dir(f.path)}
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(fn.Name.Name, "Test") {
				names = append(names, fn.Name.Name)
			}
		}
		for _, name := range names {
			if !regexp.MustCompile(regexp.QuoteMeta(name) + `[\s)]`).MatchString(scripts) {
				found = append(found, fmt.Sprintf("%s is not there with the race detector, and neither scripts/exhaustive.sh nor scripts/timed.sh names %s", f.path, name))
			}
		}
	}
	return found
}

// checkRaced finds packages that start goroutines, themselves or in their tests, and are
// not run with the race detector. Without a list, there is nothing to compare.
func checkRaced(files []goFile, raced []string) []string {
	var found []string
	if raced == nil {
		return nil
	}
	for _, f := range files {
		if dir := "./" + path.Dir(f.path); startsGoroutines(f) && !slices.Contains(raced, dir) {
			found = append(found, fmt.Sprintf("%s starts goroutines, and scripts/raced.sh does not list %s", f.path, dir))
		}
	}
	return found
}

func startsGoroutines(f goFile) bool {
	starts := slices.ContainsFunc(f.syntax.Imports, func(i *ast.ImportSpec) bool { return strings.HasPrefix(i.Path.Value, `"net/http`) })
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			starts = true
		case *ast.CallExpr:
			called, ok := n.Fun.(*ast.SelectorExpr)
			starts = starts || ok && slices.Contains([]string{"Go", "Parallel", "AfterFunc"}, called.Sel.Name)
		}
		return !starts
	})
	return starts
}

var documentedRoom = regexp.MustCompile("(?m)^\\| *(\\d+) *\\| *`(deploy|(?:cmd|internal|examples)/[a-z0-9/]+)`")

// checkDocument holds the table of docs/architecture.md against the one here.
func checkDocument(document string, rooms map[string]room) []string {
	written := map[string]int{}
	for _, m := range documentedRoom.FindAllStringSubmatch(document, -1) {
		written[m[2]], _ = strconv.Atoi(m[1])
	}
	var found []string
	for _, name := range slices.Sorted(maps.Keys(rooms)) {
		if floor, ok := written[name]; !ok || floor != rooms[name].floor {
			found = append(found, fmt.Sprintf("docs/architecture.md doesn't say that %s is on floor %d", name, rooms[name].floor))
		}
		delete(written, name)
	}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		found = append(found, fmt.Sprintf("docs/architecture.md has a floor for %s, and rooms_test.go has none", name))
	}
	return found
}
