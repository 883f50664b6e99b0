package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/rules"
)

const (
	rounded     = "was rounded by a spreadsheet; export the file again and do not open it in a spreadsheet"
	placeholder = "is a placeholder; leave the cell empty, or set no_tracking if this parcel has no number on purpose"
	wrapped     = "tracking number is wrapped in text; the number is "
)

// Each kind of damaged cell is found, with the reason and the remedy.
func TestDamagedCells(t *testing.T) {
	for _, tt := range []struct{ kind, cell, says string }{
		{"a number as a quantity", "9.40031E+21", "9.40031E+21 " + rounded},
		{"the same, elsewhere", "9,40031E+21", rounded},
		{"the same, in small letters", "9.40031e+21", rounded},
		{"the same, without a sign", "9.40031E21", rounded},
		{"the same, without a point", "9E+21", rounded},
		{"the same, with spaces", " 9.40031E +21", rounded},
		{"digits of a quantity", "9400311428055790000000", rounded},
		{"the shortest that no number has", "9400311428055790000", rounded},
		{"a quantity of many digits", "9400311428055794.0", rounded},
		{"the same, elsewhere too", "9400311428055794,0", rounded},
		{"to be determined", "TBD", `"TBD" ` + placeholder},
		{"to be announced", "tba", placeholder},
		{"pending", "Pending", placeholder},
		{"not applicable", "N/A", placeholder},
		{"not applicable, with spaces", "n / a", placeholder},
		{"not applicable, without a slash", "NA", placeholder},
		{"a formula that found nothing", "#N/A", placeholder},
		{"a formula that divides by nothing", "#DIV/0!", placeholder},
		{"a formula itself", "=VLOOKUP(A2;B:C;2;0)", "wrapped in text; write the number alone"},
		{"a sentence behind an apostrophe", "'Flat 3, 12 High Street", "wrapped in text; write the number alone"},
		{"the same, of letters and digits alone", "'Flat 3 High Street", "wrapped in text; write the number alone"},
		{"a short number in a formula", `="12345"`, "the number is 12345"},
		{"what programs write for nothing", "undefined", placeholder},
		{"the name of a carrier", "LaserShip", "no digit, so it is a placeholder"},
		{"a formula that failed", "#VALUE!", placeholder},
		{"a formula that lost its cell", "#REF!", placeholder},
		{"nothing, in the words of a database", "NULL", placeholder},
		{"nothing, in the words of a program", "None", placeholder},
		{"nothing, in those of another one", "nil", placeholder},
		{"a dash", "-", placeholder},
		{"a long dash", "—", "has no digit, so it " + placeholder},
		{"a full stop", ".", placeholder},
		{"an x", "X", placeholder},
		{"several", "xxx", placeholder},
		{"unknown", "unknown", placeholder},
		{"a test", "TEST", placeholder},
		{"zero", "0", placeholder},
		{"zeros", "000000000000", `"000000000000" ` + placeholder},
		{"a key that was held", "1111111111", placeholder},
		{"a dotted line", "-----", placeholder},
		{"a word", "pickup", "has no digit, so it " + placeholder},
		{"a remark", "left at the front door", "has no digit, so it " + placeholder},
		{"a formula of text", `="1Z999AA10123456784"`, wrapped + "1Z999AA10123456784"},
		{"a formula", "=9400111899223197428506", wrapped + "9400111899223197428506"},
		{"an apostrophe", "'9400111899223197428506", wrapped + "9400111899223197428506"},
		{"quotes", `"1Z999AA10123456784"`, wrapped + "1Z999AA10123456784"},
		{"a quantity of few digits", "986578788855.0", wrapped + "986578788855"},
		{"an address", "https://tools.usps.com/go/TrackConfirmAction?tLabels=9400111899223197428506", wrapped + "9400111899223197428506"},
		{"an address without a scheme", "www.ups.com/track?tracknum=1Z999AA10123456784&loc=en_US", wrapped + "1Z999AA10123456784"},
		{"an address of two numbers", "https://t.example/12345678901/98765432109", "is wrapped in text; write the number alone"},
		{"a carrier's name before", "USPS 9400111899223197428506", wrapped + "9400111899223197428506"},
		{"the same, with a service", "UPS Ground: 1Z999AA10123456784", wrapped + "1Z999AA10123456784"},
		{"the same, with a label", "FedEx Tracking No. 986578788855", wrapped + "986578788855"},
		{"the same, joined", "UPS1Z999AA10123456784", wrapped + "1Z999AA10123456784"},
		{"a carrier's name behind", "9400111899223197428506 (USPS)", wrapped + "9400111899223197428506"},
		{"the same, joined too", "1Z999AA10123456784UPS", wrapped + "1Z999AA10123456784"},
		{"a label alone", "Tracking number: 1Z999AA10123456784", wrapped + "1Z999AA10123456784"},
		{"a quantity in a formula", `="9.40031E+21"`, rounded},
		{"a placeholder in a formula", `="TBD"`, placeholder},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			f, damaged := rules.Damaged(tt.cell, "")
			if !damaged {
				t.Fatalf("%q is not found to be damaged", tt.cell)
			}
			if f.Rule != "SHIP18" || f.Severity != rules.Error || !strings.Contains(f.Message, tt.says) {
				t.Errorf("%q: %+v, want a message with %q", tt.cell, f, tt.says)
			}
		})
	}
	if _, damaged := rules.Damaged("Tracking Number 2", "Tracking Number  2"); !damaged {
		t.Error("the name of the column is not found")
	}
}

// Words in a cell can be anybody's name: a message does not repeat them.
func TestWordsAreNotRepeated(t *testing.T) {
	for _, cell := range []string{"Jane Roe", "Jane", "J. R.", "=Jane Roe"} {
		f, damaged := rules.Damaged(cell, "")
		if !damaged || strings.Contains(f.Message, "J") {
			t.Errorf("%q: %v, %q", cell, damaged, f.Message)
		}
	}
}

// What may be a number, of whatever carrier, is none of it.
func TestUndamagedCells(t *testing.T) {
	for _, cell := range []string{
		"", " ", "1Z999AA10123456784", "1z 999 aa1 01 2345 6784", "9400 1112 0108 0805 4830 16", "TBA000000000000", "123", "PRO-1234567",
		"1000000000000000", "940031142805579000", // rounded or not: one alone does not show it
		"ABCDEFGHIJ", // no digit, and long enough to be a code
		"LS123456785CN", "UPS123456789" /* Purolator's form */, "HOLLAND12345678", "12.5",
	} {
		if f, damaged := rules.Damaged(cell, "Tracking Number"); damaged {
			t.Errorf("%q: %s", cell, f.Message)
		}
	}
}

// Nobody can make a cell that takes long.
func TestLongCellsTakeNoTime(t *testing.T) {
	began := time.Now()
	for _, part := range []string{" ", "=", "'", `"`, "and ", "UPS ", "1 ", "0", "٣", "https://1", ", 12345678", "-", "\u200b1"} {
		cell := "UPS" + strings.Repeat(part, 1<<20/len(part)) + "12345678"
		rules.Damaged(cell, cell)
		rules.Damaged(cell[:400], "t")
		carrier.Split(cell)
		carrier.Split(cell[:4000])
		rules.CheckNumber(rules.Number{Tracking: cell, Carrier: cell, Source: "Walmart"})
	}
	// What takes the square of a cell's length takes hours; a busy machine is not meant.
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %s", took)
	}
}

func TestPlaceholder(t *testing.T) {
	for text, want := range map[string]bool{"TBD": true, " n/a ": true, "local pickup": true, "": false, "1Z999AA10123456784": false, "LOCALPICKUP": false} {
		if rules.Placeholder(text) != want {
			t.Errorf("Placeholder(%q) is not %v", text, want)
		}
	}
}

func TestAFileOfRoundedNumbers(t *testing.T) {
	number := func(i int) string { return fmt.Sprintf("98657878885%04d000", i) }
	for name, tt := range map[string]struct {
		numbers []string
		damaged bool
	}{
		"five, all rounded":  {[]string{number(1), number(2), number(3), number(4), number(5)}, true},
		"four":               {[]string{number(1), number(2), number(3), number(4)}, false},
		"one is not rounded": {[]string{number(1), number(2), number(3), number(4), number(5), "123456789012345678"}, false},
		"another length does not count": {[]string{
			number(1), number(2), number(3), number(4), number(5), "1234567890123456", "1Z999AA10123456784", "TBD",
		}, true},
		"of another length": {[]string{number(1), number(2), number(3), number(4), "1234567890123450"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var file rules.RoundedFile
			for _, n := range tt.numbers {
				file.Add(n)
			}
			f, damaged := file.Damaged(number(1))
			if damaged != tt.damaged || file.Suspicious() != tt.damaged {
				t.Errorf("damaged = %v, suspicious = %v, want %v", damaged, file.Suspicious(), tt.damaged)
			}
			if damaged && !strings.Contains(f.Message, rounded) {
				t.Error(f.Message)
			}
			if _, damaged := file.Damaged("1Z999AA10123456784"); damaged {
				t.Error("a number that no spreadsheet takes for a quantity is damaged")
			}
		})
	}
}

// No valid number of any carrier is held back, under whatever carrier's name,
// at a marketplace that takes all characters.
func TestNoValidNumberIsHeldBack(t *testing.T) {
	for _, number := range recorded(t).valid {
		if f, damaged := rules.Damaged(number, "Tracking Number"); damaged {
			t.Errorf("%q: %s", number, f.Message)
		}
		cleaned := carrier.Clean(number)
		if f, damaged := rules.Damaged(cleaned, "Tracking Number"); damaged {
			t.Errorf("%q, cleaned: %s", number, f.Message)
		}
		var file rules.RoundedFile
		for range 10 {
			file.Add(cleaned)
		}
		if f, damaged := file.Damaged(cleaned); damaged {
			t.Errorf("a file of %q: %s", number, f.Message)
		}
		for c := range carrier.All() {
			for _, source := range []string{"Amazon", "Walmart", "eBay", ""} {
				for _, f := range rules.CheckNumber(rules.Number{Tracking: cleaned, Carrier: c.Name, Source: source}) {
					// LaserShip prints a hyphen, and these two refuse it.
					if f.Severity == rules.Error && !(f.Rule == "SHIP06" && strings.Contains(cleaned, "-")) {
						t.Errorf("%q of %s at %q: %s", cleaned, c.Name, source, f.Message)
					}
				}
			}
		}
	}
}

// A valid number gives no warning under its own carrier's name.
func TestNoFalseAlarmOfItsOwnCarrier(t *testing.T) {
	for _, number := range recorded(t).valid {
		cleaned := carrier.Clean(number)
		for c := range carrier.Detect(cleaned).All() {
			for _, f := range rules.CheckNumber(rules.Number{Tracking: cleaned, Carrier: c.Name, Source: ""}) {
				if f.Rule != "SHIP06" {
					t.Errorf("%q of %s: %s", cleaned, c.Name, f.Message)
				}
			}
			if _, shape, unknown := rules.UnknownFormat(cleaned, c.Name); unknown {
				t.Errorf("%q of %s has an unknown format: %s", cleaned, c.Name, shape)
			}
		}
	}
}

// Whatever number a carrier may think of, of letters and digits, goes out.
func TestNumbersThatNobodyKnowsGoOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`[0-9A-Z]{7,17}[1-9]`).Draw(t, "number")
		if strings.Trim(number, number[:1]) == "" {
			t.Skip("one character, repeated")
		}
		if f, damaged := rules.Damaged(number, "Tracking Number"); damaged && !strings.Contains(f.Message, "wrapped in text; the number is") {
			t.Errorf("%s: %s", number, f.Message)
		}
		name := rapid.SampledFrom([]string{"UPS", "USPS", "FedEx", "DHL", "Amazon", "OnTrac", "Joe's Trucks", ""}).Draw(t, "carrier")
		for _, f := range rules.CheckNumber(rules.Number{Tracking: number, Carrier: name, Source: "Walmart"}) {
			if f.Severity == rules.Error {
				t.Errorf("%s of %s: %s", number, name, f.Message)
			}
		}
	})
}

func FuzzDamaged(f *testing.F) {
	for _, seed := range []string{`="1Z"`, "9.4E+21", "USPS 9400", "https://a/1", "'", "=", "-1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		found, damaged := rules.Damaged(cell, "Tracking")
		if damaged == (found == rules.Finding{}) {
			t.Errorf("%q: %v, %v", cell, damaged, found)
		}
		if rules.Placeholder(cell) && !damaged {
			t.Errorf("%q is a placeholder and is not damaged", cell)
		}
	})
}
