package carrier_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

// recorded is one pattern of the recorded test numbers.
type recorded struct {
	file    string
	Name    string                            `json:"name"`
	Numbers struct{ Valid, Invalid []string } `json:"test_numbers"`
}

// recordedNumbers reads the test numbers that stand beside the repository. They
// are no part of it.
func recordedNumbers(t testing.TB) []recorded {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if root = filepath.Dir(root); root == filepath.Dir(root) {
			t.Fatal("no go.mod above the test")
		}
	}
	dir := filepath.Join(root, "..", "shared", "data", "tracking-numbers")
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("the recorded tracking numbers are not there: %s holds no *.json", dir)
	}
	var all []recorded
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Patterns []recorded `json:"tracking_numbers"`
		}
		if err := json.Unmarshal(content, &file); err != nil {
			t.Fatalf("%s: %s", name, err)
		}
		for _, p := range file.Patterns {
			p.file = strings.TrimSuffix(filepath.Base(name), ".json")
			all = append(all, p)
		}
	}
	return all
}

// recordedAs are the carriers of the table by the recorded files' names.
var recordedAs = map[string][]string{
	"amazon": {"Amazon"}, "canadapost": {"Canada Post"}, "canpar": {"Canpar"}, "dhl": {"DHL", "DHL eCommerce"}, "dpd": {"DPD"},
	"fedex": {"FedEx"}, "gofo": {"GOFO Express"}, "landmark": {"Landmark Global"}, "lasership": {"LaserShip"},
	"old_dominion": {"Old Dominion"}, "ontrac": {"OnTrac"}, "purolator": {"Purolator"}, "s10": {"Royal Mail"},
	"speedee": {"Spee-Dee"}, "ups": {"UPS"}, "usps": {"USPS"}, "yodel": {"Yodel"}, "yunexpress": {"YunExpress"},
}

func fits(number string, names []string) bool {
	found := carrier.Detect(number)
	for _, name := range names {
		if c, ok := carrier.Find(name); ok && found.Has(c) {
			return true
		}
	}
	return false
}

func TestRecordedNumbers(t *testing.T) {
	patterns := recordedNumbers(t)
	seen := map[string]bool{}
	for _, p := range patterns {
		seen[p.file] = true
		names := recordedAs[p.file]
		if len(names) == 0 {
			t.Errorf("%s is in no carrier's name", p.file)
		}
		for _, n := range p.Numbers.Valid {
			if !fits(n, names) {
				t.Errorf("%s: %q is valid and does not fit", p.Name, n)
			}
			if c, _ := carrier.Find(names[0]); len(names) == 1 && c.Fit(n) != carrier.Fits {
				t.Errorf("%s: Fit(%q) = %v", p.Name, n, c.Fit(n))
			}
			if parts := carrier.Split(n); parts != nil {
				t.Errorf("%s: %q is divided into %q", p.Name, n, parts)
			}
		}
		for _, n := range p.Numbers.Invalid {
			if fits(n, names) {
				t.Errorf("%s: %q is invalid and fits", p.Name, n)
			}
		}
	}
	if len(seen) != len(recordedAs) {
		t.Errorf("numbers of %d carriers are recorded, the table knows %d", len(seen), len(recordedAs))
	}
}

// valid are all valid numbers that are recorded.
func valid(t testing.TB) []string {
	var numbers []string
	for _, p := range recordedNumbers(t) {
		numbers = append(numbers, p.Numbers.Valid...)
	}
	return numbers
}
