package feedfile

import "bytes"

// isBadGTIN reports whether a cell is no GTIN: a number of 8, 12, 13 or 14
// digits whose last one fits the others. Spaces, hyphens, and what a
// spreadsheet makes of it (4.00638E+12) are wrong too, and so are zeros alone, whose
// last digit would fit.
func isBadGTIN(cell []byte) bool {
	switch len(cell) {
	case 8, 12, 13, 14:
	default:
		return true
	}
	sum, zero := 0, true
	for i, c := range cell {
		if c < '0' || c > '9' {
			return true
		}
		zero = zero && c == '0'
		weight := 1
		if (len(cell)-i)%2 == 0 {
			weight = 3
		}
		sum += weight * int(c-'0')
	}
	return zero || sum%10 != 0
}

const insecure = "http://"

// isBadLink reports whether a cell is anything but one or several links that
// begin with https://.
func isBadLink(cell []byte) bool {
	const secure = "https://"
	if len(cell) <= len(secure) || !bytes.EqualFold(cell[:len(secure)], []byte(secure)) {
		return true
	}
	// A further link of a list, but not one within a query.
	for rest := cell; ; {
		at := bytes.Index(rest, []byte(insecure))
		if at < 0 {
			return false
		}
		if bytes.IndexByte([]byte(", |;"), rest[at-1]) >= 0 {
			return true
		}
		rest = rest[at+1:]
	}
}
