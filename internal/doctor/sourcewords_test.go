package doctor

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/order"
)

// Words of marketplaces that gdfctl does not know are shown with how often they were
// seen, a few of them, and nothing that does not look like one.
func TestSourceWords(t *testing.T) {
	for name, c := range map[string]struct {
		words  []string // of the first orders
		result Result
		found  string
	}{
		"none":                             {nil, OK, "the marketplaces give none"},
		"known":                            {[]string{"Shipped", "partially_shipped"}, OK, "all that were seen are known"},
		"unknown":                          {[]string{"Shipped", "Refund Issued", "refund issued", "On-Hold"}, NotKnown, `words that gdfctl does not know: "refund issued" on Amazon (2 orders), "on-hold" on Amazon (1 order)`},
		"other texts":                      {[]string{"zoe@example.com", "12 High Street", "\x1b[2J", "a b c d e", strings.Repeat("x", 41)}, NotKnown, "words that gdfctl does not know: another text on Amazon (5 orders)"},
		"many of them":                     {[]string{"a", "b", "c", "d", "e", "f", "g"}, NotKnown, `words that gdfctl does not know: "a" on Amazon (1 order), "b" on Amazon (1 order), "c" on Amazon (1 order), "d" on Amazon (1 order), "e" on Amazon (1 order), and 2 more`},
		"one order, seen by several calls": {[]string{"Odd"}, NotKnown, `words that gdfctl does not know: "odd" on Amazon (1 order)`},
	} {
		t.Run(name, func(t *testing.T) {
			w := &world{orders: some(60), filter: memory.DateCreatedInSource}
			for i := range w.orders {
				w.orders[i].Source = "Amazon"
			}
			for i, word := range c.words {
				w.orders[i].SourceStatus, w.orders[i].SourceWord = order.ParseSourceStatus(word)
			}
			if f := examined(t, w, memory.LearnedAccount{}).finding(SourceWords); f.Result != c.result || f.Found != c.found || (f.Remedy != "") != (c.result == NotKnown) {
				t.Errorf("%+v", f)
			}
		})
	}
	if f := examined(t, &world{}, memory.LearnedAccount{}).finding(SourceWords); f.Result != NotKnown || f.Found != "there are no orders" {
		t.Errorf("without orders: %+v", f)
	}
	long := &world{orders: some(1)}
	long.orders[0].Source, long.orders[0].SourceStatus = strings.Repeat("é", 100), "unknown:odd"
	if f := examined(t, long, memory.LearnedAccount{}).finding(SourceWords); f.Found != fmt.Sprintf(`words that gdfctl does not know: "odd" on %s (1 order)`, strings.Repeat("é", 40)) {
		t.Errorf("a long name: %+v", f)
	}
}
