package sandbox

import (
	"math"
	"math/big"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestSameSeedSameWorld(t *testing.T) {
	one, two := generateWorld(5, 60, 9, start), generateWorld(5, 60, 9, start)
	if diff := cmp.Diff(one, two, cmp.AllowUnexported(order{})); diff != "" {
		t.Errorf("the same seed gives (-one +two):\n%s", diff)
	}
	later := generateWorld(5, 60, 9, start.Add(time.Hour))
	for i, o := range later.Orders {
		if o.ID != one.Orders[i].ID || !o.CreatedInSource.Equal(one.Orders[i].CreatedInSource.Add(time.Hour)) {
			t.Fatalf("order %d is not the same relative to now", i)
		}
	}
	if other := generateWorld(6, 60, 9, start); cmp.Equal(one.Orders[0], other.Orders[0]) {
		t.Error("two seeds give the same order")
	}
}

func TestSamplesOpenTheWorldOfSeedZero(t *testing.T) {
	a := inProcess(t, Options{})
	truth := a.s.Truth()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range Samples() {
		want := OrderTruth{
			ID: s.ID, Source: s.Source, Number: s.Number, Status: s.Status, SourceStatus: s.Status, OrderNumber: s.OrderNumber,
			CreatedInSource: start.Add(-s.Age), Shown: true,
		}
		if diff := cmp.Diff(want, truth.Orders[i], cmpopts.IgnoreFields(OrderTruth{}, "CreatedInDestination")); diff != "" {
			t.Errorf("sample %d (-want +got):\n%s", i, diff)
		}
		row := regexp.MustCompile(s.Source + ` +` + s.Number + ` +` + s.Status + ` +` + s.OrderNumber + ` +` + strings.TrimSuffix(s.Age.String(), "h0m0s") + ` h\n`)
		if !row.Match(doc) {
			t.Errorf("doc.go does not show sample %s %s", s.Source, s.Number)
		}
		if len(s.ID) != 32 {
			t.Errorf("the id of sample %d has %d characters", i, len(s.ID))
		}
	}
}

func TestWorldLooksReal(t *testing.T) {
	const n = 2000
	w := generateWorld(1, n, 6, start)
	patterns := map[string]string{
		"Amazon": `^\d{3}-\d{7}-\d{7}$`, "Walmart": `^\d{15}$`, "eBay": `^\d{2}-\d{5}-\d{5}$`, "Shopify": `^\d{4,}$`,
	}
	statuses, sources, ids, numbers := map[string]int{}, map[string]int{}, map[string]bool{}, map[string]bool{}
	for _, o := range w.Orders {
		statuses[o.Actual.Status]++
		sources[o.Source]++
		ids[o.ID] = true
		numbers[numberKey(o)] = true
		if !regexp.MustCompile(`^[A-Za-z0-9]{32}$`).MatchString(o.ID) {
			t.Errorf("id %q", o.ID)
		}
		if !regexp.MustCompile(patterns[o.Source]).MatchString(o.Number) {
			t.Errorf("%s number %q", o.Source, o.Number)
		}
		if age := start.Sub(o.CreatedInSource); age < time.Hour || age > 25*day+time.Second {
			t.Errorf("order of %s ago", age)
		}
		if lag := o.CreatedInDestination.Sub(o.CreatedInSource); lag < 15*time.Minute || lag > time.Hour+time.Second || o.CreatedInDestination.After(start) {
			t.Errorf("%s from source to destination", lag)
		}
		sum := new(big.Rat)
		for _, it := range o.Items {
			sum.Add(sum, new(big.Rat).Mul(rat(t, it.Price), big.NewRat(int64(it.Quantity), 1)))
		}
		if sum.Cmp(rat(t, o.SubTotal)) != 0 || sum.Add(sum, rat(t, o.Shipping)).Cmp(rat(t, o.GrandTotal)) != 0 {
			t.Errorf("the amounts of %s don't add up", o.ID)
		}
		shipped := o.Actual.Status == StatusShipped
		if (o.Actual.Tracking != "") != shipped || o.Actual.ShippedAt.IsZero() == shipped || o.Actual.ShippedAt.After(start) {
			t.Errorf("%s order: %+v", o.Actual.Status, o.Actual)
		}
	}
	if len(ids) != n || len(numbers) != n {
		t.Errorf("%d ids and %d numbers in %d orders", len(ids), len(numbers), n)
	}
	if diff := cmp.Diff(map[string]int{StatusNew: 900, StatusProcessing: 400, StatusShipped: 600, StatusCanceled: 100}, statuses); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	for source := range patterns {
		if sources[source] < n/20 {
			t.Errorf("%d orders of %s", sources[source], source)
		}
	}
}

func TestTrackingNumbersCarryTheirCheckDigit(t *testing.T) {
	for got, want := range map[string]string{
		ups("999AA1012345678"):        "1Z999AA10123456784",
		usps("940011189922381821840"): "9400111899223818218407",
		fedEx("98657878885"):          "986578788855",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestIndexAgainstAScan(t *testing.T) {
	a := inProcess(t, Options{Seed: 2, Orders: 300})
	for i, o := range a.s.world.Orders {
		if i%3 == 0 {
			if err := a.s.Drift(Drift{Order: o.ID, Status: new([]string{"New", "shipped", "CANCELLED", "OnHold"}[i%4])}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, status := range []string{"", StatusNew, StatusProcessing, StatusShipped, StatusCanceled, "OnHold"} {
		for d := range 26 {
			from, to := start.Add(-time.Duration(d)*day), start.Add(-time.Duration(d/2)*day)
			want := 0
			for _, o := range a.s.world.Orders {
				if (status == "" || o.Actual.Status == status) && !o.CreatedInSource.Before(from) && !o.CreatedInSource.After(to) {
					want++
				}
			}
			if got := len(a.s.index.between(from, to, status)); got != want {
				t.Errorf("%s from %s to %s: %d orders, want %d", status, from, to, got, want)
			}
		}
	}
}

func rat(t *testing.T, a amount) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(string(a))
	if !ok {
		t.Fatalf("amount %q", a)
	}
	if f, _ := r.Float64(); math.IsNaN(f) {
		t.Fatalf("amount %q", a)
	}
	return r
}

// The calls of a world of 100,000 orders: a page far down, and two writes that
// move an order between statuses.
func BenchmarkLargeWorld(b *testing.B) {
	s, err := New(Options{Orders: 100_000, Burst: -1})
	if err != nil {
		b.Fatal(err)
	}
	id := s.world.Orders[0].ID
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			s.listOrders(call{query: map[string][]string{
				"page": {"900"}, "pagesize": {"100"}, "fromdate": {"2000-01-01T00:00:00"}, "todate": {"2100-01-01T00:00:00"},
			}}, s.now())
		}
	})
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			s.receive(Write{Order: id, Op: OpAcknowledge, ReceivedAt: s.now(), OrderNumber: "1"}, nil)
			s.receive(Write{Order: id, Op: OpUpdateStatus, ReceivedAt: s.now(), Status: "SHIPPED"}, nil)
		}
	})
}
