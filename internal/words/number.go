package words

import (
	"strconv"
	"strings"
)

// Integer is what is counted. Sizes of files are int64 on machines of 32 bits
// too.
type Integer interface{ ~int | ~int64 }

// Number writes an integer with commas between thousands: "1,200".
func Number[N Integer](n N) string { return separated(strconv.FormatInt(int64(n), 10)) }

// Decimal writes a number with commas between thousands and all its decimals:
// "1,234.5".
func Decimal(f float64) string {
	whole, fraction, decimals := strings.Cut(strconv.FormatFloat(f, 'f', -1, 64), ".")
	if !decimals {
		return separated(whole)
	}
	return separated(whole) + "." + fraction
}

func separated(digits string) string {
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Count is a number with its noun: "1 order", "1,200 orders".
func Count[N Integer](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Noun is the word for so many things, without their number.
func Noun[N Integer](n N, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
