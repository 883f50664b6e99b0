package quantity

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

func TestOf(t *testing.T) {
	for n, want := range map[int]string{0: "0 orders", 1: "1 order", 2: "2 orders", 1200: "1,200 orders"} {
		if got := Of(n, "order", "orders"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
