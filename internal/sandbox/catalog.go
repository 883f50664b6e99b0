package sandbox

import (
	"fmt"
	"math/rand/v2"
)

// product is something that is sold in the world.
type product struct {
	sku, name, brand string
	cents            int64
}

// catalog has the awkward names of real ones: commas, quotes, ampersands and
// letters beyond ASCII.
var catalog = []product{
	{"TEE-BLK-M", "Crew Neck T-Shirt, Black, M", "Harbour & Pine", 1499},
	{"TEE-WHT-L", "Crew Neck T-Shirt, White, L", "Harbour & Pine", 1499},
	{"MUG-11OZ", `Stoneware Mug "Morning", 11 oz`, "Kiln", 999},
	{"SOCK-3PK", "Wool Socks, 3 Pairs", "Harbour & Pine", 2250},
	{"LAMP-DSK", "Desk Lamp with USB Port", "Lumen", 3895},
	{"BTL-750", "Water Bottle 750 ml", "Trailhead", 1875},
	{"BAG-TOTE", "Canvas Tote Bag", "Harbour & Pine", 1200},
	{"CAFE-PRS", "Café Press, 8 Cups", "Kiln", 2999},
	{"YOGA-6MM", "Yoga Mat, 6 mm", "Trailhead", 2495},
	{"LUG-CAB", "Cabin Suitcase & Cover", "Trailhead", 8950},
	{"PEN-SET5", "Gel Pens, Set of 5", "Inkwell", 649},
	{"NOTE-A5", "Notebook A5, Dotted", "Inkwell", 1125},
	{"CBL-USBC", "USB-C Cable, 2 m", "Lumen", 899},
	{"CASE-P8", "Phone Case, Clear", "Lumen", 1299},
	{"KNF-CHEF", `Chef's Knife, 8"`, "Kiln", 4499},
	{"TOY-BLK", "Wooden Blocks, 40 Pieces", "Oak & Owl", 2799},
	{"PZL-1000", "Jigsaw Puzzle, 1000 Pieces", "Oak & Owl", 1799},
	{"HAT-KNIT", "Knit Hat", "Harbour & Pine", 1650},
	{"BELT-LTR", "Leather Belt", "Harbour & Pine", 2975},
	{"CNDL-VAN", "Candle, Vanilla", "Kiln", 1350},
}

// tracking makes a number whose format and check digit its carrier accepts.
func tracking(rng *rand.Rand) (carrier, number string) {
	switch rng.IntN(3) {
	case 0:
		return "UPS", ups(fmt.Sprintf("999AA1%010d", rng.Int64N(10_000_000_000))[:15])
	case 1:
		return "USPS", usps(fmt.Sprintf("9400%017d", rng.Int64N(100_000_000_000_000_000)))
	}
	return "FedEx", fedEx(fmt.Sprintf("%011d", rng.Int64N(100_000_000_000)))
}

// ups completes a 1Z number: letters count as digits from A = 2 on, every
// second place twice, and the sum comes to a multiple of ten.
func ups(body string) string {
	sum := 0
	for i, c := range []byte(body) {
		n := int(c - '0')
		if c >= 'A' {
			n = int(c-'A'+2) % 10
		}
		sum += n * (1 + i%2)
	}
	return fmt.Sprintf("1Z%s%d", body, (10-sum%10)%10)
}

// usps completes a 22-digit number: weights 3 and 1 from the right, modulo ten.
func usps(body string) string {
	sum := 0
	for i := range body {
		n := int(body[len(body)-1-i] - '0')
		sum += n * (3 - i%2*2)
	}
	return fmt.Sprintf("%s%d", body, (10-sum%10)%10)
}

// fedEx completes a 12-digit number: weights 1, 3, 7 from the right, modulo
// eleven, then ten.
func fedEx(body string) string {
	sum := 0
	for i := range body {
		sum += int(body[len(body)-1-i]-'0') * []int{1, 3, 7}[i%3]
	}
	return fmt.Sprintf("%s%d", body, sum%11%10)
}
