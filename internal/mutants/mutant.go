package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// suffix is that of the files that hold a mutant each.
const suffix = ".mutant"

// mutant is one planted bug. Its file begins with what it is about, and goes on
// with what it changes:
//
//	breaks:    what is wrong with the program that has it
//	invariant: the promise that this breaks
//	package:   internal/state
//	tests:     ^TestOneWriter$
//
//	--- internal/state/lock.go
//	@@
//	 a line that stays
//	-a line that goes
//	+a line that comes
//
// That is a unified diff without numbers: a hunk belongs where its old lines
// stand, and they must stand in exactly one place. So a change elsewhere in the
// file does no harm to it, and one in that place is an error.
type mutant struct {
	name      string // that of its file, without suffix
	breaks    string
	invariant string
	pkg       string // the folder of the package whose tests must notice
	tests     string // which tests, as for `go test -run`
	edits     []edit
}

// edit is what a mutant changes in one file.
type edit struct {
	path  string // from the module's root
	hunks []hunk
}

// hunk replaces lines, each with its line end.
type hunk struct {
	line     int // in the mutant's file
	old, new string
}

// readMutants reads all mutants of a folder, by name.
func readMutants(dir fs.FS) ([]*mutant, error) {
	names, err := fs.Glob(dir, "*"+suffix)
	if err != nil {
		return nil, err
	}
	var all []*mutant
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		m, err := parse(strings.TrimSuffix(name, suffix), string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, m)
	}
	if len(all) == 0 {
		return nil, errors.New("there is no mutant")
	}
	return all, nil
}

func parse(name, text string) (*mutant, error) {
	m := &mutant{name: name}
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	body, err := m.header(lines)
	if err != nil {
		return nil, err
	}
	for n := body; n < len(lines); n++ {
		if err := m.line(n+1, lines[n]); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return m, m.check()
}

// header reads the fields, and returns how many lines they take.
func (m *mutant) header(lines []string) (int, error) {
	fields := map[string]*string{"breaks": &m.breaks, "invariant": &m.invariant, "package": &m.pkg, "tests": &m.tests}
	n := 0
	for ; n < len(lines) && lines[n] != ""; n++ {
		key, value, _ := strings.Cut(lines[n], ":")
		field := fields[key]
		if field == nil {
			return 0, fmt.Errorf("line %d: it begins with none of breaks, invariant, package and tests, once each", n+1)
		}
		*field = strings.TrimSpace(value)
		delete(fields, key)
	}
	for key, field := range fields {
		if *field == "" {
			return 0, fmt.Errorf("%s is missing", key)
		}
	}
	_, err := regexp.Compile(m.tests)
	return n, err
}

// line takes in a line of the body.
func (m *mutant) line(number int, text string) error {
	if file, ok := strings.CutPrefix(text, "--- "); ok {
		script := path.Ext(file) == ".js" // that the program has in it
		if !fs.ValidPath(file) || path.Ext(file) != ".go" && !script || strings.HasSuffix(file, "_test.go") {
			return fmt.Errorf("%q is not a source file of the program", file)
		}
		m.edits = append(m.edits, edit{path: file})
		return nil
	}
	if len(m.edits) == 0 {
		if text == "" {
			return nil
		}
		return errors.New("the name of the file, after ---, comes first")
	}
	e := &m.edits[len(m.edits)-1]
	if text == "@@" {
		e.hunks = append(e.hunks, hunk{line: number})
		return nil
	}
	if len(e.hunks) == 0 {
		return errors.New("a hunk begins with @@")
	}
	return e.hunks[len(e.hunks)-1].add(text)
}

// add takes in a line of a hunk. An empty one stays: editors take the space
// away that should stand there.
func (h *hunk) add(text string) error {
	sign, rest := byte(' '), ""
	if text != "" {
		sign, rest = text[0], text[1:]
	}
	switch sign {
	case ' ':
		h.old, h.new = h.old+rest+"\n", h.new+rest+"\n"
	case '-':
		h.old += rest + "\n"
	case '+':
		h.new += rest + "\n"
	default:
		return errors.New("a line of a hunk begins with a space, - or +")
	}
	return nil
}

func (m *mutant) check() error {
	if len(m.edits) == 0 {
		return errors.New("it changes nothing")
	}
	for _, e := range m.edits {
		if len(e.hunks) == 0 {
			return fmt.Errorf("it changes nothing in %s", e.path)
		}
		for _, h := range e.hunks {
			if h.old == h.new || h.old == "" {
				return fmt.Errorf("line %d: the hunk changes nothing, or has no place", h.line)
			}
		}
	}
	return nil
}

// apply makes the mutated text of every file that the mutant changes.
func (m *mutant) apply(tree fs.FS) (map[string][]byte, error) {
	mutated := map[string][]byte{}
	for _, e := range m.edits {
		text, err := fs.ReadFile(tree, e.path)
		if err != nil {
			return nil, err
		}
		if mutated[e.path], err = e.apply(string(text)); err != nil {
			return nil, err
		}
	}
	return mutated, nil
}

func (e *edit) apply(text string) ([]byte, error) {
	text = "\n" + text // so that every line begins after a line end
	for _, h := range e.hunks {
		old := "\n" + h.old
		switch strings.Count(text, old) {
		case 1:
			text = strings.Replace(text, old, "\n"+h.new, 1)
		case 0:
			return nil, fmt.Errorf("the hunk of line %d fits nowhere in %s: the code has changed, and the mutant must follow", h.line, e.path)
		default:
			return nil, fmt.Errorf("the hunk of line %d fits several places in %s: it needs more of the lines around", h.line, e.path)
		}
	}
	return []byte(text[1:]), nil
}
