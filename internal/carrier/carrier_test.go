package carrier_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"UPS": "UPS", " ups ": "UPS", "UPS® Ground": "UPS", "UPS 2nd Day Air": "UPS", "United Parcel Service": "UPS", "UPSGround": "UPS",
		"U.S. Postal Service": "USPS", "USPS Priority Mail": "USPS", "stamps.com": "USPS", "USPS First-Class Mail": "USPS", "USPS Ground Advantage": "USPS",
		"Federal Express": "FedEx", "FEDEX HOME DELIVERY": "FedEx", "FedEx 2Day": "FedEx", "FedEx Standard Overnight": "FedEx", "Fed-Ex": "FedEx", "FedEx from ShipStation": "FedEx", "FedEx One Balance": "FedEx", "UPS® by ShipStation": "UPS", "DHL Express from ShipStation": "DHL",
		"DHL Express": "DHL", "DHL eCommerce": "DHL eCommerce", "DHL e-commerce": "DHL eCommerce", "DHL Global Mail": "DHL eCommerce",
		// services with numbers of their own are kept apart
		"UPSMI": "UPS Mail Innovations", "UPS Mail Innovations": "UPS Mail Innovations", "UPS SurePost": "UPS SurePost", "FedEx SmartPost": "FedEx SmartPost",
		"FedEx Ground Economy": "FedEx SmartPost", "UPS Ground Saver": "UPS SurePost", "FEDEXSP": "FedEx SmartPost",
		"LS": "LaserShip", "On-Trac": "OnTrac", "Postes Canada": "Canada Post",
		// what is not known is kept as it is
		"Joe's Trucks": "Joe's Trucks", "  Seko  Worldwide ": "Seko  Worldwide", "UPS Freight": "UPS Freight", "": "", "Österreichische Post": "Österreichische Post",
		strings.Repeat("long ", 40): strings.TrimSpace(strings.Repeat("long ", 40)),
	} {
		if got := carrier.Name(name, ""); got != want {
			t.Errorf("Name(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestNamesAtMarketplaces(t *testing.T) {
	for _, tt := range []struct{ name, marketplace, want string }{
		{"United Parcel Service", "Walmart", "UPS"},
		{"UPS Mail Innovations", "Walmart", "UPSMI"},
		{"UPS Mail Innovations", "walmart.com ", "UPSMI"},
		{"UPS Mail Innovations", "eBay", "UPS Mail Innovations"},
		{"LaserShip", "Walmart", "LS"},
		{"FedEx SmartPost", "WALMART", "FEDEXSP"},
		{"Spee-Dee Delivery", "Walmart", "Spee-Dee"}, // not known there: the usual name
		{"Joe's Trucks ", "Walmart", "Joe's Trucks"},
	} {
		if got := carrier.Name(tt.name, tt.marketplace); got != tt.want {
			t.Errorf("Name(%q, %q) = %q, want %q", tt.name, tt.marketplace, got, tt.want)
		}
	}
}

// What carrier() gives is a carrier's name again, and the same one.
func TestNamesAreStable(t *testing.T) {
	for c := range carrier.All() {
		if got := carrier.Name(c.Name, ""); got != c.Name {
			t.Errorf("Name(%q) = %q", c.Name, got)
		}
		for _, marketplace := range []string{"", "Walmart", "Amazon", "eBay"} {
			for _, name := range append(c.Takes(marketplace), carrier.Name(c.Name, marketplace)) {
				if found, ok := carrier.Find(name); !ok || found != c {
					t.Errorf("%q, which %s takes for %s, is not that carrier", name, marketplace, c.Name)
				}
			}
		}
	}
}

func TestSame(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"UPS", "United Parcel Service", true},
		{"UPS", "UPS Mail Innovations", false},
		{"DHL", "DHL eCommerce", false},
		{"Joe's Trucks", "joes trucks", true},
		{"Joe's Trucks", "UPS", false},
		{"Österreichische Post", "ÖSTERREICHISCHE POST", true},
		{"Österreichische Post", "sterreichische Post", false},
	} {
		if carrier.Same(tt.a, tt.b) != tt.want || carrier.Same(tt.b, tt.a) != tt.want {
			t.Errorf("Same(%q, %q) is not %v", tt.a, tt.b, tt.want)
		}
	}
}

func TestTrackingURL(t *testing.T) {
	for _, tt := range []struct{ name, number, want string }{
		{"ups ground", "1z 999 aa1 01 2345 6784", "https://www.ups.com/track?loc=en_US&tracknum=1Z999AA10123456784"},
		{"USPS", "9400 1112 0620 6407 6287 46", "https://tools.usps.com/go/TrackConfirmAction?tLabels=9400111206206407628746"},
		{"Joe's Trucks", "1", ""},
		{"UPS", " - ", ""},
		{"UPS", "№12", ""},
	} {
		if got := carrier.TrackingURL(tt.name, tt.number); got != tt.want {
			t.Errorf("TrackingURL(%q, %q) = %q, want %q", tt.name, tt.number, got, tt.want)
		}
	}
}

func TestFit(t *testing.T) {
	for _, tt := range []struct {
		name, number string
		want         carrier.Fit
	}{
		{"UPS", "1Z5R89390357567127", carrier.Fits},
		{"UPS", "1Z5R89390357567128", carrier.WrongDigit},
		{"UPS", "987654321", carrier.NoFit},
		{"UPS", "9400111206206407628746", carrier.Fits}, // handed over to USPS
		{"UPS", "9400111206206407628745", carrier.NoFit},
		{"USPS", "1Z5R89390357567127", carrier.NoFit},
		{"USPS", "RB123456785US", carrier.Fits}, // any post
		{"USPS", "RB123456786US", carrier.WrongDigit},
		{"FedEx", "986578788855", carrier.Fits},
		{"FedEx", "986578788856", carrier.WrongDigit},
		{"DHL", "GM2951173225174494", carrier.Fits},
		{"LaserShip", "1LS7119013618127-1", carrier.Fits},
		{"LaserShip", "1LS71190136181271", carrier.Fits},
		{"Royal Mail", "", carrier.NoFit},
		{"UPS", strings.Repeat("1", 200), carrier.NoFit},
	} {
		c, ok := carrier.Find(tt.name)
		if !ok {
			t.Fatalf("%s is not known", tt.name)
		}
		if got := c.Fit(tt.number); got != tt.want {
			t.Errorf("%s: Fit(%q) = %d, want %d", tt.name, tt.number, got, tt.want)
		}
	}
}

func TestDistinctive(t *testing.T) {
	for number, want := range map[string][]string{
		"1Z999AA10123456784":     {"UPS"},
		"TBA000000000000":        {"Amazon"},
		"1LS7119013618127-1":     {"LaserShip"},
		"9400111206206407628746": {"USPS"},
		"C11031500001879":        {"OnTrac"},
		"1Z999AA10123456785":     nil, // wrong check digit
		"RB123456785US":          nil, // any post
		"986578788855":           nil, // digits alone
		"03071790000523483741":   nil,
		"KYV009956937":           nil, // no check digit
		"YT2229521272164446":     nil,
	} {
		var got []string
		for c := range carrier.Distinctive(number).All() {
			got = append(got, c.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", number, diff)
		}
	}
}

func TestSplit(t *testing.T) {
	const a, b = "1Z999AA10123456784", "1Z999AA10123456793"
	for cell, want := range map[string][]string{
		a + ", " + b:        {a, b},
		a + ";" + b + "; ":  {a, b},
		a + " / " + b:       {a, b},
		a + "|" + b:         {a, b},
		a + " & " + b:       {a, b},
		a + " and " + b:     {a, b},
		a + " AND " + b:     {a, b},
		a + "\n" + b:        {a, b},
		a + "\r\n" + b:      {a, b},
		"12345678,87654321": {"12345678", "87654321"},
		"9400 1112 0620 6407 6287 46, 9434611206206406227577": {"9400 1112 0620 6407 6287 46", "9434611206206406227577"},
		"986578788855 799531274483":                           {"986578788855", "799531274483"},
		// one number, however it is written
		a:                                     nil,
		"1Z 999 AA1 01 2345 6784":             nil,
		"9400 1112 0108 0805 4830 16":         nil,
		"12345678 87654321":                   nil, // nobody's numbers: one of a local carrier, in groups
		"1234567,12345678":                    nil, // the first is too short
		"UPS, " + a:                           nil,
		a + ", left at door":                  nil,
		"HOLLAND12345678":                     nil,
		"https://t.example/12345678/87654321": nil,
		"":                                    nil, ",": nil, "and": nil, " and and ": nil,
	} {
		if diff := cmp.Diff(want, carrier.Split(cell)); diff != "" {
			t.Errorf("Split(%q) (-want +got):\n%s", cell, diff)
		}
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"1Z999":                    "1Z999",
		" 1Z\u00a099\t9\u200b\r\n": "1Z999",
		"\u202a1Z999\u202c\ufeff":  "1Z999",
		"\u20661Z\u2069-9\u200e":   "1Z-9",
		"1\u20091\u3000":           "11",
		"='1Z'":                    "='1Z'",
		"№1":                       "№1",
	} {
		if got := carrier.Clean(text); got != want {
			t.Errorf("Clean(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzNumbers(f *testing.F) {
	f.Add("1Z999AA10123456784", "UPS")
	f.Add("9400 1112 0108 0805 4830 16, 1", "usps priority")
	f.Fuzz(func(t *testing.T, number, name string) {
		found := carrier.Detect(number)
		if carrier.Distinctive(number)&^found != 0 {
			t.Errorf("%q is distinctive for a carrier that it does not fit", number)
		}
		if got := carrier.Clean(number); carrier.Clean(got) != got {
			t.Errorf("cleaned twice, %q changes again", number)
		} else if carrier.Detect(got) != found {
			t.Errorf("cleaned, %q fits others", number)
		}
		for _, part := range carrier.Split(number) {
			if part == "" {
				t.Errorf("a part of %q is empty", number)
			}
		}
		if canonical := carrier.Name(name, ""); carrier.Name(canonical, "") != canonical {
			t.Errorf("the name of %q changes again", name)
		}
		carrier.TrackingURL(name, number)
		carrier.Same(name, number)
	})
}
