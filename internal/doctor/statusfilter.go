package doctor

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
)

// filterPage is how many orders are asked for by status.
const filterPage = 50

// statusFilter finds out whether the API understands the words that listings
// are filtered by: the cancelled orders' first, which the documents spell in
// two ways, and the most frequent others'.
func (e *examination) statusFilter(ctx context.Context) {
	asked := e.telling()
	if len(asked) == 0 {
		e.untold(StatusFilter, "", "there are no orders")
		return
	}
	const remedy = "Plans look for such orders one by one, at more calls. If it stays so, ask GoDataFeed"
	for _, status := range asked {
		q := e.query
		q.Status = status
		page, err := e.list(ctx, q, 1, filterPage)
		switch {
		case err != nil:
			e.failed(ctx, StatusFilter, err)
			return
		case len(page) == 0:
			e.add(StatusFilter, Warning, fmt.Sprintf("the API lists no %s orders, though there are some", status), remedy)
			return
		case slices.ContainsFunc(page, func(o order.Live) bool { return o.Status != status }):
			e.add(StatusFilter, Warning, fmt.Sprintf("the API lists others where %s orders are asked for", status), remedy)
			return
		}
	}
	words := make([]string, len(asked))
	for i, status := range asked {
		words[i] = string(status)
	}
	e.add(StatusFilter, OK, "works for "+strings.Join(words, " and ")+" orders", "")
}

// telling lists the one or two statuses to ask for.
func (e *examination) telling() []order.Status {
	counts := map[order.Status]int{}
	for i := range e.first {
		if status := e.first[i].Status; status.Known() {
			counts[status]++
		}
	}
	var asked []order.Status
	if counts[order.Cancelled] > 0 {
		asked = append(asked, order.Cancelled)
		delete(counts, order.Cancelled)
	}
	if len(counts) > 0 {
		most := slices.MaxFunc(slices.Sorted(maps.Keys(counts)), func(a, b order.Status) int { return counts[a] - counts[b] })
		asked = append(asked, most)
	}
	return asked
}
