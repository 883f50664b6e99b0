package order

import "strings"

// SameTracking reports whether two tracking numbers are those of one parcel.
// Sending a number again overwrites the order's times, so a difference that no
// carrier makes must not count as one: case, spaces and hyphens, and the ZIP
// code that labels of USPS have before the number.
func SameTracking(a, b string) bool { return a == b || TrackingKey(a) == TrackingKey(b) }

// TrackingKey is the form in which tracking numbers are compared: letters in
// upper case and digits, without the ZIP code of a USPS label. Numbers of one
// parcel have one key.
func TrackingKey(s string) string {
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

// postalCheckDigit is the check of GS1: from the right, digits count 1 and 3
// times by turns, and come to a multiple of ten. Of an older number of 20
// digits the leading 91 may not be printed.
func postalCheckDigit(digits string) bool {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			n *= 3
		}
		sum += n
	}
	const unprinted = 1 + 3*9
	return sum%10 == 0 || len(digits) == 20 && (sum+unprinted)%10 == 0
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
	a, b = TrackingKey(a), TrackingKey(b)
	x, y := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return a != b && x == y && x != ""
}
