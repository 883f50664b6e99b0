package spec

import (
	"cmp"
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/calendar"
)

// LatestValue is what latest_by has for a row: nothing, a number or a time.
// Whole numbers are exact up to 18 digits, as numbers of exports have them.
type LatestValue struct {
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

// ParseLatest reads the text that latest_by has for a row. A date means its
// midnight in the account's zone, otherwise in UTC. The result is false if the text
// is none of what can be compared.
func ParseLatest(text string, zone *time.Location) (LatestValue, bool) {
	if text == "" {
		return LatestValue{kind: latestNull}, true
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return latestMoment(t), true
	}
	if zone == nil {
		zone = time.UTC
	}
	if day, err := calendar.Parse(text); err == nil {
		return latestMoment(day.Start(zone)), true
	}
	return latestFigure(text)
}

func latestMoment(t time.Time) LatestValue {
	return LatestValue{latestTime, t.Unix(), float64(t.Nanosecond()) / 1e9}
}

func latestFigure(text string) (LatestValue, bool) {
	const longest = 40
	if len(text) > longest || strings.ContainsAny(text, "eEpPxX_") {
		return LatestValue{}, false
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok || strings.Contains(text, "/") {
		return LatestValue{}, false
	}
	whole := new(big.Int)
	rest := new(big.Int)
	whole.DivMod(n.Num(), n.Denom(), rest) // rounds down, so that part is never negative
	if !whole.IsInt64() {
		return LatestValue{}, false
	}
	part, _ := new(big.Rat).SetFrac(rest, n.Denom()).Float64()
	return LatestValue{latestNumber, whole.Int64(), min(part, math.Nextafter(1, 0))}, true
}

// beats reports whether a is later than b. Null loses against every value; a
// number and a time can't be compared, so neither beats the other.
func (a LatestValue) beats(b LatestValue) bool {
	if a.kind != b.kind {
		return b.kind == latestNull && a.kind > latestNull
	}
	return cmp.Or(cmp.Compare(a.whole, b.whole), cmp.Compare(a.part, b.part)) > 0
}

// SetLatestBy notes the row's value of latest_by.
func (w *Wish) SetLatestBy(v LatestValue) { w.extra = &extra{by: v} }

// latestBy is the wish's value of latest_by.
func (w *Wish) latestBy() LatestValue {
	if w.extra == nil {
		return LatestValue{}
	}
	return w.extra.by
}
