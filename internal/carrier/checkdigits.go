package carrier

// check is a scheme of check digits. It is a number and no function, so that
// what is checked stays on the stack.
type check uint8

const (
	unchecked    check = iota
	gs1                // of GS1's labels, for an even number of digits in all
	gs1Odd             // the same from the right, for an odd number of them
	legacyPostal       // gs1 behind the identifier 91, which is not always printed
	doubled            // of UPS: every second one twice
	onTracC            // the same behind a digit that stands for the letter
	onTracD            //
	fedEx12            // products, modulo 11, modulo 10
	fedEx13            // the same for one digit more
	modulo7            // of DHL: the number itself, modulo 7
	mod37              // ISO 7064, MOD 37,36, over letters and digits
	luhn               // every second digit from the right doubled, then digits added up
	s10                // of the Universal Postal Union
)

// right reports whether the last of these values is the check digit of those
// before it.
func (c check) right(v []byte) bool {
	switch c {
	case unchecked:
		return true
	case gs1:
		return weighted(v, 0, 3, 1)
	case gs1Odd:
		return weighted(v, 0, 1, 3)
	case legacyPostal:
		return weighted(v, 9*3+1, 3, 1)
	case doubled:
		return weighted(v, 0, 1, 2)
	case onTracC:
		return behindLetter(v, 4)
	case onTracD:
		return behindLetter(v, 5)
	case fedEx12:
		return products(v, 3, 1, 7)
	case fedEx13:
		return products(v, 1, 7, 3)
	case modulo7:
		return rest7(v)
	case mod37:
		return iso7064(v)
	case luhn:
		return luhnSum(v)
	case s10:
		return postalUnion(v)
	}
	return false
}

// weighted is modulo 10 over digits that count by turns even and odd times,
// from the left, behind something that already came to sum. A letter counts as
// a digit: A as 2, B as 3, I again as 0.
func weighted(v []byte, sum, even, odd int) bool {
	last := len(v) - 1
	for i, d := range v[:last] {
		n := int(d)
		if n > 9 {
			n = (n - 8) % 10
		}
		if i%2 == 0 {
			sum += n * even
		} else {
			sum += n * odd
		}
	}
	return (10-sum%10)%10 == int(v[last])
}

// behindLetter is that of OnTrac: the letter counts as a digit, which is not
// put before a number that begins with it anyway.
func behindLetter(v []byte, letter byte) bool {
	if v[0] == letter {
		return weighted(v, 0, 1, 2)
	}
	return weighted(v, int(letter), 2, 1)
}

func products(v []byte, weights ...int) bool {
	sum, last := 0, len(v)-1
	for i, d := range v[:last] {
		sum += int(d) * weights[i%len(weights)]
	}
	return sum%11%10 == int(v[last])
}

func rest7(v []byte) bool {
	n, last := 0, len(v)-1
	for _, d := range v[:last] {
		n = (n*10 + int(d)) % 7
	}
	return n == int(v[last])
}

func iso7064(v []byte) bool {
	rest, last := 36, len(v)-1
	for _, d := range v[:last] {
		rest += int(d)
		if rest > 36 {
			rest -= 36
		}
		rest *= 2
		if rest > 36 {
			rest -= 37
		}
	}
	return (37-rest)%36 == int(v[last])
}

func luhnSum(v []byte) bool {
	sum := 0
	for i, d := range v {
		n := int(d)
		if (len(v)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// postalUnion is over eight digits and the ninth.
func postalUnion(v []byte) bool {
	sum := 0
	for i, weight := range [...]int{8, 6, 4, 2, 3, 5, 9, 7} {
		sum += int(v[i]) * weight
	}
	digit := 11 - sum%11
	switch digit {
	case 10:
		digit = 0
	case 11:
		digit = 5
	}
	return digit == int(v[8])
}
