package markdown

import (
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/view/samples"
)

// The result of an apply says of each change that did not end well what to do, and
// the parcel that must be pulled comes first of its kind.
func TestTheDrawnResult(t *testing.T) {
	item := func(source, number string, result apply.ItemResult, message string, line int) apply.Item {
		return apply.Item{Order: order.Ref{Source: source, SourceNumber: number}, Action: order.Ship, Result: result, Message: message, DefinedAt: spec.Place{File: "shipments/2026-11-27.csv", Line: line}}
	}
	r := report.NewApply(report.Applied{
		RunID: "20261128T070012Z-a69ab2c9", Reviewed: []report.ReviewedPlan{report.NewReviewedPlan("37637a124fb3aaaaaaaa", "", "#17", &provenance.Review{Author: "ann", Approvers: []string{"carol"}})}, AuditHash: strings.Repeat("5e", 32), AuditLine: 1204, ExitCode: 3,
		NextStep: "Run gdfctl plan to see what is left.",
		Result: &apply.Result{
			Calls: 545, Rereads: 6, Counts: map[apply.ItemResult]int{apply.Applied: 541, apply.Unknown: 1, apply.HeldBack: 2, apply.NotReviewed: 1, apply.Skipped: 1},
			Items: []apply.Item{
				item("Amazon", "113-0000001", apply.Skipped, "shipped since the plan with 1Z999AA10000000077", 3),
				item("Walmart", "200010203040506", apply.HeldBack, "no_weekend: ships on a Saturday", 45),
				item("Amazon", "113-2223334-4445556", apply.HeldBack, "canceled in the meantime: PULL PARCEL 1Z999AA10000000051", 17),
				item("eBay", "06-10001-2000", apply.Unknown, "the connection was closed before the answer", 512),
				item("eBay", "06-10001-2001", apply.NotReviewed, "planned after the review", 513),
			},
		},
	})
	r.Mark, r.Review = "<!-- gdfctl:apply shop -->", samples.Day().Review
	var out strings.Builder
	if err := Apply(&out, r); err != nil {
		t.Fatal(err)
	}
	golden(t, "apply", out.String())
}
