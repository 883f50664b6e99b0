package carrier

import (
	"strings"
	"unicode"
)

// Split returns the tracking numbers of a cell that holds more than one, as
// they occur there, and nil for any other cell. Parts are divided by a comma,
// semicolon, slash, bar, ampersand, line break or the word "and", and each must
// look like a number. White space alone divides only numbers that are beyond
// doubt: many carriers print theirs in groups.
func Split(cell string) []string {
	if strings.Contains(cell, "://") {
		return nil // an address has slashes of its own
	}
	if len(cell) > longestCell || !strings.ContainsFunc(cell, divides) {
		return nil
	}
	if parts := divided(cell); len(parts) > 1 && all(parts, looksLikeNumber) {
		return parts
	}
	if parts := strings.FieldsFunc(cell, Invisible); len(parts) > 1 && all(parts, Checked) {
		return parts
	}
	return nil
}

// longestCell is longer than a cell of fifty numbers.
const longestCell = 4096

// divided divides a text at separators and at the word "and". Parts have no outer
// white space; empty ones are left out.
func divided(cell string) []string {
	var parts []string
	for _, piece := range strings.FieldsFunc(cell, isSeparator) {
		for {
			before, after, found := cutAnd(piece)
			if before = strings.TrimFunc(before, Invisible); before != "" {
				parts = append(parts, before)
			}
			if !found {
				break
			}
			piece = after
		}
	}
	return parts
}

// cutAnd cuts a text at its first word "and".
func cutAnd(s string) (before, after string, found bool) {
	lower := strings.ToLower(s)
	for at := 0; ; {
		i := strings.Index(lower[at:], "and")
		if i < 0 || len(lower) != len(s) {
			return s, "", false
		}
		at += i
		end := at + len("and")
		if at > 0 && end < len(s) && unicode.IsSpace(rune(s[at-1])) && unicode.IsSpace(rune(s[end])) {
			return s[:at], s[end:], true
		}
		at = end
	}
}

// divides reports whether a character can stand between two numbers.
func divides(r rune) bool { return isSeparator(r) || Invisible(r) }

func isSeparator(r rune) bool {
	switch r {
	case ',', ';', '/', '|', '&', '\n', '\r', '\u2028', '\u2029':
		return true
	}
	return false
}

// looksLikeNumber reports whether a part of a cell can be a number: 8
// characters, 6 of them digits.
func looksLikeNumber(part string) bool {
	characters, digits := 0, 0
	for _, r := range part {
		if Invisible(r) {
			continue
		}
		characters++
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return characters >= 8 && digits >= 6
}

func all(parts []string, is func(string) bool) bool {
	for _, p := range parts {
		if !is(p) {
			return false
		}
	}
	return true
}
