package spec

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/order"
)

func TestFindMatches(t *testing.T) {
	ref := order.Ref{ID: "id-1", Source: "Amazon", SourceNumber: "112-1 "}
	for _, f := range []Find{{ID: "id-1"}, {Source: "amazon", Number: "112-1"}, {Number: " 112-1"}, {OrderNumber: "SO-1"}} {
		if !f.Matches(ref, "SO-1") {
			t.Errorf("%+v does not match %+v", f, ref)
		}
	}
	for _, f := range []Find{{}, {ID: "id-2"}, {Source: "eBay", Number: "112-1"}, {Number: "112-2"}, {OrderNumber: "112-1"}, {ID: "112-1"}} {
		if f.Matches(ref, "SO-1") {
			t.Errorf("%+v matches %+v", f, ref)
		}
	}
	if (Find{}).Matches(order.Ref{}, "") {
		t.Error("a find that names no order matches")
	}
}

func TestReleaseCovers(t *testing.T) {
	r := Release{Account: &Account{Name: "main"}, Find: Find{Number: "112-1"}}
	live := order.Ref{ID: "id-1", Source: "Amazon", SourceNumber: "112-1"}
	if !r.Covers("main", live, "") {
		t.Error("the order is not covered")
	}
	if r.Covers("other", live, "") {
		t.Error("the order of another account is covered")
	}
}
