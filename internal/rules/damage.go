package rules

import (
	"fmt"
	"strings"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

// Damaged is SHIP18: what is in a cell of tracking numbers and is not one.
// column is the cell's column, or empty. The cell is as it was read: white
// space distinguishes words from numbers. Of what is not a number, only that is
// quoted which can't be a name.
func Damaged(cell, column string) (Finding, bool) {
	number := carrier.Clean(cell)
	if number == "" || len(number) > longestCell {
		return Finding{}, false
	}
	if rounded(number) {
		return roundedFinding(number), true
	}
	if quotable, is := placeholder(cell, number); quotable {
		return ship18("tracking number %q is a placeholder; %s", number, orOnPurpose), true
	} else if is {
		return ship18("tracking number has no digit, so it is a placeholder; %s", orOnPurpose), true
	}
	if column != "" && strings.EqualFold(column[:1], number[:1]) && strings.EqualFold(carrier.Clean(column), number) {
		return ship18("the tracking number is the name of its column; %s", orOnPurpose), true
	}
	if inner, wrapped := unwrap(cell); wrapped {
		if f, damaged := Damaged(inner, column); damaged {
			return f, true
		}
		if !offered(inner) {
			return ship18("tracking number is wrapped in text; write the number alone"), true
		}
		return ship18("tracking number is wrapped in text; the number is %s", inner), true
	}
	return Finding{}, false
}

// DamagedName reports whether a spreadsheet damaged the number of an order: it was
// rounded, or is wrapped in a formula. Such a number names no order, or another one.
func DamagedName(cell string) bool {
	number := carrier.Clean(cell)
	return rounded(number) || strings.HasPrefix(number, "=") || strings.HasPrefix(number, "'")
}

// longestCell is more than anybody writes for a number, an address of it
// included. What is longer is not looked at: it can't be sent anyway.
const longestCell = 500

const orOnPurpose = "leave the cell empty, or set no_tracking if this parcel has no number on purpose"

func ship18(format string, args ...any) Finding {
	return Finding{"SHIP18", Error, fmt.Sprintf(format, args...)}
}

func roundedFinding(number string) Finding {
	return ship18("tracking number %s was rounded by a spreadsheet; export the file again and do not open it in a spreadsheet", number)
}

// rounded reports whether a spreadsheet took the number for a quantity, and
// nobody can say any more what it was.
func rounded(number string) bool {
	if n := leadingDigits(number); n == len(number) {
		return n >= 19 && zeroTail(number)
	} else if n > 0 {
		rest := number[n:]
		if rest[0] == '.' || rest[0] == ',' {
			m := leadingDigits(rest[1:])
			if n >= 16 && m > 0 && strings.Trim(rest[1:], "0") == "" {
				return true // a quantity, with digits that it can't hold
			}
			if m == 0 {
				return false
			}
			return exponent(rest[1+m:], false)
		}
		return exponent(rest, true)
	}
	return false
}

// exponent reports whether a text is e+21, whose sign may have to be there.
func exponent(s string, signed bool) bool {
	if s == "" || s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = s[1:]
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	} else if signed {
		return false
	}
	return s != "" && leadingDigits(s) == len(s)
}

// exact is how many digits a spreadsheet keeps.
const exact = 15

func zeroTail(digits string) bool { return strings.Trim(digits[exact:], "0") == "" }

func leadingDigits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// RoundedFile finds numbers of 16 to 18 digits that a spreadsheet rounded.
// One of them alone can well be right; a file in which all end with zeros
// can't. The zero value is for a file of which nothing is read yet.
type RoundedFile struct {
	zeros, all [3]int // by length, from 16 on
}

const shortestRounded, longestRounded = 16, 18

// fewestRounded is from how many numbers on they are no chance.
const fewestRounded = 5

// Add takes in a number of the file.
func (f *RoundedFile) Add(number string) {
	if i, ok := roundable(number); ok {
		f.all[i]++
		if zeroTail(number) {
			f.zeros[i]++
		}
	}
}

// Suspicious reports whether the file has rounded numbers at all.
func (f *RoundedFile) Suspicious() bool {
	for i := range f.all {
		if f.of(i) {
			return true
		}
	}
	return false
}

// Damaged is SHIP18 for a number of the file, once all are added.
func (f *RoundedFile) Damaged(number string) (Finding, bool) {
	i, ok := roundable(number)
	if !ok || !f.of(i) {
		return Finding{}, false
	}
	return roundedFinding(number), true
}

func (f *RoundedFile) of(i int) bool { return f.all[i] >= fewestRounded && f.zeros[i] == f.all[i] }

func roundable(number string) (index int, ok bool) {
	n := len(number)
	if n < shortestRounded || n > longestRounded || leadingDigits(number) != n {
		return 0, false
	}
	return n - shortestRounded, true
}
