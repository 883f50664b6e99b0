package lang

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// maxDuration is a hundred years: more is a typo, and far from where a
// time.Duration overflows.
const maxDuration = 36500 * 24 * time.Hour

var durationUnits = []struct {
	letter byte
	length time.Duration
}{{'d', 24 * time.Hour}, {'h', time.Hour}, {'m', time.Minute}, {'s', time.Second}}

// ParseDuration reads a duration as the language writes it: whole numbers of
// days, hours, minutes and seconds, the largest first, each at most once: "30d",
// "1d12h", "26h", "120s". A day is 24 hours. "0s" is none at all.
func ParseDuration(text string) (time.Duration, error) {
	total, rest, units := time.Duration(0), text, durationUnits
	if rest == "" {
		return 0, errors.New(`the duration is empty: write a number and a unit, like "30d", "1d12h", "26h" or "120s"`)
	}
	for rest != "" {
		digits := 0
		for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
			digits++
		}
		if digits == 0 || digits == len(rest) {
			return 0, errDuration
		}
		i := 0
		for i < len(units) && units[i].letter != rest[digits] {
			i++
		}
		if i == len(units) {
			return 0, errDuration
		}
		n, err := strconv.ParseInt(rest[:digits], 10, 64)
		if err != nil || n > int64(maxDuration/units[i].length) {
			return 0, fmt.Errorf("a duration can't be longer than %d days", maxDuration/(24*time.Hour))
		}
		total += time.Duration(n) * units[i].length
		rest, units = rest[digits+1:], units[i+1:]
	}
	if total > maxDuration {
		return 0, fmt.Errorf("a duration can't be longer than %d days", maxDuration/(24*time.Hour))
	}
	return total, nil
}

var errDuration = errors.New(`not a duration: write whole days, hours, minutes and seconds, the largest first, like "30d", "1d12h", "26h" or "120s"`)
