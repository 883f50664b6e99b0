package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// Streams keep the random sequences of one seed apart.
const (
	streamOrder  = 1 << 40
	streamMix    = 2 << 40
	streamFeed   = 3 << 40
	streamRows   = 4 << 40
	streamFaults = 5 << 40
	streamTokens = 6 << 40
)

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

// mix is the share of statuses, in twentieths: each run of twenty generated
// orders holds exactly these.
var mix = []struct {
	status   string
	of20     int
	from, to time.Duration // age
}{
	{StatusNew, 9, 90 * time.Minute, 6 * day},
	{StatusProcessing, 4, 4 * hour, 9 * day},
	{StatusShipped, 6, 36 * hour, 25 * day},
	{StatusCanceled, 1, 12 * hour, 25 * day},
}

// generator makes the things of a world. Everything it makes is a function of
// seed, serial and time, so that a world goes on the same way after a restart.
type generator struct{ seed uint64 }

func (g generator) rng(stream, n uint64) *rand.Rand {
	return rand.New(rand.NewPCG(g.seed, stream+n))
}

func generateWorld(seed uint64, orders, feeds int, now time.Time) *world {
	g := generator{seed: seed}
	created := now.Truncate(time.Second)
	w := &world{Version: worldVersion, Seed: seed, Created: created}
	if seed == 0 {
		for _, sample := range Samples() {
			if len(w.Orders) < orders {
				w.Serial++
				w.Orders = append(w.Orders, g.sample(w.Serial, sample, created))
			}
		}
	}
	statuses := g.statuses(orders)
	for _, kind := range statuses[len(w.Orders):] {
		w.Serial++
		m := mix[kind]
		rng := g.rng(streamOrder, w.Serial)
		age := m.from + time.Duration(rng.Int64N(int64(m.to-m.from)))
		w.Orders = append(w.Orders, g.order(rng, w.Serial, m.status, created.Add(-age).Truncate(time.Second), created))
	}
	for n := range feeds {
		w.Feeds = append(w.Feeds, g.feed(n, created))
	}
	return w
}

// statuses deals the mix out over n orders, as indexes into mix.
func (g generator) statuses(n int) []int {
	rng := g.rng(streamMix, 0)
	dealt := make([]int, 0, n+20)
	for len(dealt) < n {
		start := len(dealt)
		for kind, m := range mix {
			for range m.of20 {
				dealt = append(dealt, kind)
			}
		}
		twenty := dealt[start:]
		rng.Shuffle(len(twenty), func(i, j int) { twenty[i], twenty[j] = twenty[j], twenty[i] })
	}
	return dealt[:n]
}

// order makes an order with everything that its status asks for.
func (g generator) order(rng *rand.Rand, serial uint64, status string, created, now time.Time) *order {
	o := &order{ID: identifier(rng), Serial: serial}
	o.Source, o.Number = g.number(rng, serial)
	g.goods(rng, o)
	g.dates(rng, o, created)
	o.Actual = values{Status: status, SourceStatus: status}
	if status == StatusProcessing || status == StatusShipped {
		o.Actual.OrderNumber = fmt.Sprintf("SO-%d", 20000+serial)
	}
	if status == StatusShipped {
		o.Actual.Carrier, o.Actual.Tracking = tracking(rng)
		shipped := created.Add(4*hour + time.Duration(rng.Int64N(int64(28*hour)))).Truncate(time.Second)
		if shipped.After(now) {
			shipped = now
		}
		o.Actual.ShippedAt = shipped
	}
	return o
}

// arrival makes a new order that reached GoDataFeed this second, 15 to 60
// minutes after its marketplace took it: the sync cycle of the documents.
func (g generator) arrival(serial uint64, now time.Time) *order {
	rng := g.rng(streamOrder, serial)
	o := g.order(rng, serial, StatusNew, now, now)
	lag := o.CreatedInDestination.Sub(o.CreatedInSource)
	o.CreatedInDestination = now.Truncate(100 * time.Nanosecond)
	o.CreatedInSource = now.Add(-lag).Truncate(time.Second)
	return o
}

// dates sets the creation dates. The destination's has seven digits of a
// second, as in the reference.
func (g generator) dates(rng *rand.Rand, o *order, created time.Time) {
	o.CreatedInSource = created
	ticks := 1 + rng.Int64N(9_999_998)
	if ticks%10 == 0 {
		ticks++ // a trailing zero would not be written
	}
	lag := 15*time.Minute + time.Duration(rng.Int64N(45*60))*time.Second
	o.CreatedInDestination = created.Add(lag + time.Duration(ticks)*100)
}

// goods fills an order with items whose prices add up.
func (g generator) goods(rng *rand.Rand, o *order) {
	var sum int64
	for _, at := range rng.Perm(len(catalog))[:1+rng.IntN(3)*rng.IntN(2)] {
		p := catalog[at]
		quantity := 1 + rng.IntN(3)*rng.IntN(2)
		o.Items = append(o.Items, item{ID: identifier(rng), SKU: p.sku, Name: p.name, Quantity: quantity, Price: cents(p.cents)})
		sum += p.cents * int64(quantity)
	}
	shipping := []int64{0, 299, 499, 795}[rng.IntN(4)]
	o.SubTotal, o.Shipping, o.GrandTotal = cents(sum), cents(shipping), cents(sum+shipping)
	o.ShippingTax, o.GiftWrap, o.GiftWrapTax = "0", "0", "0"
	o.Service, o.ServiceValue, o.Method = "Standard Ground", "UPS", "Standard"
	if o.Source == "Amazon" {
		o.Method = "MFNStandard"
		o.Prime = rng.IntN(10) == 0
	}
}

// number picks a marketplace and an order number as that marketplace writes it.
func (generator) number(rng *rand.Rand, serial uint64) (source, number string) {
	switch n := rng.IntN(20); {
	case n < 9:
		return "Amazon", fmt.Sprintf("%d-%07d-%07d", 111+rng.IntN(4), rng.IntN(10_000_000), rng.IntN(10_000_000))
	case n < 14:
		return "Walmart", fmt.Sprintf("2000%011d", rng.Int64N(100_000_000_000))
	case n < 18:
		return "eBay", fmt.Sprintf("%02d-%05d-%05d", 1+rng.IntN(27), rng.IntN(100_000), rng.IntN(100_000))
	}
	return "Shopify", strconv.FormatUint(1000+serial, 10)
}

// cents writes an amount the way the API writes numbers: no trailing zeros.
func cents(n int64) amount {
	text := fmt.Sprintf("%d.%02d", n/100, n%100)
	return amount(strings.TrimSuffix(strings.TrimRight(text, "0"), "."))
}

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// identifier is an opaque id as the API's: 32 letters and digits, in which
// case counts.
func identifier(rng *rand.Rand) string {
	b := make([]byte, 32)
	for i := range b {
		b[i] = alphanumeric[rng.IntN(len(alphanumeric))]
	}
	return string(b)
}
