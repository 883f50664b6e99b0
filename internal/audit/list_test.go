package audit

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
)

// What the sieve passes by, no filter chooses.
func TestTheSievePassesWhatIsChosen(t *testing.T) {
	name := rapid.StringMatching(`[ aAkKsS1#"<\\Kſé_-]{0,4}`)
	rapid.Check(t, func(t *rapid.T) {
		r := Entry{
			Order:  &Order{Ref: order.Ref{ID: name.Draw(t, "id"), Source: name.Draw(t, "source"), SourceNumber: name.Draw(t, "number")}, OrderNumber: name.Draw(t, "own")},
			Before: &order.Values{Tracking: name.Draw(t, "before")}, After: &order.Values{Tracking: name.Draw(t, "after")},
		}
		for _, own := range append(r.names(), name.Draw(t, "another")) {
			filter := Filter{Any: rapid.SampledFrom([]string{own, strings.ToUpper(own), strings.ToLower(own)}).Draw(t, "asked for")}
			line, _, err := Head{}.chain(r)
			if err != nil {
				t.Fatal(err)
			}
			sieve := sieve{mark: filter.mark()}
			if filter.chooses(&r) && !sieve.mayHold(line) {
				t.Fatalf("%q is not found in %s", filter.Any, line)
			}
		}
	})
}

func TestParseAuditHead(t *testing.T) {
	hash := strings.Repeat("ab", 32)
	if h, err := ParseHead(" " + strings.ToUpper(hash) + "@12\n"); err != nil || h != (Head{Hash: hash, Lines: 12}) {
		t.Errorf("%+v, %v", h, err)
	}
	for _, s := range []string{"", "@", hash, hash + "@", hash + "@0", hash + "@x", hash[2:] + "@1", strings.Repeat("xy", 32) + "@1"} {
		if h, err := ParseHead(s); err == nil {
			t.Errorf("%q: %+v", s, h)
		}
	}
}
