package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/preset"
)

// From the sample of each preset, init --from writes a configuration that plans and
// applies what the sample says, without a change by hand.
func TestSamplesFromInitToApply(t *testing.T) {
	wants := map[string][]string{
		"amazon_flat": {"Amazon 112-1234567-1234567 ship 1Z999AA10123456784 UPS", "Amazon 113-2468013-5791357 ship JT4711 Joe's Trucks"},
		"ebay_report": {"eBay 07-11223-34455 ship 9400111899223197428404 <nil>", "eBay 07-22334-45566 ship 1Z999AA10123456784 <nil>"},
		"generic":     {"Amazon 112-1234567-1234567 ship 1Z999AA10123456784 UPS", "Walmart 200012233445567 ship 9400111899223197428404 USPS"},
		"linnworks": {
			"Amazon 112-1234567-1234567 ship 1Z999AA10123456784 UPS", "Walmart 200012233445567 ship 9400111899223197428411 USPS", "eBay 07-11223-34455 ship 9400111899223197428404 USPS",
		},
		"pirateship":  {"Amazon 112-1234567-1234567 ship 1Z999AA10123456784 UPS", "eBay 07-11223-34455 ship 9400111899223197428411 USPS"},
		"shipstation": {"Amazon 112-1234567-1234567 ship 1Z999AA10123456784 UPS", "Walmart 200012233445567 ship 9400111899223197428497 USPS"},
		"shopify":     {"Shopify 1001 acknowledge <nil> <nil>"},
		"worldship":   {"Amazon 112-1234567-1234567 ship 1Z999AA10123456784 UPS", "Amazon 112-7654321-7654321 ship 1Z999AA10123456800 UPS"},
	}
	for _, name := range preset.Names() {
		t.Run(name, func(t *testing.T) {
			sample, err := preset.Named(name).Sample()
			if err != nil {
				t.Fatal(err)
			}
			d := &desk{t: t, dir: t.TempDir()}
			p := exportsWorld(t, d)
			if err := os.WriteFile(filepath.Join(d.dir, "sample.csv"), sample, 0o600); err != nil {
				t.Fatal(err)
			}
			said := p.prints("init", "--from", "sample.csv", "--out", "exports", "--timezone", "America/New_York")
			if strings.Contains(said, "Example,") || strings.Contains(said, "@example.com") {
				t.Errorf("a buyer is shown: %s", said)
			}
			if err := os.Remove(filepath.Join(d.dir, "sample.csv")); err != nil { // it names buyers, as in life
				t.Fatal(err)
			}
			p.expect(0, "The configuration is valid", "validate")
			var plan struct {
				Changes []struct {
					Order   struct{ Source, SourceOrderNumber string }
					Actions []string
					After   struct {
						Tracking *string `json:"tracking_number"`
						Carrier  *string
					}
				}
				Held []any
			}
			text := p.prints("plan", "--json")
			text = strings.ReplaceAll(text, `"source_order_number"`, `"SourceOrderNumber"`)
			if err := json.Unmarshal([]byte(text), &plan); err != nil {
				t.Fatal(err, text)
			}
			var got []string
			for _, c := range plan.Changes {
				got = append(got, fmt.Sprintf("%s %s %s %s %s", c.Order.Source, c.Order.SourceOrderNumber, c.Actions[len(c.Actions)-1], deref(c.After.Tracking), deref(c.After.Carrier)))
			}
			slices.Sort(got)
			if diff := cmp.Diff(wants[name], got); diff != "" || len(plan.Held) > 0 {
				t.Error(diff, plan.Held)
			}
			p.expect(0, "Apply done", "apply", "--auto-approve")
			p.expect(0, "No changes", "plan")
		})
	}
}

// Without credentials, the simulator gets the orders of the export, so that a plan shows
// what it would change.
func TestSamplesInTheSimulator(t *testing.T) {
	for _, name := range preset.Names() {
		t.Run(name, func(t *testing.T) {
			sample, err := preset.Named(name).Sample()
			if err != nil {
				t.Fatal(err)
			}
			d := &desk{t: t, dir: t.TempDir()}
			p := exportsWorld(t, d)
			delete(p.env, "GDF_CONSUMER_KEY")
			delete(p.env, "GDF_ENDPOINT")
			if err := os.WriteFile(filepath.Join(d.dir, "sample.csv"), sample, 0o600); err != nil {
				t.Fatal(err)
			}
			said := p.prints("init", "--from", "sample.csv", "--timezone", "America/New_York")
			if !strings.Contains(said, "The simulator has the orders of the export") {
				t.Error(said)
			}
			plan := p.prints("plan")
			if strings.Contains(plan, "Held back") || strings.Contains(plan, "No changes") || !strings.Contains(plan, "Plan: ") {
				t.Error(plan)
			}
			p.expect(0, "Apply done", "apply", "--auto-approve")
			p.expect(0, "No changes", "plan")
		})
	}
}

func deref(s *string) string {
	if s == nil {
		return "<nil>"
	}
	return *s
}
