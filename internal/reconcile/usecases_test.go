package reconcile_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// A check reports each feed, shows its result before it sends messages, and is
// kept for the history.
func TestCheckFeeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, "watch \"all\" {\n  feeds   = \"*\"\n  max_age = \"1s\"\n}\nnotify \"ops\" {\n  webhook = env.HOOK\n}\n")
		s.onPost = func() {
			if !slices.Contains(s.events, "FeedsChecked") {
				t.Errorf("a message was sent after %q", s.events)
			}
		}
		time.Sleep(72 * time.Hour) // the feeds are older than they may be
		r, err := reconcile.CheckFeeds(t.Context(), reconcile.CheckFeedsRequest{Source: s.source()}, s.deps, s.observe)
		if err != nil || !r.Watched || !r.Fails() || len(r.Unread) != 0 || r.Calls == 0 || len(s.posted) != 1 {
			t.Fatalf("%v, %+v, %d messages", err, r, len(s.posted))
		}
		found, err := reconcile.FeedHistory(t.Context(), reconcile.FeedHistoryRequest{Source: s.source(), Name: "*"}, s.deps, s.observe)
		if err != nil || len(found) != 2 {
			t.Errorf("%v, %d feeds", err, len(found))
		}
	})
}

// A configuration that can't be used is an error with all that is wrong, its
// tables included; for the state it is a warning.
func TestConfigError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, "order \"a\" {\n  status = \"new\"\n}\n")
		var broken *reconcile.ConfigError
		if _, err := s.plan(reconcile.PlanRequest{}); !errors.As(err, &broken) || !broken.Diagnostics.HasErrors() {
			t.Errorf("plan: %v", err)
		}
		s.events = nil
		r, err := reconcile.ListState(t.Context(), reconcile.StateRequest{Source: s.source()}, s.deps, s.observe)
		if err != nil || len(r.Entries) != 0 || !slices.Equal(s.events, []string{"Diagnosed"}) {
			t.Errorf("state: %v, %+v, %q", err, r, s.events)
		}
	})
}

// What the caller got wrong names the field of the request.
func TestRequestErrors(t *testing.T) {
	s := newShop(t, "account \"a\" {}\naccount \"b\" {}\n")
	ctx, state := t.Context(), reconcile.StateRequest{Source: s.source()}
	orders := func(req reconcile.OrdersRequest) error {
		req.Source = s.source()
		_, err := reconcile.ListOrders(ctx, req, s.deps, nil)
		return err
	}
	got := map[string]string{}
	for name, err := range map[string]error{
		"no account":      orders(reconcile.OrdersRequest{}),
		"another account": orders(reconcile.OrdersRequest{Account: "c"}),
		"limit":           orders(reconcile.OrdersRequest{Limit: -1}),
		"unclaimed":       orders(reconcile.OrdersRequest{Unclaimed: true, Status: "shipped"}),
		"period":          orders(reconcile.OrdersRequest{Account: "a", Created: reconcile.Period{Since: reconcile.Moment{Ago: 1}, Until: reconcile.Moment{Ago: 2}}}),
		"remove": func() error {
			_, err := reconcile.Remove(ctx, reconcile.RemoveRequest{StateRequest: state}, s.deps, nil)
			return err
		}(),
		"unlock": func() error {
			_, err := reconcile.Unlock(ctx, reconcile.UnlockRequest{Source: s.source(), Reason: " "}, s.deps, nil)
			return err
		}(),
		"export": func() error {
			_, err := reconcile.ExportAudit(ctx, reconcile.AuditRequest{Source: s.source(), Out: filepath.Join(s.dir, "gdfctl.audit.jsonl")}, s.deps, nil)
			return err
		}(),
		"verify": func() error {
			_, err := reconcile.VerifyAudit(ctx, reconcile.VerifyRequest{Source: s.source(), PublicKey: "key"}, s.deps, nil)
			return err
		}(),
	} {
		if request, ok := errors.AsType[*reconcile.RequestError](err); ok {
			got[name] = request.Field
		} else {
			t.Errorf("%s: %v", name, err)
		}
	}
	want := map[string]string{
		"no account": "account", "another account": "account", "limit": "limit", "unclaimed": "status", "period": "since",
		"remove": "reason", "unlock": "reason", "export": "out", "verify": "public-key",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
