package spec

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/words"
)

// BatchCount accounts for every row of a batch: each row that was read is in
// exactly one of the counts below Rows. The rows of a group count one by one;
// all but the first of a group that stands are Combined.
type BatchCount struct {
	Address  string `json:"address"`
	Files    int    `json:"files"`
	Rows     int    `json:"rows"`
	Orders   int    `json:"orders"`   // rows that stand for an order, those of orders that are held included
	Repeated int    `json:"repeated"` // want what another row wants
	Combined int    `json:"combined"` // are part of what another row stands for
	LeftOut  int    `json:"left_out"` // by `where`
	Voided   int    `json:"voided"`
	Replaced int    `json:"replaced"` // by latest, multiple_tracking, replaces or release
	Bad      int    `json:"bad"`      // can't be used
}

// Sum is the rows that are accounted for. It is Rows once all wishes are combined.
func (c *BatchCount) Sum() int {
	return c.Orders + c.Repeated + c.Combined + c.LeftOut + c.Voided + c.Replaced + c.Bad
}

// Add counts the rows of another batch too.
func (c *BatchCount) Add(b *BatchCount) {
	c.Files, c.Rows = c.Files+b.Files, c.Rows+b.Rows
	c.Orders, c.Repeated, c.Combined, c.LeftOut = c.Orders+b.Orders, c.Repeated+b.Repeated, c.Combined+b.Combined, c.LeftOut+b.LeftOut
	c.Voided, c.Replaced, c.Bad = c.Voided+b.Voided, c.Replaced+b.Replaced, c.Bad+b.Bad
}

// Complete reports whether every row is accounted for. Where reading had to be
// given up, it is not.
func (c *BatchCount) Complete() bool { return c.Sum() == c.Rows }

// String is the count for people: "800 rows in 1 file: 566 orders, 228 repeated
// rows, 6 left out by where".
func (c *BatchCount) String() string {
	if c.Rows == 0 {
		return "no rows"
	}
	of := func(n int, what string) string { return words.Count(n, what, what+"s") }
	parts := []string{of(c.Orders, "order")}
	add := func(n int, text string) {
		if n > 0 {
			parts = append(parts, text)
		}
	}
	add(c.Repeated, of(c.Repeated, "repeated row"))
	add(c.Combined, words.Number(c.Combined)+" combined")
	add(c.LeftOut, words.Number(c.LeftOut)+" left out by where")
	add(c.Voided, words.Number(c.Voided)+" voided")
	add(c.Replaced, words.Number(c.Replaced)+" replaced")
	add(c.Bad, of(c.Bad, "bad row"))
	where := ""
	if c.Files > 0 {
		where = " in " + of(c.Files, "file")
	}
	return of(c.Rows, "row") + where + ": " + strings.Join(parts, ", ")
}

// fate is what became of one row that `where` kept.
type fate byte

const (
	repeated   fate = iota // unless something else is said: it wants what stands
	stands                 // for its order, as it is
	represents             // its batch in what was put together or held back
	combined
	voided
	replaced
)

// noteFates says of each wish what became of it. Of those that are left, the
// first of a batch stands for the order there; what wants the same as another
// is repeated.
func (c *combination) noteFates() {
	for _, r := range c.removed {
		r.wish.fate = replaced
		if r.step == StepVoided {
			r.wish.fate = voided
		}
	}
	for _, block := range c.byBlock() {
		seen := map[wanted]bool{}
		for i, w := range block {
			want := w.wanted()
			switch {
			case i == 0:
				w.fate = represents
			case seen[want]:
				w.fate = repeated
			default:
				w.fate = combined
			}
			seen[want] = true
		}
	}
}

// countRows counts the candidates once it is settled which of them stand. Rows
// that never became candidates are counted where they are read.
func (g *Gathering) countRows() {
	for w := range g.candidates() {
		var n *BatchCount
		if b := w.Origin.Combining; b != nil {
			n = b.Count
		}
		switch {
		case n == nil:
		case w.fate == voided:
			n.Voided++
		case w.fate == replaced:
			n.Replaced++
		case w.Problem != nil && w.Problem.Code == BadRow:
			if n.Bad++; w.fate != stands {
				g.out.badToo = append(g.out.badToo, w)
			}
		case w.fate == stands || w.fate == represents:
			n.Orders++
		case w.fate == combined:
			n.Combined++
		default:
			n.Repeated++
		}
	}
}
