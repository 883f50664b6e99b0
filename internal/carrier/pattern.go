package carrier

import "strings"

// form is one form of a carrier's numbers, as the table writes it.
type form struct {
	// shape spells the number: a digit or letter stands for itself, #n for n
	// digits, @n for n letters, *n for n letters or digits, [ABC] for one of
	// these. A form may end with *n-m: n to m letters or digits. Blanks only
	// divide.
	shape string
	check check // of its check digit
	from  int   // where what check looks at begins …
	to    int   // … and ends, behind the check digit; 0: at the end
}

// pattern is a form that is ready to be compared.
type pattern struct {
	owners      Set
	allowed     []uint64 // by place, a bit for each value
	least, most int      // letters and digits; places from len(allowed) on take all
	check       check
	from, to    int
	distinctive bool
}

const (
	digits  = 1<<10 - 1
	letters = (1<<36 - 1) &^ digits
)

// compile reads a form. The table is a constant: what is wrong in it is a bug.
func (f form) compile() pattern {
	p := pattern{check: f.check, from: f.from, to: f.to}
	shape := f.shape
	for len(shape) > 0 {
		c := shape[0]
		shape = shape[1:]
		switch c {
		case ' ':
		case '#', '@', '*':
			n, rest := leadingNumber(shape)
			p.repeat(map[byte]uint64{'#': digits, '@': letters, '*': digits | letters}[c], n)
			shape = rest
			if more, ok := strings.CutPrefix(rest, "-"); ok {
				m, rest := leadingNumber(more)
				p.most, shape = len(p.allowed)+m-n, rest
			}
		case '[':
			class, rest, _ := strings.Cut(shape, "]")
			var mask uint64
			for i := range len(class) {
				mask |= 1 << valueOf[class[i]]
			}
			p.repeat(mask, 1)
			shape = rest
		default:
			p.repeat(1<<valueOf[c], 1)
		}
	}
	p.least = len(p.allowed)
	p.most = max(p.most, p.least)
	p.distinctive = p.isDistinctive(f.shape)
	return p
}

func (p *pattern) repeat(mask uint64, n int) {
	for range n {
		p.allowed = append(p.allowed, mask)
	}
}

func leadingNumber(s string) (n int, rest string) {
	for len(s) > 0 && s[0] >= '0' && s[0] <= '9' {
		n, s = n*10+int(s[0]-'0'), s[1:]
	}
	return n, s
}

// fixedPrefixes are beginnings that no other carrier uses.
var fixedPrefixes = []string{"TBA", "TBC", "TBM", "1LS", "JJD", "JVGL"}

// isDistinctive reports whether a number of this form is its owner's beyond
// doubt: random digits fit a check digit one time in ten, so that short
// numbers of digits alone say nothing.
func (p *pattern) isDistinctive(shape string) bool {
	for _, prefix := range fixedPrefixes {
		if strings.HasPrefix(shape, prefix) {
			return true
		}
	}
	if p.check == unchecked || strings.HasPrefix(shape, s10Shape) {
		return false
	}
	return p.allowed[0]&^letters == 0 || strings.HasPrefix(shape, "1Z") || p.least >= 22
}

// fits reports whether a spelling of the right length has the form. The check
// digit is a matter of its own.
func (p *pattern) fits(s *spelling) bool {
	for i, allowed := range p.allowed {
		if allowed&(1<<s.values[i]) == 0 {
			return false
		}
	}
	return true
}

func (p *pattern) checks(s *spelling) bool {
	to := p.to
	if to == 0 {
		to = s.n
	}
	return p.check.right(s.values[p.from:to])
}

// patterns are all forms, by length and first letter or digit: few are left to
// be compared with a number.
var patterns = func() (index [longest + 1][len(alphabet)][]*pattern) {
	add := func(owners Set, forms []form) {
		for _, f := range forms {
			p := f.compile()
			p.owners = owners
			for n := p.least; n <= p.most; n++ {
				for first := range len(alphabet) {
					if p.allowed[0]&(1<<first) != 0 {
						index[n][first] = append(index[n][first], &p)
					}
				}
			}
		}
	}
	var postal Set
	for i, c := range carriers {
		add(1<<i, c.forms)
		if c.postal {
			postal |= 1 << i
		}
	}
	add(postal, []form{{shape: s10Shape, check: s10, from: 2, to: 11}})
	return index
}()

// s10Shape is that of the Universal Postal Union's international numbers: any
// service of any post.
const s10Shape = "@2 #9 @2"

// candidates are the patterns that a spelling could have.
func (s *spelling) candidates() []*pattern {
	if s.n == 0 {
		return nil
	}
	return patterns[s.n][s.values[0]]
}
