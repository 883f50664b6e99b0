package main

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
	"text/template"

	"github.com/gdfctl/gdfctl/internal/sandbox"
)

//go:embed starter/main.hcl.tmpl
var starterConfig string

//go:embed starter/gitignore
var starterIgnore []byte

//go:embed starter/gitattributes
var starterAttributes []byte

// starterFile is a file that init writes. Names have slashes.
type starterFile struct {
	name    string
	content []byte
}

// store is a marketplace and what the shipping software of the example calls
// it.
type store struct{ Source, Store string }

var starterStores = []store{{"Amazon", "Amazon US"}, {"Walmart", "Walmart.com"}, {"eBay", "eBay Store"}}

// starterLabels are the shipments of the example. The last one was voided.
var starterLabels = []struct{ carrier, tracking, void string }{
	{"UPS", "1Z999AA10123456784", ""},
	{"USPS", "9400111899223857102040", ""},
	{"UPS", "1Z999AA10123456793", ""},
	{"FedEx", "794201688433", ""},
	{"FedEx", "794201688570", "Y"},
}

// starterOrder is an order of the sandbox, as the configuration names it.
type starterOrder struct{ Label, Source, Number string }

// starterFiles makes the example from the orders that every new sandbox holds:
// one that is new is acknowledged, those that are being processed are shipped.
// The configuration comes last, so that init can begin again if it fails.
func starterFiles() ([]starterFile, error) {
	var fresh, processing []sandbox.Sample
	for _, s := range sandbox.Samples() {
		if s.Status == sandbox.StatusNew {
			fresh = append(fresh, s)
		} else {
			processing = append(processing, s)
		}
	}
	shipments, err := starterShipments(processing)
	if err != nil {
		return nil, err
	}
	config, err := starterMain(fresh[0], fresh[len(fresh)-1])
	if err != nil {
		return nil, err
	}
	return []starterFile{{"shipments/example.csv", shipments}, {".gitignore", starterIgnore}, {".gitattributes", starterAttributes}, {"main.hcl", config}}, nil
}

func starterShipments(samples []sandbox.Sample) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	rows := [][]string{{"Store", "Order Number", "Carrier", "Tracking Number", "Void"}}
	for i, label := range starterLabels[:min(len(starterLabels), len(samples))] {
		rows = append(rows, []string{storeOf(samples[i].Source), samples[i].Number, label.carrier, label.tracking, label.void})
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("the example's table can't be made: %w", err)
	}
	return out.Bytes(), nil
}

func starterMain(acknowledge, cancel sandbox.Sample) ([]byte, error) {
	t, err := template.New("main.hcl").Parse(starterConfig)
	if err != nil {
		return nil, fmt.Errorf("the example can't be made: %w", err)
	}
	var out bytes.Buffer
	err = t.Execute(&out, struct {
		Acknowledge, Cancel starterOrder
		Stores              []store
	}{starterOrderOf(acknowledge), starterOrderOf(cancel), starterStores})
	if err != nil {
		return nil, fmt.Errorf("the example can't be made: %w", err)
	}
	config, diags := layout("main.hcl", out.Bytes())
	if diags.HasErrors() {
		return nil, fmt.Errorf("the example can't be made: %w", diags)
	}
	return config, nil
}

func starterOrderOf(s sandbox.Sample) starterOrder {
	return starterOrder{strings.ToLower(s.Source) + "-" + s.Number, s.Source, s.Number}
}

func storeOf(source string) string {
	for _, s := range starterStores {
		if s.Source == source {
			return s.Store
		}
	}
	return source
}
