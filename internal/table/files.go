package table

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// files is the files that pattern names, in the order of their names. The
// pattern is relative to the configuration's directory, with slashes.
//
// With *, ? or [ it is a glob, whose star doesn't cross slashes: the extension
// matches in any letter case, directories don't match, nor what is never read, and
// no match is not an error. The folder must be there and readable. Without, the file
// must be there; the error for one that is not, an *Error, names what is there and
// similar. Patterns that lead out of the directory are errors.
//
// Never read are files and folders whose name begins with a dot, and gdfctl's own
// files: to name one is an error.
//
// It warns of files that are not read although somebody may expect it.
func files(root *os.Root, pattern string, warn func(*Error)) ([]string, error) {
	clean, err := checkPattern(pattern)
	if err != nil {
		return nil, &Error{File: pattern, Err: err}
	}
	if !isGlob(clean) {
		if err := checkFile(root, clean); err != nil {
			return nil, err
		}
		return []string{clean}, nil
	}
	g := glob{root: root, pattern: pattern, warn: warn}
	if err := g.expand(".", strings.Split(clean, "/"), false); err != nil {
		return nil, err
	}
	slices.Sort(g.files)
	return g.files, nil
}

// Files is the files that pattern names, in the order of their names. A glob may
// name none.
func Files(root *os.Root, pattern string) ([]string, error) {
	return files(root, pattern, func(*Error) {})
}

// Open opens one file of the configuration's directory for reading, under the
// rules of files.
func Open(root *os.Root, name string) (*os.File, error) {
	clean, err := checkPattern(name)
	if err != nil {
		return nil, &Error{File: name, Err: err}
	}
	if err := checkFile(root, clean); err != nil {
		return nil, err
	}
	f, err := root.Open(clean)
	if err != nil {
		return nil, &Error{File: clean, Err: pathless(err)}
	}
	if isOwn(f) {
		f.Close()
		return nil, &Error{File: clean, Err: errOwn}
	}
	return f, nil
}

func checkPattern(pattern string) (string, error) {
	switch {
	case pattern == "":
		return "", errors.New("the file name is empty")
	case strings.ContainsRune(pattern, 0):
		return "", errors.New("a file name can't contain a NUL byte")
	case path.IsAbs(pattern), filepath.IsAbs(pattern), filepath.VolumeName(pattern) != "":
		return "", errors.New("the path is absolute, but files are read only from the configuration directory and below: put the file there, and write a relative path")
	case strings.Contains(pattern, `\`):
		return "", errors.New("use slashes in a path: shipments/*.csv")
	case strings.Contains(pattern, "**"):
		return "", errors.New("** is not supported: write one star for each folder (exports/*/*.csv)")
	}
	clean := path.Clean(pattern)
	if clean == ".." || strings.HasPrefix(clean, "../") {
		return "", errors.New("the path leads out of the configuration directory: files are read only from there and below; put the file there")
	}
	return clean, nil
}

// checkFile refuses what can't be read as a file before it is opened: opening a
// named pipe would wait for its writer.
func checkFile(root *os.Root, name string) error {
	if err := reserved(root, name); err != nil {
		return &Error{File: name, Err: err}
	}
	info, err := root.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if link, lerr := root.Lstat(name); lerr == nil && link.Mode()&fs.ModeSymlink != 0 {
			return &Error{File: name, Err: errors.New("this is a link to a file that does not exist")}
		}
		return &Error{File: name, Err: missing(root, name)}
	case err != nil:
		return &Error{File: name, Err: pathless(err)}
	case info.IsDir():
		return &Error{File: name, Err: fmt.Errorf("this is a directory: write %s/*.csv for the files in it", name)}
	case !info.Mode().IsRegular():
		return &Error{File: name, Err: errors.New("this is not a regular file")}
	}
	return nil
}

// never reports whether a file that a glob matches is one that is never read.
// What can't be opened is told of when it is read.
func never(root *os.Root, name string) bool {
	if reserved(root, name) != nil {
		return true
	}
	info, err := root.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := root.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	return isOwn(f)
}

// eachFile opens the files of a pattern one after the other and lets read yield
// their rows; read reports whether to go on.
func eachFile(root *os.Root, pattern string, e Encoding, warn func(*Error), read func(string, *source, func(Row, error) bool) bool) iter.Seq2[Row, error] {
	if warn == nil {
		warn = func(*Error) {}
	}
	return func(yield func(Row, error) bool) {
		names, err := files(root, pattern, warn)
		if err != nil {
			yield(Row{File: pattern}, err)
			return
		}
		for _, name := range names {
			if !readFile(root, name, e, read, yield) {
				return
			}
		}
	}
}

func readFile(root *os.Root, name string, e Encoding, read func(string, *source, func(Row, error) bool) bool, yield func(Row, error) bool) bool {
	f, err := Open(root, name)
	if err != nil {
		yield(Row{File: name}, err)
		return false
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		yield(Row{File: name}, &Error{File: name, Err: pathless(err)})
		return false
	}
	src, err := newSource(name, f, e)
	if err != nil {
		yield(Row{File: name}, err)
		return false
	}
	if !read(name, src, yield) {
		return false
	}
	after, err := f.Stat()
	if err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		yield(Row{File: name}, &Error{File: name, Err: errors.New("the file changed while it was read: run gdfctl again once it is written completely")})
		return false
	}
	return true
}

// pathless is err without the machine's path in front, and with a remedy where
// a link leads out.
func pathless(err error) error {
	var pe *fs.PathError
	if !errors.As(err, &pe) {
		return err
	}
	// The error of os.Root for this has no exported name.
	if strings.Contains(pe.Err.Error(), "escapes from parent") {
		return errors.New("a link on the path leads out of the configuration directory: files are read only from there and below; put the file itself there")
	}
	if errors.Is(pe.Err, fs.ErrPermission) {
		return fmt.Errorf("%w: allow the user that runs gdfctl to read it", pe.Err)
	}
	return pe.Err
}
