package ordername

import (
	"regexp"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
)

// Name is a word by which somebody named an order, with all that it can mean. The zero
// Name names none.
type Name struct {
	words []string
	key   string // of a tracking number, as they are compared
}

// addressKey is the order's part of an address: batch.NAME["Source/number"].
var addressKey = regexp.MustCompile(`^[a-z_]+(?:\.[^\["]+)?\["(.*)"\]$`)

// Parse lists what people may have meant by a word: the word itself, the name of the
// order in an address, and "Source/number" as addresses have it.
func Parse(word string) Name {
	word = strings.TrimSpace(word)
	words := []string{word}
	key := word
	if m := addressKey.FindStringSubmatch(word); m != nil {
		key = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(m[1])
		words = append(words, key, strings.TrimPrefix(key, "#"))
	}
	if source, number, ok := strings.Cut(key, "/"); ok {
		words = append(words, source+" "+number)
	}
	n := Name{key: carrier.NumberKey(word)}
	for _, w := range words {
		if w != "" && !slices.Contains(n.words, w) {
			n.words = append(n.words, w)
		}
	}
	return n
}

// Words are what the name can mean.
func (n Name) Words() []string { return n.words }

// ID reports whether it is that of an order. IDs differ in case alone.
func (n Name) ID(id string) bool { return id != "" && slices.Contains(n.words, id) }

// Ref reports whether it is the ID of an order, its number at the marketplace, or both
// the marketplace and the number.
func (n Name) Ref(r order.Ref) bool {
	return n.ID(r.ID) || n.Text(r.SourceNumber) || r.SourceNumber != "" && n.Text(r.String())
}

// Text reports whether it is that word, without case: a number of the marketplace or of
// the seller.
func (n Name) Text(number string) bool {
	return number != "" && slices.ContainsFunc(n.words, func(w string) bool { return strings.EqualFold(w, number) })
}

// Tracking reports whether it is that tracking number, as carriers write it.
func (n Name) Tracking(number string) bool {
	return n.Text(number) || number != "" && n.key != "" && carrier.NumberKey(number) == n.key
}

// Values reports whether it is a number of an order that has these values.
func (n Name) Values(v order.Values) bool { return n.Text(v.OrderNumber) || n.Tracking(v.Tracking) }
