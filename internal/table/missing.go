package table

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// missing says what there is instead of a file that does not exist: the names
// closest to the first part of its path that can't be found.
func missing(root *os.Root, name string) error {
	dir, part := ".", name
	for _, p := range strings.Split(strings.TrimSuffix(name, "/"), "/") {
		part = p
		if _, err := root.Stat(path.Join(dir, p)); err != nil {
			break
		}
		dir = path.Join(dir, p)
	}
	entries, err := fs.ReadDir(root.FS(), dir)
	if err != nil {
		return errors.New("there is no such file")
	}
	what := "file"
	if path.Join(dir, part) != name {
		what = "folder" // which one is not said: the path may be computed
	}
	near := closest(part, entries)
	if len(near) == 0 {
		return fmt.Errorf("there is no such %s", what)
	}
	for i, n := range near {
		near[i] = safetext.Line(path.Join(dir, n))
	}
	return fmt.Errorf("there is no such %s; there is %s", what, strings.Join(near, ", "))
}

// closest is at most three of the names, the nearest first: those that want may
// be a typo of or, if there are none, those with the same extension.
func closest(want string, entries []fs.DirEntry) []string {
	var near, sameExt []string
	for _, e := range entries {
		n := e.Name()
		if strings.HasPrefix(n, ".") {
			continue
		}
		if nearest.Near(want, n) {
			near = append(near, n)
		} else if ext := path.Ext(want); ext != "" && strings.EqualFold(path.Ext(n), ext) {
			sameExt = append(sameExt, n)
		}
	}
	if len(near) == 0 {
		near = sameExt
	}
	return nearest.Sorted(want, near)[:min(3, len(near))]
}
