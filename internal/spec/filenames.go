package spec

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// compareFiles puts file names into the order in which people count: numbers
// by their value, letters without case. A copy that a browser or a file manager
// made comes after the file of the plain name. Different names are never equal.
func compareFiles(a, b string) int {
	x, y := nameOf(a), nameOf(b)
	return cmp.Or(compareText(x.dir, y.dir), compareText(x.stem, y.stem), compareText(x.ext, y.ext),
		cmp.Compare(x.copy, y.copy), cmp.Compare(a, b))
}

// fileName is a path in parts.
type fileName struct {
	dir, stem, ext string
	copy           int // 0 for a plain name
}

// copied matches "name (2)", "name - Copy", "name - Copy (2)", "name copy" and
// "name copy 2".
var copied = regexp.MustCompile(`(?i)^(.+?)(?: - copy(?: \(([0-9]{1,6})\))?| \(([0-9]{1,6})\)| copy(?: ([0-9]{1,6}))?)$`)

func nameOf(file string) fileName {
	dir, base := path.Split(file)
	n := fileName{dir: dir, ext: path.Ext(base)}
	n.stem = strings.TrimSuffix(base, n.ext)
	if !strings.HasSuffix(n.stem, ")") && !strings.Contains(strings.ToLower(n.stem), "copy") {
		return n
	}
	if m := copied.FindStringSubmatch(n.stem); m != nil {
		n.stem, n.copy = m[1], 1
		if digits := cmp.Or(m[2], m[3], m[4]); digits != "" {
			n.copy, _ = strconv.Atoi(digits)
		}
	}
	return n
}

// compareText compares text with its numbers by their value and without case.
func compareText(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x > 0 && y > 0 {
			n, m := strings.TrimLeft(a[:x], "0"), strings.TrimLeft(b[:y], "0")
			if c := cmp.Or(cmp.Compare(len(n), len(m)), cmp.Compare(n, m)); c != 0 {
				return c
			}
			a, b = a[x:], b[y:]
			continue
		}
		if c := cmp.Compare(lowerByte(a[0]), lowerByte(b[0])); c != 0 {
			return c
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func lowerByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

// differInCopyNumber reports whether nothing but the number of a copy tells two
// file names apart.
func differInCopyNumber(a, b string) bool {
	x, y := nameOf(a), nameOf(b)
	return x.copy != y.copy && compareText(x.dir, y.dir) == 0 && compareText(x.stem, y.stem) == 0 && compareText(x.ext, y.ext) == 0
}

// datesDoNotSort reports whether two file names differ in a date that is not
// written year, month, day. An earlier difference in a date that is decides.
func datesDoNotSort(a, b string) bool {
	x, y := datesOf(a), datesOf(b)
	return slices.Equal(x.sorting, y.sorting) && !slices.Equal(x.other, y.other)
}

// datesInName are the dates in a file name, by whether names sort by them.
type datesInName struct{ sorting, other []string }

const monthName = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`

// writtenDate matches what can be a date: the year first, a month by its name,
// the year last, the same with two digits, and eight digits.
var writtenDate = regexp.MustCompile(`(?i)(?:^|[^0-9])((?:19|20)[0-9]{2}[-_. ][0-9]{1,2}[-_. ][0-9]{1,2})(?:[^0-9]|$)` +
	`|(?:^|[^a-z0-9])([0-9]{0,4}[-_. ]?` + monthName + `[-_. ]?[0-9]{1,4})(?:[^0-9]|$)` +
	`|(?:^|[^a-z0-9])([0-9]{1,4}[-_. ]?` + monthName + `)(?:[^a-z]|$)` +
	`|(?:^|[^0-9])([0-9]{1,2}[-_. ][0-9]{1,2}[-_. ](?:19|20)[0-9]{2})(?:[^0-9]|$)` +
	`|(?:^|[^0-9])([0-9]{8})(?:[^0-9]|$)` +
	`|(?:^|[^0-9])([0-9]{1,2}[-_.][0-9]{1,2}[-_.][0-9]{2})(?:[^0-9]|$)`)

// the groups of writtenDate.
const (
	yearFirst = 1 + iota
	monthNamed
	monthNamedLast
	yearLast
	eightDigits
	shortYear
)

func datesOf(file string) datesInName {
	var d datesInName
	for file != "" {
		at := writtenDate.FindStringSubmatchIndex(file)
		if at == nil {
			break
		}
		for group := yearFirst; group <= shortYear; group++ {
			begin, end := at[2*group], at[2*group+1]
			if begin < 0 {
				continue
			}
			d.add(group, strings.ToLower(file[begin:end]))
			file = file[end:]
			break
		}
	}
	return d
}

func (d *datesInName) add(group int, text string) {
	switch {
	case group == yearFirst:
		d.sorting = append(d.sorting, text)
	case group == eightDigits:
		switch {
		case isDate(text[:4], text[4:6], text[6:]):
			d.sorting = append(d.sorting, text)
		case isDate(text[4:], text[:2], text[2:4]), isDate(text[4:], text[2:4], text[:2]):
			d.other = append(d.other, text)
		}
	case group == shortYear:
		// behind a date that sorts, three pairs of digits are a time of day
		part := strings.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
		if len(d.sorting) == 0 && (isDate("20"+part[2], part[0], part[1]) || isDate("20"+part[2], part[1], part[0]) || isDate("20"+part[0], part[1], part[2])) {
			d.other = append(d.other, text)
		}
	default:
		d.other = append(d.other, text)
	}
}

func isDate(year, month, day string) bool {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	n, _ := strconv.Atoi(day)
	return y >= 1900 && y < 2100 && m >= 1 && m <= 12 && n >= 1 && n <= 31
}
