package doctor

import (
	"context"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/listing"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/words"
)

// largePage is the page that is asked for. The documents name no largest one.
const largePage = 1000

// orders counts and lists the lookback, as far as page 1. It reports whether
// there is something to look at.
func (e *examination) orders(ctx context.Context) bool {
	now := e.now()
	e.query = godatafeed.OrderQuery{From: now.Add(-e.Account.Lookback), To: now}
	var err error
	if e.counted, err = e.api.CountOrders(ctx, e.query); err != nil {
		goesOn := e.failed(ctx, Orders, err)
		if goesOn && !e.hasKey() {
			e.tokenTaken()
		}
		return false
	}
	if !e.hasKey() {
		e.tokenTaken()
	}
	if e.first, err = e.list(ctx, e.query, 1, largePage); err != nil {
		e.failed(ctx, Orders, err)
		return false
	}
	e.add(Orders, OK, fmt.Sprintf("%s in the last %s", words.Number(e.counted), words.Duration(e.Account.Lookback)), "")
	return true
}

func (e *examination) tokenTaken() {
	e.reached()
	e.add(Credentials, OK, "the API takes the token; one that expires has to be replaced by hand", "")
}

// pages finds the cap of pages: a first page that is smaller than was asked
// for is capped only if the second one goes on.
func (e *examination) pages(ctx context.Context) {
	shown := len(e.first)
	e.full = largePage
	if shown >= e.counted {
		if !e.uncapped() {
			before := ""
			if e.Known.PageCap > 0 {
				before = capped(e.Known.PageCap)
			}
			e.untold(Pages, before, fmt.Sprintf("all orders of the lookback, %d, are on one page", shown))
		}
		return
	}
	page, err := e.list(ctx, e.query, 2, largePage)
	if err != nil {
		e.failed(ctx, Pages, err)
		return
	}
	pager := listing.NewPager(largePage, e.counted, func(live *order.Live) string { return live.ID })
	pager.Take(1, e.first)
	for _, live := range pager.Take(2, page) {
		e.second = append(e.second, *live)
	}
	const remedy = "Plans read such orders one by one where they know their IDs, and end where they don't. If it stays so, ask GoDataFeed"
	switch {
	case len(e.second) == 0 && len(page) > 0:
		e.add(Pages, Warning, fmt.Sprintf("page 2 repeats page 1: only %s of %s can be listed", words.Number(shown), words.Count(e.counted, "order", "orders")), remedy)
	case len(e.second) == 0:
		e.add(Pages, Warning, fmt.Sprintf("the API counts %s and lists %s", words.Count(e.counted, "order", "orders"), words.Number(shown)), remedy)
	case pager.Cap() > 0:
		e.full = pager.Cap()
		e.facts.pageCap = &e.full
		e.add(Pages, OK, capped(e.full), "")
	case !e.uncapped():
		e.add(Pages, OK, fmt.Sprintf("%d orders at least", largePage), "")
	}
}

func capped(size int) string { return fmt.Sprintf("%d orders at most, whatever is asked for", size) }

// uncapped takes note of a page that is larger than the largest one that was
// known before.
func (e *examination) uncapped() bool {
	if e.Known.PageCap == 0 || len(e.first) <= e.Known.PageCap {
		return false
	}
	e.facts.pageCap = new(int)
	e.add(Pages, OK, fmt.Sprintf("%d orders at least; it was %d at most before", len(e.first), e.Known.PageCap), "")
	return true
}
