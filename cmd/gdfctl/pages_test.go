package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"golang.org/x/text/encoding/htmlindex"

	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// A page is a document whose examples are run. Its code blocks, in order:
//
//   - one below a line like "`shipments/today.csv`:" is that file. The line
//     may end in ", in windows-1252:" or ", cut off:" (no last line end);
//   - hcl is main.hcl. Blocks are added, or replace those of the same name;
//     attributes alone are set in its batch;
//   - text that begins with "$ gdfctl" is what that command prints. A line
//     "…" stands for any lines.
//
// What stands before the first "##" holds on the whole page, what stands
// before the first "###" of a section in that section. Each "###" begins in an
// empty directory with these files, and with orders that nothing has changed.
type page struct {
	path string
	text string
}

var (
	codeBlock = regexp.MustCompile("(?ms)^(?:`([^`\n]+)`(?:, in ([a-z0-9-]+)|, (cut off))?:\n\n?)?```(\\w*)\n(.*?)^```$")
	heading   = regexp.MustCompile(`(?m)^(##|###) (.+)$`)
	argument  = regexp.MustCompile(`'([^']*)'|"([^"]*)"|\S+`)
	hashes    = regexp.MustCompile(`\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b`)
)

// desk is where the commands of one heading are run.
type desk struct {
	t     *testing.T
	dir   string
	files map[string]string
	main  *hclwrite.File
	world func(*testing.T, *desk) *example
	on    *example
}

// part is the text below one heading.
type part struct {
	level    int
	title    string
	from, to int
}

// runStory runs a page that tells one story: its headings go on in one directory, with
// the orders as they were left, and with all that the page wrote until then. At a
// heading that events names, time goes on or something happens in the world.
func runStory(t *testing.T, path string, world func(*testing.T, *desk) *example, events map[string]func(*example)) (commands int) {
	t.Helper()
	path, err := filepath.Abs(path) // the story goes to a directory of its own
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p := page{path: path, text: string(text)}
	d := &desk{t: t, files: map[string]string{}, main: hclwrite.NewEmptyFile(), world: world}
	var written strings.Builder
	for _, part := range p.parts() {
		if happens := events[part.title]; happens != nil {
			happens(d.example())
			delete(events, part.title)
		}
		section, n := d.section(p.text[part.from:part.to])
		written.WriteString(section)
		commands += n
	}
	for title := range events {
		t.Errorf("%s has no heading %q", path, title)
	}
	p.update(t, written.String())
	return commands
}

// update writes what is printed into the page, if that is wanted.
func (p page) update(t *testing.T, written string) {
	t.Helper()
	if os.Getenv("GDFCTL_UPDATE_SCRIPTS") == "" || written == p.text {
		return
	}
	if err := os.WriteFile(p.path, []byte(written), 0o644); err != nil {
		t.Fatal(err)
	}
}

// section runs the code blocks of some text, and returns it as it should be.
func (d *desk) section(text string) (written string, commands int) {
	d.t.Helper()
	written = codeBlock.ReplaceAllStringFunc(text, func(block string) string {
		m := codeBlock.FindStringSubmatch(block)
		name, encoding, cut, language, body := m[1], m[2], m[3], m[4], m[5]
		switch {
		case name != "":
			d.file(name, encoding, cut != "", body)
		case language == "hcl":
			d.hcl(body)
		case strings.HasPrefix(body, "$ gdfctl"):
			commands++
			return strings.Replace(block, body, d.command(body), 1)
		}
		return block
	})
	return written, commands
}

// example is where the commands run.
func (d *desk) example() *example {
	d.t.Helper()
	if d.on == nil {
		d.dir = d.t.TempDir()
		d.on = d.world(d.t, d)
	}
	return d.on
}

func (p page) parts() []part {
	found := []part{{level: 1, title: filepath.Base(p.path)}}
	for _, m := range heading.FindAllStringSubmatchIndex(p.text, -1) {
		found[len(found)-1].to = m[0]
		found = append(found, part{level: m[3] - m[2], title: p.text[m[4]:m[5]], from: m[0]})
	}
	found[len(found)-1].to = len(p.text)
	return found
}

// runPage runs all examples of a page, each heading in a world of its own.
// GDFCTL_UPDATE_SCRIPTS=1 writes what is printed into it.
func runPage(t *testing.T, path string, world func(*testing.T, *desk) *example) (commands int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p := page{path: path, text: string(text)}
	var written strings.Builder
	above := map[int]*desk{0: {files: map[string]string{}, main: hclwrite.NewEmptyFile()}}
	for _, part := range p.parts() {
		section := p.text[part.from:part.to]
		t.Run(part.title, func(t *testing.T) {
			d := above[part.level-1].below(t)
			d.world = world
			above[part.level], above[part.level+1] = d, d
			written, n := d.section(section)
			section, commands = written, commands+n
		})
		written.WriteString(section)
	}
	p.update(t, written.String())
	return commands
}

func (d *desk) below(t *testing.T) *desk {
	main, diags := hclwrite.ParseConfig(d.main.Bytes(), "main.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return &desk{t: t, files: maps.Clone(d.files), main: main}
}

func (d *desk) file(name, encoding string, cut bool, body string) {
	if cut {
		body = strings.TrimSuffix(body, "\n")
	}
	if encoding != "" {
		e, err := htmlindex.Get(encoding)
		if err == nil {
			body, err = e.NewEncoder().String(body)
		}
		if err != nil {
			d.t.Fatal(name, err)
		}
	}
	d.files[name] = body
}

func (d *desk) hcl(body string) {
	d.t.Helper()
	if formatted := string(hclwrite.Format([]byte(body))); formatted != body {
		d.t.Errorf("not in the canonical layout:\n%s", body)
	}
	f, diags := hclwrite.ParseConfig([]byte(body), "page", hcl.InitialPos)
	if diags.HasErrors() {
		d.t.Fatal(diags, body)
	}
	for _, block := range f.Body().Blocks() {
		if old := d.main.Body().FirstMatchingBlock(block.Type(), block.Labels()); old != nil {
			d.main.Body().RemoveBlock(old)
		}
		d.main.Body().AppendBlock(block)
	}
	attributes := f.Body().Attributes()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		d.batch().SetAttributeRaw(name, attributes[name].Expr().BuildTokens(nil))
	}
}

func (d *desk) batch() *hclwrite.Body {
	for _, block := range d.main.Body().Blocks() {
		if block.Type() == "batch" {
			return block.Body()
		}
	}
	d.t.Fatal("attributes without a batch above them")
	return nil
}

// command runs what a block shows and compares. It returns the block as it
// should be.
func (d *desk) command(shown string) string {
	d.t.Helper()
	on := d.example()
	d.write()
	line, _, _ := strings.Cut(shown, "\n")
	var args []string
	for _, m := range argument.FindAllStringSubmatch(line, -1)[2:] {
		args = append(args, cmp.Or(m[1], m[2], m[0]))
	}
	got := fmt.Sprintf("%s\n%s", line, on.prints(args...))
	if linesMatch(strings.Split(hashes.ReplaceAllString(shown, "HASH"), "\n"), strings.Split(hashes.ReplaceAllString(got, "HASH"), "\n")) {
		return shown
	}
	if os.Getenv("GDFCTL_UPDATE_SCRIPTS") == "" {
		d.t.Errorf("the page shows\n%s\nand gdfctl prints\n%s", shown, got)
	}
	return got
}

func (d *desk) write() {
	d.t.Helper()
	files := maps.Clone(d.files)
	if main := d.main.Bytes(); len(bytes.TrimSpace(main)) > 0 {
		files["main.hcl"] = string(main)
	}
	for name, body := range files {
		path := filepath.Join(d.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			d.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			d.t.Fatal(err)
		}
	}
}

// linesMatch compares lines; a wanted line "…" is any number of lines.
func linesMatch(want, got []string) bool {
	if len(want) == 0 {
		return len(got) == 0
	}
	if strings.TrimSpace(want[0]) == "…" {
		for skip := range len(got) + 1 {
			if linesMatch(want[1:], got[skip:]) {
				return true
			}
		}
		return false
	}
	return len(got) > 0 && want[0] == got[0] && linesMatch(want[1:], got[1:])
}

// prints is all that a command says, in the order in which it says it.
func (p *example) prints(args ...string) string {
	var out bytes.Buffer
	run(&program{Screen: screen.Screen{
		In: strings.NewReader(p.answer), Asks: p.answer != "", Out: &out, Err: &out, Now: func() time.Time { return p.now },
		Env:      func(name string) string { return p.env[name] },
		StyleOut: text.Style{Width: text.DefaultWidth}, StyleErr: text.Style{Width: text.DefaultWidth},
	}}, args)
	return out.String()
}
