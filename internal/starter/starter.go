package starter

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/gdfctl/gdfctl/internal/sandbox"
)

//go:embed files/main.hcl.tmpl
var configTemplate string

//go:embed files/gitignore
var ignore []byte

//go:embed files/gitattributes
var attributes []byte

// File is a file to write. Names have slashes.
type File struct {
	Name    string
	Content []byte
}

// store is a marketplace and what the shipping software of the example calls
// it.
type store struct{ Source, Store string }

var stores = []store{{"Amazon", "Amazon US"}, {"Walmart", "Walmart.com"}, {"eBay", "eBay Store"}}

// labels are the shipments of the example. The last one was voided.
var labels = []struct{ carrier, tracking, void string }{
	{"UPS", "1Z999AA10123456784", ""},
	{"USPS", "9400111899223857102040", ""},
	{"UPS", "1Z999AA10123456793", ""},
	{"FedEx", "794201688433", ""},
	{"FedEx", "794201688570", "Y"},
}

// Files makes the example from the orders that every new sandbox holds:
// one that is new is acknowledged, those that are being processed are shipped.
// The configuration comes last, so that init can begin again if it fails.
func Files() ([]File, error) {
	var fresh, processing []sandbox.Sample
	for _, s := range sandbox.Samples() {
		if s.Status == sandbox.StatusNew {
			fresh = append(fresh, s)
		} else {
			processing = append(processing, s)
		}
	}
	table, err := shipments(processing)
	if err != nil {
		return nil, err
	}
	config := mainFile(fresh[0], fresh[len(fresh)-1])
	return []File{{"shipments/example.csv", table}, {".gitignore", ignore}, {".gitattributes", attributes}, {"main.hcl", config}}, nil
}

func shipments(samples []sandbox.Sample) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	rows := [][]string{{"Store", "Order Number", "Carrier", "Tracking Number", "Void"}}
	for i, label := range labels[:min(len(labels), len(samples))] {
		rows = append(rows, []string{storeOf(samples[i].Source), samples[i].Number, label.carrier, label.tracking, label.void})
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("the example's table can't be made: %w", err)
	}
	return out.Bytes(), nil
}

// mainFile puts the orders of the simulator into the configuration. It does without
// text/template: a program that links that can call every exported method by its
// name, so that the linker has to keep them all, half of the program.
func mainFile(acknowledge, cancel sandbox.Sample) []byte {
	var lines []string
	for _, s := range stores {
		lines = append(lines, fmt.Sprintf("    %-13q = %q", s.Store, s.Source))
	}
	blanks := append(blanksOf("acknowledge", acknowledge), blanksOf("cancel", cancel)...)
	blanks = append(blanks, "{{stores}}", strings.Join(lines, "\n"))
	return []byte(strings.NewReplacer(blanks...).Replace(configTemplate))
}

// blanksOf are the blanks of the configuration that an order fills in, each with
// what goes there.
func blanksOf(which string, s sandbox.Sample) []string {
	return []string{
		"{{" + which + " label}}", strings.ToLower(s.Source) + "-" + s.Number,
		"{{" + which + " source}}", s.Source,
		"{{" + which + " number}}", s.Number,
	}
}

func storeOf(source string) string {
	for _, s := range stores {
		if s.Source == source {
			return s.Store
		}
	}
	return source
}
