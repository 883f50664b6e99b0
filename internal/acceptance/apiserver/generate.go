package apiserver

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// BuyerMarks are pieces of text of which at least one is in every value of
// every generated buyer, and which stand nowhere else.
var BuyerMarks = []string{
	"Zyxelda", "Quorvath", "Plumbago", "Wexcombe", "ZQ94XPOST", "buyers.example", "+1-555-0142", "Brindlecorp", "usr~", "pay~",
}

func buyer(n int) Buyer {
	return Buyer{
		FirstName: fmt.Sprintf("Zyxelda%d", n), LastName: fmt.Sprintf("Quorvath%d", n), Company: fmt.Sprintf("Brindlecorp %d", n),
		Street: fmt.Sprintf("%d Plumbago Crescent", n), City: "Wexcombe", PostalCode: fmt.Sprintf("ZQ94XPOST%d", n),
		Email: fmt.Sprintf("zyx%d@buyers.example", n), Phone: fmt.Sprintf("+1-555-0142-%04d", n),
		UserID: fmt.Sprintf("usr~%d", n), Payment: fmt.Sprintf("pay~%d", n),
	}
}

// Generate makes n orders in these states, taken in turn, placed over the last
// twenty days, the first one longest ago. The same seed makes the same orders,
// except for the time.
func Generate(seed uint64, n int, statuses ...string) []Order {
	random := rand.New(rand.NewPCG(seed, 1))
	start := time.Now().UTC().Add(-20 * 24 * time.Hour).Truncate(time.Second)
	step := 19 * 24 * time.Hour / time.Duration(max(n, 1))
	orders := make([]Order, n)
	for i := range orders {
		o := Order{
			ID: identifier(random, i), Source: []string{"Amazon", "Walmart.com", "eBay"}[i%3],
			SourceNumber: fmt.Sprintf("%03d-%07d-%07d", 100+i%800, random.IntN(1e7), i),
			Created:      start.Add(time.Duration(i) * step).Truncate(time.Second), Buyer: buyer(i),
			Values: Values{Status: statuses[i%len(statuses)]},
		}
		switch o.SourceStatus = o.Status; o.Status {
		case Processing:
			if i%2 == 0 {
				o.Number = fmt.Sprintf("S%06d", i)
			}
		case Shipped:
			o.Number, o.Carrier, o.ShippedAt = fmt.Sprintf("S%06d", i), "UPS", o.Created.Add(26*time.Hour)
			o.Tracking = fmt.Sprintf("1Z999AA1%08d", i)
		}
		orders[i] = o
	}
	return orders
}

// identifier is opaque and case-sensitive, and now and then holds what means
// something in a path.
func identifier(random *rand.Rand, i int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	id := make([]byte, 26)
	for k := range id {
		id[k] = letters[random.IntN(len(letters))]
	}
	odd := ""
	if i%37 == 5 {
		odd = []string{"/../x", "a+b=", "%2e%2e", "?q=1&", "x#y z"}[i/37%5]
	}
	return fmt.Sprintf("%s%s%06d", id, odd, i)
}
