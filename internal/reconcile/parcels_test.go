package reconcile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// pulled are the parcels to pull.
func (s *shop) pulled() (all []string) {
	s.Helper()
	entries, err := reconcile.PullList(s.Context(), reconcile.StatusRequest{Source: s.source()}, s.deps, s.observe)
	if err != nil {
		s.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, strings.TrimSpace(e.Ref.SourceNumber+" "+e.Pull.Tracking))
	}
	return all
}

func (s *shop) cancel(number string) {
	s.Helper()
	canceled := sandbox.StatusCanceled
	if err := s.api.Drift(sandbox.Drift{Order: number, Status: &canceled}); err != nil {
		s.Fatal(err)
	}
}

// The parcels of orders that turn out to be canceled are remembered, whichever way the
// plan came to its apply, until a release says that people handled the order.
func TestParcelsAreRemembered(t *testing.T) {
	for name, apply := range map[string]func(*shop) error{
		"planned now": func(s *shop) error {
			_, err := s.apply(s.Context(), reconcile.ApplyRequest{})
			return err
		},
		"saved": func(s *shop) error {
			file := filepath.Join(s.dir, "release.plan")
			if _, err := s.plan(reconcile.PlanRequest{Out: file}); err != nil {
				return err
			}
			_, err := s.apply(s.Context(), reconcile.ApplyRequest{File: file})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t, shipments("112-1", "112-2"))
				s.processing("112-1", "112-2")
				s.cancel("112-2")
				if err := apply(s); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]string{"112-2 1Z999AA10123456784"}, s.pulled()); diff != "" {
					t.Error(diff)
				}
				s.write("main.hcl", shipments("112-1"))
				if diff := cmp.Diff([]string{"112-2 1Z999AA10123456784"}, s.pulled()); diff != "" {
					t.Errorf("once no table names it:\n%s", diff)
				}
				s.write("main.hcl", shipments("112-1")+"release \"r\" {\n  find   = { source = \"Amazon\", source_order_number = \"112-2\" }\n  reason = \"pulled\"\n}\n")
				if got := s.pulled(); len(got) > 0 {
					t.Errorf("once it was released: %q", got)
				}
			})
		})
	}
}

// A run that is killed while it sends has saved which parcels must be pulled.
func TestParcelsAreSavedBeforeAnythingIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1", "112-2"))
		s.processing("112-1", "112-2")
		s.cancel("112-2")
		var meanwhile []string
		s.deps.Transport = onWrite{s, func() { meanwhile = s.pulled() }}
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"112-2 1Z999AA10123456784"}, meanwhile); diff != "" {
			t.Error(diff)
		}
	})
}

// A saved plan proves nothing: neither that an order is canceled, nor the number of its
// parcel.
func TestASavedPlanNamesNoParcels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1", "112-2"))
		s.processing("112-1", "112-2")
		s.cancel("112-2")
		file := filepath.Join(s.dir, "release.plan")
		made, err := s.plan(reconcile.PlanRequest{Out: file})
		if err != nil {
			t.Fatal(err)
		}
		forged := *made.Plan
		forged.Changes = nil
		forged.Held = append([]plan.Held{}, made.Plan.Held...)
		forged.Held[0].Pull.Tracking = "1ZFORGED"
		other := forged.Held[0]
		other.Address, other.Order = made.Plan.Changes[0].Address, made.Plan.Changes[0].Order // which is not canceled
		forged.Held = append(forged.Held, other)
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := forged.Encode(f); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{File: file}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"112-2 1Z999AA10123456784"}, s.pulled()); diff != "" {
			t.Error(diff)
		}
	})
}
