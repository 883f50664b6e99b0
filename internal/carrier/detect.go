package carrier

// Detect is the set of carriers that a number fits, its check digit included.
// Case, and everything that is not a letter or digit, don't matter.
func Detect(number string) Set {
	var s spelling
	if !s.read(number) {
		return 0
	}
	var found Set
	for _, p := range s.candidates() {
		if p.owners&^found != 0 && p.fits(&s) && p.checks(&s) {
			found |= p.owners
		}
	}
	return found
}

// Fit says how a number fits one carrier.
type Fit int

// The ways in which a number can fit a carrier.
const (
	NoFit      Fit = iota // no form of this carrier is known that it has
	WrongDigit            // it has the form of one, and the check digit is wrong
	Fits                  // a form and, where there is one, the check digit
)

// Fit compares a number with the forms of the carrier, and of those that the
// carrier hands parcels over to. Only the carrier's own check digits are found
// wrong.
func (c *Carrier) Fit(number string) Fit {
	var s spelling
	if !s.read(number) {
		return NoFit
	}
	fit := NoFit
	for _, p := range s.candidates() {
		if p.owners&c.accepted == 0 || !p.fits(&s) {
			continue
		}
		if p.checks(&s) {
			return Fits
		}
		if p.owners.Has(c) {
			fit = WrongDigit
		}
	}
	return fit
}

// HandsOver reports whether the carrier gives parcels to one of the set, or is
// in it itself.
func (c *Carrier) HandsOver(to Set) bool { return c.accepted&to != 0 }

// Distinctive is the set of carriers whose number this is beyond doubt: it
// begins with a letter or 1Z and has a check digit or a prefix that no other
// carrier uses, or it has at least 22 digits and a check digit. International
// numbers of posts and short numbers of digits alone never are.
func Distinctive(number string) Set {
	var s spelling
	if !s.read(number) {
		return 0
	}
	var found Set
	for _, p := range s.candidates() {
		if p.distinctive && p.fits(&s) && p.checks(&s) {
			found |= p.owners
		}
	}
	return found
}

// Checked reports whether a number fits a form that has a check digit, and has
// the right one.
func Checked(number string) bool {
	var s spelling
	if !s.read(number) {
		return false
	}
	for _, p := range s.candidates() {
		if p.check != unchecked && p.fits(&s) && p.checks(&s) {
			return true
		}
	}
	return false
}
