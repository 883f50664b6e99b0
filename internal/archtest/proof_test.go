package archtest

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// A made-up house in which every check has something to find.
var (
	fakeRooms = map[string]room{
		program:        {floor: 2},
		"internal/mid": {floor: 1},
		"internal/low": {floor: 0, usedBy: []string{"internal/mid"}},
		"internal/own": {floor: 0},
		"internal/aid": {floor: 0, tests: true},
	}
	fakeOutside = map[string][]string{"net/http": {"internal/low"}, "os/exec": {}, "math/rand": {}}
)

func fakePackage(room string, imports ...string) goPackage {
	for i, name := range imports {
		if strings.HasPrefix(name, "internal/") || name == program {
			imports[i] = module + "/" + name
		}
	}
	return goPackage{ImportPath: module + "/" + room, Imports: imports}
}

func fakeHouse(changed ...goPackage) []goPackage {
	house := []goPackage{
		fakePackage(program, "internal/mid", "internal/low", "internal/own", "os"),
		fakePackage("internal/mid", "internal/low", "fmt", "math/rand/v2"),
		fakePackage("internal/low", "net/http", "net/http/httptrace"),
		fakePackage("internal/own"),
		fakePackage("internal/aid"),
	}
	for _, c := range changed {
		i := slices.IndexFunc(house, func(p goPackage) bool { return p.ImportPath == c.ImportPath })
		if i < 0 {
			house = append(house, c)
			continue
		}
		house[i] = c
	}
	return house
}

// inTest moves the imports of a package into its tests.
func inTest(p goPackage) goPackage {
	p.Imports, p.XTestImports = nil, p.Imports
	return p
}

func TestChecksOfPackagesFind(t *testing.T) {
	unfit := map[string]room{program: {floor: 2}, "internal/mid": {floor: 1}, "internal/low": {floor: 1, usedBy: []string{"internal/mid"}}, "internal/own": {floor: 0}}
	withSuite := maps.Clone(fakeRooms)
	withSuite["internal/suite"] = room{floor: 1, tests: true}
	withSuite["internal/low"] = room{floor: 0, usedBy: []string{"internal/mid", "internal/suite"}}
	for name, c := range map[string]struct {
		house []goPackage
		rooms map[string]room
		want  []string
	}{
		"nothing":               {house: fakeHouse()},
		"upward":                {house: fakeHouse(fakePackage("internal/low", "internal/mid")), want: []string{"internal/low (floor 0) imports internal/mid (floor 1): imports lead to lower floors only"}},
		"sideways":              {house: fakeHouse(fakePackage("internal/low", "internal/own")), want: []string{"internal/low (floor 0) imports internal/own (floor 0): imports lead to lower floors only"}},
		"the program":           {house: fakeHouse(fakePackage("internal/mid", program)), want: []string{"internal/mid (floor 1) imports cmd/gdfctl (floor 2): imports lead to lower floors only"}},
		"not for it":            {house: fakeHouse(fakePackage("internal/mid", "internal/own")), want: []string{"internal/mid imports internal/own, which is not for it"}},
		"for tests only":        {house: fakeHouse(fakePackage(program, "internal/aid")), want: []string{"cmd/gdfctl imports internal/aid, which is for tests only"}},
		"a test upward":         {house: fakeHouse(inTest(fakePackage("internal/low", "internal/mid"))), want: []string{"a test of internal/low (floor 0) imports internal/mid (floor 1): imports lead to lower floors only"}},
		"to a suite":            {house: fakeHouse(inTest(fakePackage("internal/low", "internal/suite")), fakePackage("internal/suite", "internal/low")), rooms: withSuite},
		"a test downward":       {house: fakeHouse(inTest(fakePackage("internal/mid", "internal/own", "internal/aid", "internal/mid", "net/http")))},
		"reserved":              {house: fakeHouse(fakePackage("internal/mid", "net/http")), want: []string{"internal/mid imports net/http, which is only for internal/low"}},
		"below reserved":        {house: fakeHouse(fakePackage(program, "net/http/pprof")), want: []string{"cmd/gdfctl imports net/http/pprof, which is only for internal/low"}},
		"forbidden":             {house: fakeHouse(fakePackage("internal/low", "os/exec")), want: []string{"internal/low imports os/exec, which is only for nobody"}},
		"package without floor": {house: fakeHouse(fakePackage("internal/new")), want: []string{"internal/new has no floor: give it one in rooms_test.go and in docs/architecture.md"}},
		"floor without package": {house: fakeHouse()[:4], want: []string{"internal/aid has a floor, and there is no such package"}},
		"table that contradicts itself": {house: fakeHouse()[:1], rooms: unfit, want: []string{
			"internal/low can't be used by internal/mid, which doesn't stand above it",
			"internal/low has a floor, and there is no such package",
			"internal/mid has a floor, and there is no such package",
			"internal/own has a floor, and there is no such package",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.rooms == nil {
				c.rooms = fakeRooms
			}
			got := slices.Concat(checkTable(c.house, c.rooms), checkOutside(c.house, fakeOutside))
			if len(checkTable(c.house, c.rooms)) == 0 {
				got = append(got, checkFloors(c.house, c.rooms)...)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// A room above that imports nothing forbidden itself links it all the same.
func TestLinkedIsFoundThroughOtherRooms(t *testing.T) {
	house := []goPackage{
		fakePackage(program, "internal/mid"),
		fakePackage("internal/mid", "internal/low"),
		fakePackage("internal/low", "example.org/parser/syntax"),
		fakePackage("internal/own", "fmt"),
		fakePackage("internal/aid", "internal/low"),
	}
	parser, low := "example.org/parser/syntax", module+"/internal/low"
	house[0].Deps = []string{module + "/internal/mid", low, parser}
	house[1].Deps = []string{low, parser}
	house[2].Deps = []string{parser}
	house[4].Deps = []string{low, parser}
	for name, c := range map[string]struct {
		linked map[string][]string
		want   []string
	}{
		"allowed":     {linked: map[string][]string{"example.org/parser": {program, "internal/mid", "internal/low"}}},
		"transitive":  {linked: map[string][]string{"example.org/parser": {program, "internal/low"}}, want: []string{"internal/mid links example.org/parser through internal/low, which is only for cmd/gdfctl, internal/low"}},
		"direct":      {linked: map[string][]string{"example.org/parser": {program, "internal/mid"}}, want: []string{"internal/low links example.org/parser through example.org/parser/syntax, which is only for cmd/gdfctl, internal/mid"}},
		"a room":      {linked: map[string][]string{"internal/low": {"internal/mid"}}, want: []string{"cmd/gdfctl links internal/low through internal/mid, which is only for internal/mid"}},
		"another one": {linked: map[string][]string{"example.org/parse": {}, "internal/lo": {}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, checkLinked(house, c.linked, fakeRooms)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestChecksOfFilesFind(t *testing.T) {
	long := strings.Repeat("//\n", maxLines)
	tree := fstest.MapFS{}
	for name, src := range map[string]string{
		"cmd/tool/main.go":           "// Command tool is documented.\npackage main\n",
		"good/doc.go":                "// Package good is documented.\npackage good\n",
		"good/long.go":               long + "package good\n",
		"good/long_test.go":          long + "package good\n",
		"good/just_windows.go":       strings.TrimPrefix(long, "//\n") + "package good\n",
		"good/sleeps.go":             "package good\nimport \"time\"\nfunc f() { time.Sleep(1) }\n",
		"good/sleeps_test.go":        "package good\nimport \"time\"\nvar f = time.Sleep\n",
		"good/fake_test.go":          "package good\nimport (\"time\"; \"testing/synctest\")\nfunc f() { synctest.Wait(); time.Sleep(1) }\n",
		"wordless/doc.go":            "package wordless\n",
		"elsewhere/elsewhere.go":     "// Package elsewhere has its comment elsewhere.\npackage elsewhere\n",
		"other/go.mod":               "module other\n",
		"other/other.go":             "package other\n",
		"good/testdata/broken.go":    "no Go at all\n",
		".hidden/broken.go":          "no Go at all\n",
		realTime[0] + "doc.go":       "// Package acceptance is documented.\npackage acceptance\n",
		realTime[0] + "real_test.go": "package acceptance\nimport \"time\"\nfunc f() { time.Sleep(1) }\n",
	} {
		tree[name] = &fstest.MapFile{Data: []byte(src)}
	}
	files, err := readFiles(tree)
	if err != nil {
		t.Fatal(err)
	}
	missing := "doc.go is missing, or does not begin with a package comment: what the package is for, what it promises, what to read first"
	sleeps := " calls time.Sleep: wait on a channel, or use the fake clock of testing/synctest"
	for name, c := range map[string]struct {
		check func([]goFile) []string
		want  []string
	}{
		"length": {checkLength, []string{"good/long.go has 401 lines, and 400 are allowed: it holds more than one thing"}},
		"docs":   {checkDocs, []string{"elsewhere/" + missing, "wordless/" + missing}},
		"sleep":  {checkSleep, []string{"good/sleeps.go" + sleeps, "good/sleeps_test.go" + sleeps}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.check(files)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckOfUnracedFinds(t *testing.T) {
	files, err := readFiles(fstest.MapFS{
		"good/all_test.go":  {Data: []byte("//go:build !race\n\npackage good\n\nfunc TestAll() {}\n\nfunc TestNone() {}\n")},
		"left/out_test.go":  {Data: []byte("//go:build !race\n\npackage left\n\nconst depth = 10\n")},
		"good/race_test.go": {Data: []byte("//go:build race\n\npackage good\n\nfunc TestRaces() {}\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"good/all_test.go is not there with the race detector, and neither scripts/exhaustive.sh nor scripts/timed.sh names TestNone",
		"left/out_test.go is not there with the race detector, and neither scripts/exhaustive.sh nor scripts/timed.sh names ./left",
	}
	if diff := cmp.Diff(want, checkUnraced(files, "tests=(TestAll TestNoneElse)\npackages=(./good ./leftovers)\n")); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// The texts are in parts, because scripts/raced.sh reads this file too.
func TestCheckOfRacedFinds(t *testing.T) {
	files, err := readFiles(fstest.MapFS{
		"good/good.go":      {Data: []byte("package good\n\nfunc f() { go " + "f() }\n")},
		"calm/calm.go":      {Data: []byte("package calm\n\n// f does not go " + "func()\nfunc f() {}\n")},
		"left/left.go":      {Data: []byte("package left\n\nfunc f() {\n\tgo func() {}()\n}\n")},
		"tests/all_test.go": {Data: []byte("package tests\n\nimport \"testing\"\n\nfunc TestAll(t *testing.T) { t." + "Parallel() }\n")},
		"web/web.go":        {Data: []byte("package web\n\nimport _ \"net/http\"\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"left/left.go starts goroutines, and scripts/raced.sh does not list ./left",
		"tests/all_test.go starts goroutines, and scripts/raced.sh does not list ./tests",
		"web/web.go starts goroutines, and scripts/raced.sh does not list ./web",
	}
	if diff := cmp.Diff(want, checkRaced(files, []string{"./good"})); diff != "" {
		t.Error(diff)
	}
}

func TestCheckOfDocumentFinds(t *testing.T) {
	document := "| floor | room |\n|---|---|\n| 2 | `cmd/gdfctl` | x |\n| 0 | `internal/mid` | x |\n| 0 | `internal/low` | x |\n| 3 | `internal/gone` | x |\n"
	want := []string{
		"docs/architecture.md doesn't say that internal/aid is on floor 0",
		"docs/architecture.md doesn't say that internal/mid is on floor 1",
		"docs/architecture.md doesn't say that internal/own is on floor 0",
		"docs/architecture.md has a floor for internal/gone, and rooms_test.go has none",
	}
	if diff := cmp.Diff(want, checkDocument(document, fakeRooms)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
