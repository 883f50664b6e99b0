package rules_test

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/rules"
)

// A cell is looked at while its row is read: a table has a million of them.
func BenchmarkDamaged(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, damaged := rules.Damaged("1Z999AA10123456784", "Tracking Number"); damaged {
			b.Fatal("damaged")
		}
	}
}

func BenchmarkCheckNumber(b *testing.B) {
	n := rules.Number{Tracking: "1Z999AA10123456784", Carrier: "UPS Ground", Source: "Amazon"}
	b.ReportAllocs()
	for b.Loop() {
		rules.CheckNumber(n)
	}
}
