package s3log

import (
	"fmt"
	"strconv"
	"strings"

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

// The names of objects behind their prefixes. Objects with other names were not put
// there by this program, and are passed over.

func numberOfRecord(name string) (int64, bool) {
	number, ok := strings.CutSuffix(name, ".json")
	return numberFrom(number, ok)
}

func numberOfFloor(name string) (int64, bool) { return numberFrom(name, true) }

func positionOfMarker(name string) (sharedlog.Position, bool) {
	number, hash, ok := strings.Cut(name, "-")
	n, ok := numberFrom(number, ok)
	return sharedlog.Position{N: n, Hash: hash}, ok
}

func numberFrom(text string, ok bool) (int64, bool) {
	n, err := strconv.ParseUint(text, 10, 62)
	return int64(n), ok && err == nil && len(text) == digits
}
