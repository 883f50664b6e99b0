package plan_test

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

const benchOrders = 10_000

// tenThousand is an account with as many open orders, all wished to be shipped.
func tenThousand(b testing.TB) (*script, []spec.Wish) {
	b.Helper()
	a := mainAccount()
	a.PageSize = 250
	var wishes []spec.Wish
	for i := range benchOrders {
		w := want(a, byNumber(i), order.Values{Status: order.Shipped, OrderNumber: sprintf("O%d", i), Tracking: sprintf("1Z999AA1%010d", i), Carrier: "UPS"})
		wishes = append(wishes, w)
	}
	return &script{orders: lives(benchOrders)}, wishes
}

func BenchmarkRead(b *testing.B) {
	api, wishes := tenThousand(b)
	req := reading(api, wishes, stateOf(b))
	b.ReportAllocs()
	for b.Loop() {
		api.calls = nil
		if _, err := plan.Read(context.Background(), req); err != nil {
			b.Fatal(err)
		}
	}
	perOrder(b)
}

func BenchmarkBuild(b *testing.B) {
	api, wishes := tenThousand(b)
	in := input(b, api, wishes, stateOf(b))
	for name, rules := range map[string][]string{"plain": nil, "rule": {`condition = contains(["UPS"], change.after.carrier)`}} {
		b.Run(name, func(b *testing.B) {
			in.Policy = policyOf(b, rules...)
			b.ReportAllocs()
			for b.Loop() {
				if p, diags := plan.Build(in); diags.HasErrors() || len(p.Changes) != benchOrders {
					b.Fatal(diags)
				}
			}
			perOrder(b)
		})
	}
}

func BenchmarkPlanFile(b *testing.B) {
	api, wishes := tenThousand(b)
	p := mustBuild(b, input(b, api, wishes, stateOf(b)))
	content, _ := encoded(b, p)
	b.Run("encode", func(b *testing.B) {
		b.SetBytes(int64(len(content)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.Encode(io.Discard); err != nil {
				b.Fatal(err)
			}
		}
		perOrder(b)
	})
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(content)))
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := plan.Decode(bytes.NewReader(content)); err != nil {
				b.Fatal(err)
			}
		}
		perOrder(b)
	})
}

func perOrder(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchOrders, "ns/order")
}
