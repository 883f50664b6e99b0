package s3log

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Where what is kept.
const (
	logPrefix      = "log/"
	trimmedPrefix  = "trimmed/"
	snapshotPrefix = "snapshots/"
	valuePrefix    = "values/"
	probePrefix    = "probe/"
)

// digits is the width of a number: as many as every number has that programs in
// JavaScript can read too.
const digits = 16

// numbered is the name of a record's object behind logPrefix.
func numbered(n int64) string { return fmt.Sprintf("%0*d.json", digits, n) }

func recordKey(n int64) string { return logPrefix + numbered(n) }

func floorKey(before int64) string { return fmt.Sprintf("%s%0*d", trimmedPrefix, digits, before) }

func markerOf(at sharedlog.Position) string {
	return fmt.Sprintf("%s%0*d-%s", snapshotPrefix, digits, at.N, at.Hash)
}

var (
	recordName = regexp.MustCompile(`^(\d{16})\.json$`)
	floorName  = regexp.MustCompile(`^(\d{16})$`)
	markerName = regexp.MustCompile(`^(\d{16})-([0-9a-f]{64})$`)
)

// numberIn is the number that a name begins with, if it is of this form. Objects
// with other names were not put there by this program.
func numberIn(form *regexp.Regexp, name string) (int64, bool) {
	m := form.FindStringSubmatch(name)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	return n, err == nil
}
