package gitlog

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// What is on the branch:
//
//	README.md                          what this is
//	log/2026-11-27/000000012-acquire.json        a record; "+start" if readers can begin there
//	values/2026-11-27/5c/5c0f…         a value by its hash, with the day when it was put last
//	state.json, audit/… , closed/…     the files of the last snapshot, for people
//
// A forge advises at most 3,000 entries for a folder, so records and values are
// kept by days.
const (
	readmePath = "README.md"
	logFolder  = "log/"
	valFolder  = "values/"
	probePath  = "probe"
	dayLayout  = "2006-01-02"
)

const readmeText = `# State of gdfctl

gdfctl keeps on this branch what it applied to orders, and which run is applying now.
It adds one commit for each step. Don't edit, rebase, squash, merge or delete this branch:
gdfctl notices, and stops. To read it, use "gdfctl state list" and "gdfctl audit list".

- "log" holds the records that are needed to go on, one file each.
- "values" holds larger parts of them, named by their SHA-256.
- The other files are the last snapshot, for people. gdfctl does not read them.
`

// tip is the tree of one commit. It is not changed: an append makes another one.
type tip struct {
	commit string            // empty: there is no branch
	files  map[string]string // the object of each path
	log    []logFile         // ascending
	values map[string]string // the path of each value, by its hash
	last   sharedlog.Position
}

type logFile struct {
	n     int64
	kind  string
	start bool // readers can begin there
	path  string
}

var (
	logRule   = regexp.MustCompile(`^log/[^/]+/(\d{1,18})-([a-z0-9_]*)(\+start)?\.json$`)
	valueRule = regexp.MustCompile(`^values/(\d{4}-\d\d-\d\d)/[0-9a-f]{2}/([0-9a-f]{64})$`)
	kindRule  = regexp.MustCompile(`^[a-z0-9_]+$`)
)

// newTip sorts the paths of a tree. The hash of the last record is not known yet.
func newTip(commit string, files map[string]string) (*tip, error) {
	t := &tip{commit: commit, files: files, values: map[string]string{}, last: sharedlog.Before}
	for name := range files {
		if m := logRule.FindStringSubmatch(name); m != nil {
			n, err := strconv.ParseInt(m[1], 10, 64)
			if err != nil {
				return nil, err
			}
			t.log = append(t.log, logFile{n, m[2], m[3] != "", name})
		}
		// Of a value that is there twice, the later day counts.
		if m := valueRule.FindStringSubmatch(name); m != nil && name > t.values[m[2]] {
			t.values[m[2]] = name
		}
	}
	slices.SortFunc(t.log, func(a, b logFile) int { return cmp.Compare(a.n, b.n) })
	for i := 1; i < len(t.log); i++ {
		if t.log[i].n == t.log[i-1].n {
			return nil, fmt.Errorf("record %d is on the branch twice, as %s and %s: it was edited by something other than gdfctl", t.log[i].n, t.log[i-1].path, t.log[i].path)
		}
	}
	if len(t.log) > 0 {
		t.last.N = t.log[len(t.log)-1].n
	}
	return t, nil
}

// find is where the record with a number is in the log, or where it would be.
func (t *tip) find(n int64) int {
	i, _ := slices.BinarySearchFunc(t.log, n, func(f logFile, n int64) int { return cmp.Compare(f.n, n) })
	return i
}

// foreign reports whether a branch without records holds a file that this package did
// not put there.
func (t *tip) foreign() bool {
	for name := range t.files {
		if name != readmePath && name != probePath {
			return true
		}
	}
	return false
}

// at is when a record was made, in a form that git takes and that is the same for
// every attempt.
func at(r sharedlog.Raw) time.Time {
	if r.At.Unix() < 0 {
		return time.Unix(0, 0).UTC()
	}
	return r.At.UTC()
}

// kindOf is a record's kind, as far as it can be part of a file name.
func kindOf(r sharedlog.Raw) string {
	if kindRule.MatchString(r.Kind) {
		return r.Kind
	}
	return "record"
}

func logPath(r sharedlog.Raw) string {
	start := ""
	if r.Snapshot {
		start = "+start"
	}
	return fmt.Sprintf("%s%s/%09d-%s%s.json", logFolder, at(r).Format(dayLayout), r.N, kindOf(r), start)
}

func valuePath(hash string, day time.Time) string {
	return valFolder + day.Format(dayLayout) + "/" + hash[:2] + "/" + hash
}

// putBefore reports whether a value was put before a time, whenever it was on the day
// that its path names.
func putBefore(named string, before time.Time) bool {
	day, err := time.Parse(dayLayout, named)
	return err == nil && !day.Add(24*time.Hour).After(before)
}

// readable reports whether a path can be that of a file for people.
func readable(name string) bool {
	return name != "" && path.Clean("/" + name)[1:] == name && name != readmePath && name != probePath &&
		!strings.HasPrefix(name+"/", logFolder) && !strings.HasPrefix(name+"/", valFolder) &&
		!strings.HasPrefix(strings.ToLower(name), ".git") && !strings.Contains(strings.ToLower(name), "/.git") &&
		!strings.ContainsAny(name, "\\:\x00\n\t")
}
