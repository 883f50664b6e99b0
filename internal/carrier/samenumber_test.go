package carrier_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

func TestSameNumber(t *testing.T) {
	const postal = "9400111206206407628746"
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"1Z999AA10123456784", "1z 999 aa1 01 2345 6784", true},
		{"1LS7119013618127-1", "1LS71190136181271", true},
		{"1Z999AA10123456784", "1Z999AA10123456793", false},
		{"", "", true},
		{"", "1", false},
		{"-", "", true},
		{"№1", "1", false},
		// the ZIP code of a USPS label
		{postal, "42078745" + postal, true},
		{postal, "420787451234" + postal, true},
		{"42078745" + postal, "420 10001 9400 1112 0620 6407 6287 46", true},
		{"42022153" + "71969010756003077385", "71969010756003077385", true},             // the leading 91 is not printed
		{"42022153" + "92748931507708513018050063", "92748931507708513018050063", true}, // 26 digits
		{"9400111206206407628745", "420787459400111206206407628745", false},             // wrong check digit
		{postal, "4207874" + postal, false},                                             // no ZIP code has 4 digits
		{postal, "42178745" + postal, false},
		{"986578788855", "42078745986578788855", false}, // no number of USPS
		{"420787456128999882082117", "6128999882082117", false},
		// leading zeros count
		{"0012345678", "12345678", false},
	} {
		if carrier.SameNumber(tt.a, tt.b) != tt.want || carrier.SameNumber(tt.b, tt.a) != tt.want {
			t.Errorf("SameNumber(%q, %q) is not %v", tt.a, tt.b, tt.want)
		}
	}
}

func TestDifferInLeadingZeros(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"0012345678", "12345678", true},
		{"00-12345678", "012345678", true},
		{"12345678", "12345678", false},
		{"0012345678", "12345679", false},
		{"00", "0", false},
		{"0", "", false},
		{"01Z999AA10123456784", "1Z999AA10123456784", true},
	} {
		if carrier.DifferInLeadingZeros(tt.a, tt.b) != tt.want || carrier.DifferInLeadingZeros(tt.b, tt.a) != tt.want {
			t.Errorf("DifferInLeadingZeros(%q, %q) is not %v", tt.a, tt.b, tt.want)
		}
	}
}

// A key is a key: whatever has one is the same as the key itself.
func TestTrackingKeyIsItsOwnKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.StringMatching(`[0-9A-Za-z -]{0,40}`), rapid.StringMatching(`420[0-9]{25,31}`), rapid.String()).Draw(t, "number")
		key := carrier.NumberKey(s)
		if carrier.NumberKey(key) != key {
			t.Errorf("the key of %q is %q, and has another key", s, key)
		}
		if !carrier.SameNumber(s, s) {
			t.Errorf("%q is not itself", s)
		}
	})
}
