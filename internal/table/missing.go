package table

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// missing says what is there in place of a file that is not: the names closest
// to the first part of its path that can't be found.
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

// closest is at most three of the names, best first: those that a slip of the
// pen could make of want, else those with the same ending.
func closest(want string, entries []fs.DirEntry) []string {
	type candidate struct {
		name     string
		distance int
	}
	var near, sameExt []candidate
	want = strings.ToLower(want)
	for _, e := range entries {
		n := e.Name()
		if strings.HasPrefix(n, ".") {
			continue
		}
		c := candidate{n, levenshtein.Distance(want, strings.ToLower(n), nil)}
		if c.distance <= max(2, len(want)/3) {
			near = append(near, c)
		} else if ext := path.Ext(want); ext != "" && strings.EqualFold(path.Ext(n), ext) {
			sameExt = append(sameExt, c)
		}
	}
	if len(near) == 0 {
		near = sameExt
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	var names []string
	for _, c := range near[:min(3, len(near))] {
		names = append(names, c.name)
	}
	return names
}
