package doctor

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/words"
)

// mostWords is how many of the words are shown.
const mostWords = 5

// likeAWord is what words for the state of an order look like. Nothing else is shown of
// a text that anybody may have written.
var likeAWord = regexp.MustCompile(`^[A-Za-z]+(?:[ _-][A-Za-z]+){0,3}$`)

// list lists a page, and remembers what its orders' marketplaces say of them.
func (e *examination) list(ctx context.Context, q godatafeed.OrderQuery, page, size int) ([]order.Live, error) {
	listed, err := e.api.ListOrders(ctx, q, page, size)
	for i := range listed {
		o := &listed[i]
		if e.words == nil {
			e.words = map[string]sourceWord{}
		}
		e.words[o.ID] = sourceWord{o.Source, o.SourceStatus}
	}
	return listed, err
}

// sourceWord is a marketplace's own word for the state of an order.
type sourceWord struct {
	source string
	status order.Status
}

// sourceWords tells which words of marketplaces gdfctl does not know, among those that
// the calls for other checks showed: they confirm nothing.
func (e *examination) sourceWords() {
	if len(e.words) == 0 {
		if e.ended == nil {
			e.untold(SourceWords, "", "there are no orders")
		}
		return
	}
	counts := map[sourceWord]int{}
	said := 0
	for _, w := range e.words {
		if w.status != "" {
			said++
		}
		if raw, unknown := w.status.Unknown(); unknown {
			counts[w.shown(raw)]++
		}
	}
	switch {
	case said == 0:
		e.add(SourceWords, OK, "the marketplaces give none", "")
		return
	case len(counts) == 0:
		e.add(SourceWords, OK, "all that were seen are known", "")
		return
	}
	most := slices.SortedFunc(maps.Keys(counts), func(a, b sourceWord) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a.source, b.source), cmp.Compare(a.status, b.status))
	})
	var shown []string
	for _, w := range most[:min(len(most), mostWords)] {
		shown = append(shown, fmt.Sprintf("%s on %s (%s)", w.status, w.source, words.Count(counts[w], "order", "orders")))
	}
	if more := len(most) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("and %d more", more))
	}
	e.add(SourceWords, NotKnown, "words that gdfctl does not know: "+strings.Join(shown, ", "),
		"Such a word confirms no change. If a marketplace has no others, write confirms = false in its source block")
}

// shown is the word as it may be shown, one spelling for all that differ in case only.
func (w sourceWord) shown(raw string) sourceWord {
	const longest = 40
	raw = strings.ToLower(strings.TrimSpace(raw))
	if !likeAWord.MatchString(raw) || len(raw) > longest {
		raw = "another text"
	} else {
		raw = fmt.Sprintf("%q", raw)
	}
	source := []rune(w.source)
	return sourceWord{string(source[:min(len(source), longest)]), order.Status(raw)}
}
