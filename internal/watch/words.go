package watch

import (
	"math"
	"strconv"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

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

// maxWord is the most that is shown of a status or of a rule's values.
const maxWord = 120

// word makes foreign text fit to be a value.
func word(s string) string {
	if runes := []rune(s); len(runes) > maxWord {
		s = string(runes[:maxWord]) + "…"
	}
	return safetext.Line(s)
}
