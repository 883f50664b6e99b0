package words

import "testing"

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 12345: "12,345", 999999: "999,999", 1000000: "1,000,000", -7: "-7", -100: "-100", -1000: "-1,000", -123456: "-123,456",
	} {
		if got := Number(n); got != want {
			t.Errorf("%d is written %q, want %q", n, got, want)
		}
	}
}

func TestDecimal(t *testing.T) {
	for f, want := range map[float64]string{0: "0", 8: "8", 0.25: "0.25", 1234.5: "1,234.5", -1234.5: "-1,234.5", 1e6: "1,000,000", 1e21: "1,000,000,000,000,000,000,000"} {
		if got := Decimal(f); got != want {
			t.Errorf("%g is written %q, want %q", f, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 orders", 1: "1 order", 2: "2 orders", 1200: "1,200 orders"} {
		if got := Count(n, "order", "orders"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
