package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// notCleanYet are directories and documents that still have habits to drop.
// The list only shrinks. Take a line off to see what is left to clean there:
// go test ./internal/archtest -run TestPlainEnglish
var notCleanYet = []string{
	// The commands and the engine.

	// What is shown.

	// The language and its tables.

	// Orders, feeds, rules.
}

func TestPlainEnglish(t *testing.T) {
	passages, err := readProse(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	if len(passages) < 1000 {
		t.Fatalf("only %d passages found: is everything still read?", len(passages))
	}
	passages = slices.DeleteFunc(passages, func(p passage) bool { return within(p.path, notCleanYet) })
	for _, problem := range checkHabits(passages, habits) {
		t.Error(problem)
	}
}

// Each habit is found where it is, and not where a phrase only looks like it.
func TestHabitsAreFound(t *testing.T) {
	for _, h := range habits {
		if len(checkHabits([]passage{{text: h.example}}, []habit{h})) == 0 {
			t.Errorf("%s finds nothing in %q", h.pattern, h.example)
		}
		if found := checkHabits([]passage{{text: h.fine}}, []habit{h}); len(found) > 0 {
			t.Errorf("%s finds something in %q: %s", h.pattern, h.fine, found)
		}
	}
}

// What people read is read here, with its line; code and values are not.
func TestProseIsRead(t *testing.T) {
	passages, err := readProse(fstest.MapFS{
		"docs/page.md": {Data: []byte("# Page\n\nThe `verdict` is\nthe verdict.\n\n```hcl\nx = \"verdict\" # a verdict\n```\n")},
		"main.go": {Data: []byte("// Package main\npackage main\n\nimport \"a verdict\"\n\n// T gives a\n// verdict.\ntype T struct {\n\t// F is a verdict.\n\tF int `json:\"a verdict\"`\n\tg int // a verdict\n}\n\n" +
			"// a verdict\nfunc f() string {\n\treturn \"verdict\" + h(\"the \" + x +\n\t\t\"last verdict\")\n}\n")},
		"main_test.go":        {Data: []byte("package main\n\nvar x = \"a verdict\"\n")},
		"testdata/a.md":       {Data: []byte("verdict")},
		"examples/a/main.hcl": {Data: []byte("# A verdict\nx = \"verdict\"\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	found := checkHabits(passages, []habit{oneTerm[0]})
	slices.Sort(found)
	want := []string{
		`docs/page.md:4: "verdict": write result`,
		`docs/page.md:7: "verdict": write result`,
		`examples/a/main.hcl:1: "verdict": write result`,
		`main.go:16: "verdict": write result`,
		`main.go:7: "verdict": write result`,
		`main.go:9: "verdict": write result`,
	}
	if !slices.Equal(found, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
	}
}

func within(name string, dirs []string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool { return name == dir || strings.HasPrefix(name, dir+"/") })
}

// readProse reads what people read: documents, the comments of
// configurations, messages and help texts in the code, and the comments that
// go doc shows.
func readProse(tree fs.FS) ([]passage, error) {
	var passages []passage
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipped(tree, name)
		}
		var read func(name string, src []byte) ([]passage, error)
		switch {
		case path.Ext(name) == ".md":
			read = proseOfMarkdown
		case path.Ext(name) == ".hcl", strings.HasSuffix(name, ".hcl.tmpl"):
			read = proseOfHCL
		case path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go"):
			read = proseOfGo
		default:
			return nil
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		found, err := read(name, src)
		passages = append(passages, found...)
		return err
	})
	return passages, err
}

var (
	fence      = regexp.MustCompile("(?ms)^ *```(\\w*)\n(.*?)^ *```$")
	codeSpan   = regexp.MustCompile("`[^`\n]+`")
	linkTarget = regexp.MustCompile(`\]\([^)\s]+\)`)
	hclComment = regexp.MustCompile(`(?m)(?:^|\s)#\s.*$`)
	mutantRow  = regexp.MustCompile("(?m)^\\| `.*$")
)

// proseOfMarkdown leaves out code, and what programs print: that is checked
// where they print it. Lines stay where they are.
func proseOfMarkdown(name string, src []byte) ([]passage, error) {
	text := fence.ReplaceAllStringFunc(string(src), func(block string) string {
		if m := fence.FindStringSubmatch(block); m[1] == "hcl" {
			return "\n" + commentsOf(m[2])
		}
		return strings.Repeat("\n", strings.Count(block, "\n"))
	})
	if path.Base(name) == "mutants.md" {
		// The list quotes the mutants' own files.
		text = mutantRow.ReplaceAllString(text, "")
	}
	text = linkTarget.ReplaceAllString(codeSpan.ReplaceAllString(text, "CODE"), "]")
	return []passage{{name, 1, text}}, nil
}

func proseOfHCL(name string, src []byte) ([]passage, error) {
	return []passage{{name, 1, codeSpan.ReplaceAllString(commentsOf(string(src)), "CODE")}}, nil
}

// commentsOf keeps of each line only its comment.
func commentsOf(hcl string) string {
	lines := strings.Split(hcl, "\n")
	for i, line := range lines {
		lines[i] = hclComment.FindString(line)
	}
	return strings.Join(lines, "\n")
}

// proseOfGo reads texts of more than one word, and the comments of what is
// exported.
func proseOfGo(name string, src []byte) ([]passage, error) {
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	p := prose{name: name, files: files}
	p.comment(syntax.Doc)
	ast.Inspect(syntax, p.visit)
	return p.found, nil
}

type prose struct {
	name  string
	files *token.FileSet
	found []passage
}

func (p *prose) add(at token.Pos, text string) {
	p.found = append(p.found, passage{p.name, p.files.Position(at).Line, codeSpan.ReplaceAllString(text, "CODE")})
}

func (p *prose) comment(groups ...*ast.CommentGroup) {
	for _, g := range groups {
		if g != nil {
			p.add(g.Pos(), g.Text())
		}
	}
}

func (p *prose) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return false
	case *ast.FuncDecl:
		if n.Name.IsExported() {
			p.comment(n.Doc)
		}
	case *ast.GenDecl:
		if slices.ContainsFunc(n.Specs, exported) {
			p.comment(n.Doc)
		}
	case *ast.TypeSpec:
		if n.Name.IsExported() {
			p.comment(n.Doc, n.Comment)
		}
	case *ast.ValueSpec:
		if exported(n) {
			p.comment(n.Doc, n.Comment)
		}
	case *ast.Field:
		if slices.ContainsFunc(n.Names, (*ast.Ident).IsExported) {
			p.comment(n.Doc, n.Comment)
		}
		ast.Inspect(n.Type, p.visit)
		return false
	case *ast.BinaryExpr:
		if n.Op == token.ADD {
			return p.sum(n)
		}
	case *ast.BasicLit:
		if text := textOf(n); strings.Contains(text, " ") {
			p.add(n.Pos(), text)
		}
	}
	return true
}

// sum reads a text that is put together from several as one, so that a phrase
// is found across them.
func (p *prose) sum(n *ast.BinaryExpr) bool {
	var text strings.Builder
	var walk func(ast.Expr)
	walk = func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.BinaryExpr:
			walk(e.X)
			walk(e.Y)
		case *ast.BasicLit:
			text.WriteString(textOf(e))
		default:
			text.WriteString("…")
			ast.Inspect(e, p.visit)
		}
	}
	walk(n)
	if strings.Contains(text.String(), " ") {
		p.add(n.Pos(), text.String())
	}
	return false
}

func textOf(n *ast.BasicLit) string {
	if n.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(n.Value)
	if err != nil {
		return ""
	}
	return text
}

func exported(s ast.Spec) bool {
	switch s := s.(type) {
	case *ast.TypeSpec:
		return s.Name.IsExported()
	case *ast.ValueSpec:
		return slices.ContainsFunc(s.Names, (*ast.Ident).IsExported)
	}
	return false
}
