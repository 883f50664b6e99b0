package table

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// glob collects the files of a pattern. Unlike fs.Glob it does not pass over
// folders that can't be read: their files would be missing without a trace.
type glob struct {
	root    *os.Root
	pattern string
	warn    func(*Error)
	files   []string
}

func isGlob(pattern string) bool { return strings.ContainsAny(pattern, "*?[") }

// expand adds the files below dir that the parts of a pattern name. found says
// that a star led to dir, so that it need not have the folders that follow.
func (g *glob) expand(dir string, parts []string, found bool) error {
	part, last := parts[0], len(parts) == 1
	if _, err := path.Match(part, ""); err != nil {
		return &Error{File: g.pattern, Err: errors.New("not a valid pattern: [ may have no matching ]; write [[] for the character itself")}
	}
	if !last && !isGlob(part) {
		below := path.Join(dir, part)
		switch info, err := g.root.Stat(below); {
		case errors.Is(err, fs.ErrNotExist) && found:
			return nil
		case errors.Is(err, fs.ErrNotExist):
			return &Error{File: below, Err: fmt.Errorf("%w. Create the folder, or correct the path; git keeps a folder only if there is a file in it", missing(g.root, below+"/"))}
		case err != nil:
			return &Error{File: below, Err: pathless(err)}
		case !info.IsDir():
			return &Error{File: below, Err: errors.New("this is a file, but the path needs a folder here")}
		}
		return g.expand(below, parts[1:], found)
	}
	entries, err := fs.ReadDir(g.root.FS(), dir)
	if err != nil {
		return &Error{File: dir, Err: pathless(err)}
	}
	pattern := anyCaseExtension(part)
	for _, e := range entries {
		name := e.Name()
		below := path.Join(dir, name)
		if strings.HasPrefix(name, ".") {
			continue
		}
		matches, _ := path.Match(pattern, name)
		if !last && !matches {
			continue
		}
		info, err := g.root.Stat(below)
		isDir := err == nil && info.IsDir()
		switch {
		case !last && isDir:
			err = g.expand(below, parts[1:], true)
		case !last && (err == nil || errors.Is(err, fs.ErrNotExist)), isDir:
			err = nil
		case !last:
			err = &Error{File: below, Err: pathless(err)}
		case matches:
			err = g.add(below)
		default:
			err = nil
			g.beside(below, part)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *glob) add(name string) error {
	if never(g.root, name) {
		return nil
	}
	if err := checkFile(g.root, name); err != nil {
		return err
	}
	if isUnfinished(name) {
		g.warn(&Error{File: name, Err: errors.New("this looks like an unfinished download: wait until it is complete, or use a pattern that does not match it")})
	}
	g.files = append(g.files, name)
	return nil
}

// beside warns of a file that the pattern does not match, but that somebody may
// want to be read.
func (g *glob) beside(name, part string) {
	base := path.Base(name)
	insensitive, _ := path.Match(strings.ToLower(part), strings.ToLower(base))
	switch {
	case strings.HasPrefix(base, "~$"): // Excel's mark of a workbook that is open
	case isSpreadsheet(base):
		g.warn(&Error{File: name, Err: errors.New("this spreadsheet is not read: export it as CSV (UTF-8)")})
	case isUnfinished(base):
		g.warn(&Error{File: name, Err: errors.New("this unfinished download is not read")})
	case insensitive:
		g.warn(&Error{File: name, Err: errors.New("the file is not read, because its name differs from the pattern in letter case")})
	}
}

func isSpreadsheet(name string) bool {
	return hasExtension(name, ".xlsx", ".xlsm", ".xls", ".ods", ".numbers")
}

func isUnfinished(name string) bool { return hasExtension(name, ".crdownload", ".part", ".tmp") }

func hasExtension(name string, extensions ...string) bool {
	for _, e := range extensions {
		if strings.EqualFold(path.Ext(name), e) {
			return true
		}
	}
	return false
}

// anyCaseExtension lets the extension at the end of a pattern match in any letter
// case: systems that write .CSV are none that people choose.
func anyCaseExtension(pattern string) string {
	dot := strings.LastIndexByte(pattern, '.')
	if dot < 0 {
		return pattern
	}
	for _, c := range pattern[dot+1:] {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
			return pattern
		}
	}
	var b strings.Builder
	b.WriteString(pattern[:dot+1])
	for _, c := range pattern[dot+1:] {
		if c <= '9' {
			b.WriteRune(c)
			continue
		}
		fmt.Fprintf(&b, "[%c%c]", c|0x20, c&^0x20)
	}
	return b.String()
}

// Matches reports whether a pattern is about a file, as CSV and JSONL read it. Both
// have slashes.
func Matches(pattern, name string) bool {
	pattern, name = path.Clean(pattern), path.Clean(name)
	if !isGlob(pattern) {
		return pattern == name
	}
	dir, last := path.Split(pattern)
	matches, err := path.Match(dir+anyCaseExtension(last), name)
	return err == nil && matches
}
