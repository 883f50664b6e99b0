package watch

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/quantity"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// count writes a number with commas between thousands.
func count(n int) string { return quantity.Number(n) }

func counted(n int, one, many string) string { return quantity.Of(n, one, many) }

// percent writes a share with one digit behind the point: "2.4 %". A share
// that is not zero is never written like zero.
func percent(share float64) string {
	p := share * 100
	if p != 0 && math.Abs(p) < 0.05 {
		return strconv.FormatFloat(p, 'f', int(math.Ceil(-math.Log10(math.Abs(p)))), 64) + " %"
	}
	return strconv.FormatFloat(p, 'f', 1, 64) + " %"
}

// limit writes a share as somebody wrote it: "30 %", "2.5 %".
func limit(share float64) string {
	return strconv.FormatFloat(math.Round(share*1e6)/1e4, 'f', -1, 64) + " %"
}

// change writes a share with its sign: "-45.0 %", "+3.1 %".
func change(share float64) string {
	if share > 0 {
		return "+" + percent(share)
	}
	return percent(share)
}

// span writes an age: "42 min", "31 h", "26 h 10 min", "5 d 4 h".
func span(d time.Duration) string {
	minutes := int(d / time.Minute)
	switch {
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	case minutes < 72*60:
		return two(minutes/60, "h", minutes%60, "min")
	}
	hours := minutes / 60
	return two(hours/24, "d", hours%24, "h")
}

func two(n int, unit string, rest int, of string) string {
	if rest == 0 {
		return fmt.Sprintf("%d %s", n, unit)
	}
	return fmt.Sprintf("%d %s %d %s", n, unit, rest, of)
}

// maxWord is the most that is shown of a status or of a rule's values.
const maxWord = 120

// word makes foreign text fit to be a value.
func word(s string) string {
	if runes := []rune(s); len(runes) > maxWord {
		s = string(runes[:maxWord]) + "…"
	}
	return safetext.Line(s)
}
