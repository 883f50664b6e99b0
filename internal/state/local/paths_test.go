package local

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPathsFor(t *testing.T) {
	for _, test := range []struct{ state, closed, audit, head, feeds string }{
		{"gdfctl.state.json", "gdfctl.closed.jsonl", "gdfctl.audit.jsonl", "gdfctl.audit.head", "gdfctl.feeds.json"},
		{"shop/eu.json", "shop/eu.closed.jsonl", "shop/eu.audit.jsonl", "shop/eu.audit.head", "shop/eu.feeds.json"},
		{"orders", "orders.closed.jsonl", "orders.audit.jsonl", "orders.audit.head", "orders.feeds.json"},
	} {
		want := Paths{
			State: test.state, Lockfile: test.state + ".lock", Journal: test.state + ".journal",
			Closed: test.closed, Audit: test.audit, Head: test.head, Feeds: test.feeds,
		}
		if diff := cmp.Diff(want, PathsFor(test.state)); diff != "" {
			t.Error(diff)
		}
	}
}
