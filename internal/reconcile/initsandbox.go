package reconcile

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// mostSeeded is how many orders of an export the simulator gets.
const mostSeeded = 20_000

// seed gives a new simulator the orders of the export, as they were before they left.
// The simulator's own orders are none of them, so that a plan would find nothing.
func (i *initFrom) seed(cfg *spec.Config, wishes *spec.Wishes) error {
	s, err := sandbox.New(sandbox.Options{ConsumerKey: InsideKey, File: filepath.Join(i.req.dir(), hiddenFolder, "sandbox.json"), Now: i.Now, Burst: -1, Orders: -1})
	if err != nil {
		return fmt.Errorf("the simulator can't be opened: %w", err)
	}
	seeded, there := 0, map[spec.Find]bool{}
	for _, w := range wishes.Orders { // also of rows that can't be used yet: they are corrected, and planned then
		if w.Find.Number == "" || there[w.Find] || seeded == mostSeeded {
			continue
		}
		there[w.Find] = true
		n := sandbox.NewOrder{
			Source: cmp.Or(w.Find.Source, marketplaceOf(w.Find.Number)), Number: w.Find.Number, Status: sandbox.StatusNew, CreatedInSource: i.placed(w, cfg.Accounts[0]),
		}
		if w.Problem != nil || w.Want.Status == order.Shipped {
			n.Status, n.OrderNumber = sandbox.StatusProcessing, fmt.Sprintf("SO-%d", 10001+seeded)
		}
		if _, err := s.AddOrder(n); err != nil {
			return fmt.Errorf("the simulator can't take the orders of the export: %w", err)
		}
		seeded++
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("the simulator can't be saved: %w", err)
	}
	i.r.Next = append(i.r.Next, "The simulator has the orders of the export, as if they had not left yet. For the real ones, remove endpoint in main.hcl and set GDF_CONSUMER_KEY: a plan changes nothing")
	return nil
}

// placed is when an order was placed: before it left, and in the lookback if that can be.
func (i *initFrom) placed(w *spec.Wish, a *spec.Account) time.Time {
	const before, margin = 24 * time.Hour, time.Hour
	now := i.Now()
	placed := now.Add(-2 * before)
	if left := w.Want.ShippedAt; !left.IsZero() && left.Add(-before).Before(placed) {
		placed = left.Add(-before)
	}
	if w.ShippedOn != 0 && a.Timezone != nil {
		if left := w.ShippedOn.Start(a.Timezone); left.Add(-before).Before(placed) {
			placed = left.Add(-before)
		}
	}
	if oldest := now.Add(-a.Lookback + margin); placed.Before(oldest) || w.Problem != nil { // it may be the day that can't be read
		placed = oldest
	}
	return placed
}

var (
	amazonNumber  = regexp.MustCompile(`^[0-9]{3}-[0-9]{7}-[0-9]{7}$`)
	ebayNumber    = regexp.MustCompile(`^[0-9]{2}-[0-9]{5}-[0-9]{5}$`)
	walmartNumber = regexp.MustCompile(`^[0-9]{13,16}$`)
)

// marketplaceOf is the marketplace whose numbers look like that, for the simulator.
func marketplaceOf(number string) string {
	switch {
	case amazonNumber.MatchString(number):
		return "Amazon"
	case ebayNumber.MatchString(number):
		return "eBay"
	case walmartNumber.MatchString(number):
		return "Walmart"
	}
	return "Shopify"
}
