package state

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
)

// manyOrders is a state as a shop in its busiest week leaves it.
func manyOrders(n int) *State {
	s := newState(&closedOrders{})
	s.lineage = "0f8fad5b-d9cb-469f-a165-70867728950e"
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for i := range n {
		values := order.Values{
			Status: order.Shipped, OrderNumber: fmt.Sprintf("O%06d", i), Tracking: fmt.Sprintf("1Z999AA1%010d", i),
			Carrier: "UPS", ShippedAt: at,
		}
		k := Key{"https://api.godatafeed.com", "main", fmt.Sprintf("tHbuSCBLMHNXP0VIYiycum%010d", i)}
		s.putLocked(&Entry{
			Key: k, Ref: order.Ref{ID: k.ID, Source: "Amazon", SourceNumber: fmt.Sprintf("112-%07d-1234567", i)}, Created: at,
			Applied:  &Applied{Action: order.Ship, Values: values, At: at, RunID: "2026-11-22T12:00:00Z-1a2b3c", Seq: uint64(i), Attempt: 1},
			Observed: &Observed{Values: values, SourceStatus: order.Shipped, At: at},
		})
	}
	return s
}

func BenchmarkStateFile100k(b *testing.B) {
	s := manyOrders(100_000)
	var data bytes.Buffer
	b.Run("encode", func(b *testing.B) {
		for b.Loop() {
			data.Reset()
			if _, err := s.encodeStateLocked(&data, "0.1.0"); err != nil {
				b.Fatal(err)
			}
		}
		b.SetBytes(int64(data.Len()))
	})
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(data.Len()))
		for b.Loop() {
			if _, err := decoded(data.Bytes()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkJournal makes calls durable, intent and outcome, on a real disk:
// one after the other, and many at once, which share syncs.
func BenchmarkJournal(b *testing.B) {
	for _, callers := range []int{1, 50} {
		b.Run(fmt.Sprintf("%d-at-once", callers), func(b *testing.B) {
			x := mustLock(b, newTestStore(b.TempDir(), disk.OS{}))
			must(b, x.Begin(Run{ID: "run-1", PlanHash: "p1", Command: "apply"}))
			var begun atomic.Int64
			var wg sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			for range callers {
				wg.Go(func() {
					for n := int(begun.Add(1)); n <= b.N; n = int(begun.Add(1)) {
						applied(b, x, n)
					}
				})
			}
			wg.Wait()
			must(b, x.Close())
		})
	}
}
