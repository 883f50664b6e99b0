package carrier

import "strings"

// SameNumber reports whether two tracking numbers are those of one parcel.
// Sending a number again overwrites the order's times, so a difference that no
// carrier makes must not count as one: case, spaces and hyphens, and the ZIP
// code that labels of USPS have before the number.
func SameNumber(a, b string) bool { return a == b || NumberKey(a) == NumberKey(b) }

// NumberKey is the form in which tracking numbers are compared: letters in
// upper case and digits, without the ZIP code of a USPS label. Numbers of one
// parcel have one key.
func NumberKey(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= '0' && s[i] <= '9' || s[i] >= 'A' && s[i] <= 'Z'
	}
	if !plain {
		s = strings.Map(func(r rune) rune {
			switch {
			case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
				return r
			case r >= 'a' && r <= 'z':
				return r - ('a' - 'A')
			case r < 0x80:
				return -1
			}
			return r // a letter of another script sets numbers apart
		}, strings.ToUpper(s))
	}
	return withoutRouting(s)
}

// routing is the application identifier of a ZIP code on a label.
const routing = "420"

// withoutRouting takes the ZIP code off a number of USPS: 420 with 5 or 9
// digits, before 20 to 22 or 26 digits with a right check digit. The longer code
// is tried first, as scanners do.
func withoutRouting(key string) string {
	if !strings.HasPrefix(key, routing) || !onlyDigits(key) {
		return key
	}
	for _, zip := range []int{9, 5} {
		cut := len(routing) + zip
		if rest := len(key) - cut; rest >= 20 && rest <= 22 || rest == 26 {
			if postalCheckDigit(key[cut:]) {
				return key[cut:]
			}
		}
	}
	return key
}

// postalCheckDigit reports whether a number of USPS ends in the right check digit.
func postalCheckDigit(digits string) bool {
	var s spelling
	if !s.read(digits) {
		return false
	}
	v := s.values[:s.n]
	if len(v)%2 == 1 {
		return gs1Odd.right(v)
	}
	return gs1.right(v) || len(v) == 20 && legacyPostal.right(v)
}

func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// DifferInLeadingZeros reports whether two tracking numbers differ in leading
// zeros alone. A spreadsheet drops these: which of both is right, nobody can
// say from the numbers.
func DifferInLeadingZeros(a, b string) bool {
	a, b = NumberKey(a), NumberKey(b)
	x, y := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return a != b && x == y && x != ""
}
