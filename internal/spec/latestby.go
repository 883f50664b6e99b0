package spec

import (
	"cmp"
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/calendar"
)

// latestValue is what latest_by has for a row: nothing, a number or a time.
// Whole numbers are exact up to 18 digits, as numbers of exports have them.
type latestValue struct {
	kind  latestKind
	whole int64   // the seconds of a time
	part  float64 // from 0 to below 1
}

type latestKind byte

const (
	latestUnset latestKind = iota // there is no latest_by, or it can't be read
	latestNull
	latestNumber
	latestTime
)

var notLatest = &fault{
	"latest_by", "latest_by has no value that can be compared",
	"It must be a number, a date like 2026-11-20, or a time as RFC 3339: use parse_time for other layouts.",
}

// readLatest reads the text that latest_by has for a row. A date means its
// midnight in the account's zone, or else in UTC.
func readLatest(text string, zone *time.Location) (latestValue, *fault) {
	if text == "" {
		return latestValue{kind: latestNull}, nil
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return latestMoment(t), nil
	}
	if zone == nil {
		zone = time.UTC
	}
	if day, err := calendar.Parse(text); err == nil {
		return latestMoment(day.Start(zone)), nil
	}
	return latestFigure(text)
}

func latestMoment(t time.Time) latestValue {
	return latestValue{latestTime, t.Unix(), float64(t.Nanosecond()) / 1e9}
}

func latestFigure(text string) (latestValue, *fault) {
	const longest = 40
	if len(text) > longest || strings.ContainsAny(text, "eEpPxX_") {
		return latestValue{}, notLatest
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok || strings.Contains(text, "/") {
		return latestValue{}, notLatest
	}
	whole := new(big.Int)
	rest := new(big.Int)
	whole.DivMod(n.Num(), n.Denom(), rest) // rounds down, so that part is never negative
	if !whole.IsInt64() {
		return latestValue{}, notLatest
	}
	part, _ := new(big.Rat).SetFrac(rest, n.Denom()).Float64()
	return latestValue{latestNumber, whole.Int64(), min(part, math.Nextafter(1, 0))}, nil
}

// beats reports whether a is later than b. Null loses against every value; a
// number and a time can't be compared, so neither beats the other.
func (a latestValue) beats(b latestValue) bool {
	if a.kind != b.kind {
		return b.kind == latestNull && a.kind > latestNull
	}
	return cmp.Or(cmp.Compare(a.whole, b.whole), cmp.Compare(a.part, b.part)) > 0
}

// latestBy is the wish's value of latest_by.
func (w *Wish) latestBy() latestValue {
	if w.extra == nil {
		return latestValue{}
	}
	return w.extra.by
}
