package carrier_test

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

// A number is compared with all forms in far less than a microsecond, without
// taking memory: a table has a million.
func BenchmarkNumbers(b *testing.B) {
	numbers := valid(b)
	c, _ := carrier.Find("UPS")
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		n := numbers[i%len(numbers)]
		i++
		if carrier.Detect(n) == 0 {
			b.Fatalf("%q fits nobody", n)
		}
		c.Fit(n)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "numbers/s")
}

func BenchmarkFind(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := carrier.Find("UPS® 2nd Day Air"); !ok {
			b.Fatal("not found")
		}
	}
}

func TestNumbersTakeNoMemory(t *testing.T) {
	numbers := valid(t)
	c, _ := carrier.Find("UPS")
	if n := testing.AllocsPerRun(10, func() {
		for _, n := range numbers {
			carrier.Detect(n)
			carrier.Distinctive(n)
			c.Fit(n)
		}
		carrier.Find("USPS Priority Mail")
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkSplit(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if carrier.Split("1Z999AA10123456784") != nil {
			b.Fatal("divided")
		}
	}
}
