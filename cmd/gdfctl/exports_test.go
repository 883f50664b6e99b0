package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/canary"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// docs/exports.md shows files, batches and what gdfctl says of them. All of it
// is run: what the page shows is what gdfctl prints.
func TestThePageOfExports(t *testing.T) {
	if commands := runPage(t, "../../docs/exports.md", exportsWorld); commands < 30 {
		t.Errorf("only %d commands found: are the blocks still read?", commands)
	}
}

// exportsWorld is the shop of the page, late on the day of its exports.
func exportsWorld(t *testing.T, d *desk) *example {
	p := &example{t: t, dir: d.dir, now: time.Date(2026, 11, 20, 22, 0, 0, 0, time.UTC)}
	api, err := sandbox.New(sandbox.Options{Orders: -1, Now: func() time.Time { return p.now }})
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{
		"Amazon 112-1234567-1234567", "Amazon 112-7654321-7654321", "Amazon 113-2468013-5791357",
		"eBay 07-11223-34455", "eBay 07-22334-45566",
		"Shopify 1001", "Shopify 1002",
		"Walmart 200011223344556", "Walmart 200012233445567",
	} {
		source, number, _ := strings.Cut(name, " ")
		order := sandbox.NewOrder{Source: source, Number: number, Status: sandbox.StatusNew, CreatedInSource: p.now.Add(-time.Duration(30+i) * time.Hour)}
		if source == "Walmart" {
			order.Status, order.OrderNumber = sandbox.StatusProcessing, "SO-"+number[len(number)-4:]
		}
		if _, err := api.AddOrder(order); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := api.AddOrder(sandbox.NewOrder{
		Source: "Amazon", Number: "114-1357913-2468024", Status: sandbox.StatusShipped, OrderNumber: "SO-10004",
		Tracking: "0061299998877", Carrier: "DHL", ShippedAt: p.now.Add(-5 * time.Hour), CreatedInSource: p.now.Add(-50 * time.Hour),
	}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	p.env = map[string]string{"GDF_ENDPOINT": server.URL, "GDF_CONSUMER_KEY": sandbox.DefaultConsumerKey, "GDF_CACHE_DIR": t.TempDir()}
	t.Chdir(d.dir)
	t.Cleanup(func() {
		if what, err := canary.FindInFiles(d.dir, func(string) bool { return false }, reconcile.InsideKey); err != nil || what != "" {
			t.Error(what, err)
		}
	})
	return p
}
