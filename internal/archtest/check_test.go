package archtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// goPackage is what `go list -json` says about a package.
type goPackage struct {
	ImportPath   string
	Imports      []string
	Deps         []string // Imports, and what they import in turn
	TestImports  []string
	XTestImports []string
}

func (p goPackage) room() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// checkTable holds the table against itself and against the packages that
// there are.
func checkTable(packages []goPackage, rooms map[string]room) []string {
	var found []string
	there := map[string]bool{}
	for _, p := range packages {
		there[p.room()] = true
		if _, ok := rooms[p.room()]; !ok {
			found = append(found, fmt.Sprintf("%s has no floor: give it one in rooms_test.go and in docs/architecture.md", p.room()))
		}
	}
	for name, r := range rooms {
		if !there[name] {
			found = append(found, fmt.Sprintf("%s has a floor, and there is no such package", name))
		}
		for _, user := range r.usedBy {
			if above, ok := rooms[user]; !ok || above.floor <= r.floor {
				found = append(found, fmt.Sprintf("%s can't be used by %s, which doesn't stand above it", name, user))
			}
		}
	}
	slices.Sort(found)
	return found
}

// checkFloors finds imports that do not lead downward, and imports of rooms
// that are not for the importer. A test may use what is for tests only on every
// floor: a suite or a fake is built upon what it tests.
func checkFloors(packages []goPackage, rooms map[string]room) []string {
	var found []string
	for _, p := range packages {
		from := rooms[p.room()]
		for _, path := range p.Imports {
			name, ok := strings.CutPrefix(path, module+"/")
			if !ok {
				continue
			}
			to := rooms[name]
			switch {
			case to.floor >= from.floor:
				found = append(found, upward(p.room(), from, name, to))
			case to.tests && !from.tests:
				found = append(found, fmt.Sprintf("%s imports %s, which is for tests only", p.room(), name))
			case p.room() != program && !slices.Contains(to.usedBy, p.room()):
				found = append(found, fmt.Sprintf("%s imports %s, which is not for it", p.room(), name))
			}
		}
		for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
			name, ok := strings.CutPrefix(path, module+"/")
			if to := rooms[name]; ok && name != p.room() && to.floor >= from.floor && !to.tests && !slices.Contains(p.Imports, path) {
				found = append(found, "a test of "+upward(p.room(), from, name, to))
			}
		}
	}
	return found
}

func upward(from string, above room, to string, below room) string {
	return fmt.Sprintf("%s (floor %d) imports %s (floor %d): imports lead to lower floors only", from, above.floor, to, below.floor)
}

// checkOutside finds imports from outside the module that are not for the
// importer.
func checkOutside(packages []goPackage, outside map[string][]string) []string {
	var found []string
	for _, p := range packages {
		for _, path := range p.Imports {
			for reserved, users := range outside {
				if covers(reserved, path) && !slices.Contains(users, p.room()) {
					found = append(found, fmt.Sprintf("%s imports %s, which is only for %s", p.room(), path, orNobody(users)))
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// checkLinked finds what a room links without being one of those that may, and
// the import that brings it in. Rooms for tests only are not looked at.
func checkLinked(packages []goPackage, linked map[string][]string, rooms map[string]room) []string {
	byPath := map[string]goPackage{}
	for _, p := range packages {
		byPath[p.ImportPath] = p
	}
	var found []string
	for _, p := range packages {
		if rooms[p.room()].tests {
			continue
		}
		for reserved, users := range linked {
			if slices.Contains(users, p.room()) || p.room() == reserved {
				continue
			}
			is := func(path string) bool { return covers(reserved, strings.TrimPrefix(path, module+"/")) }
			if slices.ContainsFunc(p.Deps, is) {
				found = append(found, fmt.Sprintf("%s links %s through %s, which is only for %s", p.room(), reserved, through(p, is, byPath), orNobody(users)))
			}
		}
	}
	slices.Sort(found)
	return found
}

// through names the import that brings in what is looked for: the package itself,
// or one that links it.
func through(p goPackage, is func(path string) bool, byPath map[string]goPackage) string {
	for _, path := range p.Imports {
		if is(path) || slices.ContainsFunc(byPath[path].Deps, is) {
			return strings.TrimPrefix(path, module+"/")
		}
	}
	return "a package from outside"
}

// covers reports whether path is the package root or one below it. Another
// major version is another package.
func covers(root, path string) bool {
	below, ok := strings.CutPrefix(path, root)
	return ok && (below == "" || below[0] == '/' && !majorVersion.MatchString(below))
}

var majorVersion = regexp.MustCompile(`^/v\d+$`)

func orNobody(users []string) string {
	if len(users) == 0 {
		return "nobody"
	}
	return strings.Join(users, ", ")
}
