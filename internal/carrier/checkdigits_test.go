package carrier

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// scheme is a check digit with what it can notice.
type scheme struct {
	check  check
	length int // with the check digit
	values int // that a place can have, the check digit's aside
	// swaps reports whether the scheme notices that two different neighbors
	// changed places. at is the place of the first of them.
	swaps func(a, b byte, at int) bool
	// changes reports whether it notices that a became b at a place.
	changes func(a, b byte, at int) bool
}

func always(_, _ byte, _ int) bool { return true }

// fives is what a sum modulo 10 in which neighbors count w and w+2 (or 1 and 3)
// times can't tell apart.
func fives(a, b byte, _ int) bool { return (int(a)-int(b))%5 != 0 }

var schemes = map[string]scheme{
	"gs1, even":     {check: gs1, length: 22, values: 10, swaps: fives, changes: always},
	"gs1, odd":      {check: gs1Odd, length: 15, values: 10, swaps: fives, changes: always},
	"legacy postal": {check: legacyPostal, length: 20, values: 10, swaps: fives, changes: always},
	"doubled": {
		check: doubled, length: 16, values: 10, swaps: always,
		// Twice 1 and twice 6 end with the same digit.
		changes: func(a, b byte, at int) bool { return at%2 == 0 || (int(a)-int(b))%5 != 0 },
	},
	"OnTrac": {
		check: onTracC, length: 14, values: 10,
		// A first digit 4 is the letter's own.
		swaps:   func(a, b byte, at int) bool { return at > 0 },
		changes: func(a, b byte, at int) bool { return at > 0 && (int(a)-int(b))%5 != 0 },
	},
	"FedEx 12": {
		check: fedEx12, length: 12, values: 10,
		// A rest of 10 is written as 0.
		swaps: seldom, changes: seldom,
	},
	"luhn": {check: luhn, length: 12, values: 10, swaps: func(a, b byte, _ int) bool { return a+b != 9 || a*b != 0 }, changes: always},
	"mod 37,36": {
		check: mod37, length: 15, values: 36, swaps: seldom, changes: always,
	},
	"modulo 7": {
		check: modulo7, length: 10, values: 10,
		swaps:   func(a, b byte, _ int) bool { return (int(a)-int(b))%7 != 0 },
		changes: func(a, b byte, _ int) bool { return (int(a)-int(b))%7 != 0 },
	},
}

// seldom stands for a scheme that misses some of it: how much is tested apart.
func seldom(_, _ byte, _ int) bool { return false }

// number draws a number of a scheme with the right check digit.
func (s scheme) number(t *rapid.T) []byte {
	v := make([]byte, s.length)
	for i := range v[:s.length-1] {
		v[i] = byte(rapid.IntRange(0, s.values-1).Draw(t, "digit"))
	}
	for d := range max(s.values, 10) {
		if v[s.length-1] = byte(d); s.check.right(v) {
			return v
		}
	}
	t.Fatalf("%v has no check digit", v)
	return nil
}

func TestOneDigitThatChangedIsNoticed(t *testing.T) {
	for name, s := range schemes {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			v := s.number(t)
			at := rapid.IntRange(0, s.length-2).Draw(t, "at")
			was := v[at]
			v[at] = byte(rapid.IntRange(0, s.values-1).Draw(t, "changed"))
			if v[at] != was && s.changes(was, v[at], at) && s.check.right(v) {
				t.Errorf("%v at %d instead of %d is not noticed", v, at, was)
			}
		}))
	}
}

func TestTwoNeighborsThatChangedPlacesAreNoticed(t *testing.T) {
	for name, s := range schemes {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			v := s.number(t)
			at := rapid.IntRange(0, s.length-3).Draw(t, "at")
			a, b := v[at], v[at+1]
			v[at], v[at+1] = b, a
			if a != b && s.swaps(a, b, at) && s.check.right(v) {
				t.Errorf("%v with %d and %d swapped is not noticed", v, a, b)
			}
		}))
	}
}

func TestAWrongCheckDigitIsNoticed(t *testing.T) {
	for name, s := range schemes {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			v := s.number(t)
			right := v[s.length-1]
			v[s.length-1] = byte(rapid.IntRange(0, max(s.values, 10)-1).Draw(t, "check digit"))
			if v[s.length-1] != right && s.check.right(v) {
				t.Errorf("%v passes with two check digits", v)
			}
		}))
	}
}

// Where a scheme does not notice all, it misses little.
func TestFewMistakesAreMissed(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, tt := range []struct {
		check          check
		length, values int
		most           float64 // of mistakes that may be missed
	}{
		{fedEx12, 12, 10, 0.03}, // a rest of 10 is written as 0
		{fedEx13, 14, 10, 0.03},
		{mod37, 15, 36, 0.005},
	} {
		missed, tried := 0, 0
		for tried < 20_000 {
			v := make([]byte, tt.length)
			for i := range v {
				v[i] = byte(rng.IntN(tt.values))
			}
			if !tt.check.right(v) {
				continue
			}
			at := rng.IntN(tt.length - 2)
			swapped := slices.Clone(v)
			swapped[at], swapped[at+1] = v[at+1], v[at]
			changed := slices.Clone(v)
			changed[at] = byte(rng.IntN(tt.values))
			for _, w := range [][]byte{swapped, changed} {
				if slices.Equal(v, w) {
					continue
				}
				if tried++; tt.check.right(w) {
					missed++
				}
			}
		}
		if share := float64(missed) / float64(tried); share > tt.most {
			t.Errorf("scheme %d misses %.2f %% of mistakes", tt.check, share*100)
		}
	}
}

// The Universal Postal Union's weights are prime to 11, so that only its two
// rests that share a digit are missed.
func TestS10(t *testing.T) {
	right := []byte{1, 2, 3, 4, 5, 6, 7, 8, 5}
	if !s10.right(right) {
		t.Fatal("the example of the standard is refused")
	}
	missed := 0
	for at := range 8 {
		for d := range byte(10) {
			w := append([]byte(nil), right...)
			if w[at] = d; d != right[at] && s10.right(w) {
				missed++
			}
		}
	}
	if missed > 8 { // one digit in nine shares a check digit with another rest
		t.Errorf("%d of 72 changed digits are missed", missed)
	}
	for at := range 7 {
		w := append([]byte(nil), right...)
		w[at], w[at+1] = w[at+1], w[at]
		if s10.right(w) {
			t.Errorf("digits %d and %d swapped are not noticed", at, at+1)
		}
	}
}
