package table

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	errHidden = errors.New("a name on this path begins with a dot: such files and folders (.env, .git) may hold secrets and are never read; use another name")
	errOwn    = errors.New("this is one of gdfctl's own files (a state, journal, lock, audit log or plan), which are never read as tables or texts")
)

// ownNames are the endings under which gdfctl keeps what belongs to a state,
// wherever the configuration puts it: see package state.
var ownNames = regexp.MustCompile(`(?i)((^|\.)state\.json|\.closed\.jsonl|\.audit\.jsonl|\.audit\.head|\.feeds\.json(\.lock)?|\.json\.(backup|lock|journal))$`)

// ownContent is how a saved plan and a state begin, which can have any name.
var ownContent = regexp.MustCompile(`^\s*\{\s*("format":\s*"gdfctl-plan"|"version":\s*\d+,\s*"gdfctl_version")`)

// Reserved is why a file of the configuration's directory is never read, or nil.
func Reserved(root *os.Root, name string) error { return reserved(root, name) }

// reserved is why a file is never read, whatever is in it: by its name, and by
// the name of the file that it links to. A pull request can hold a link.
func reserved(root *os.Root, name string) error {
	if err := reservedName(name); err != nil {
		return err
	}
	dir, err := filepath.EvalSymlinks(root.Name())
	if err != nil {
		return nil //nolint:nilerr // opening it will say why
	}
	target, err := filepath.EvalSymlinks(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return nil //nolint:nilerr // as above
	}
	below, err := filepath.Rel(dir, target)
	if err != nil || !filepath.IsLocal(below) {
		return nil // it leads out, which os.Root refuses
	}
	parts := strings.Split(filepath.ToSlash(below), "/")
	if len(parts) > 1 && strings.HasPrefix(parts[0], "..") {
		parts = parts[1:] // the folder of a version, where Kubernetes mounts files
	}
	return reservedName(strings.Join(parts, "/"))
}

func reservedName(name string) error {
	if name == "." {
		return nil // no file
	}
	parts := strings.Split(name, "/")
	for _, part := range parts {
		if strings.HasPrefix(part, ".") {
			return errHidden
		}
	}
	if ownNames.MatchString(parts[len(parts)-1]) {
		return errOwn
	}
	return nil
}

// isOwn reports whether an open file is a saved plan or a state.
func isOwn(f *os.File) bool {
	var start [128]byte
	n, _ := f.ReadAt(start[:], 0)
	return ownContent.Match(start[:n])
}
