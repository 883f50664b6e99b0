package feedfile

import (
	"strings"
	"testing"
)

func TestGTIN(t *testing.T) {
	for _, good := range []string{"4006381333931", "96385074", "036000291452", "10614141000415", "00000096385074"} {
		if isBadGTIN([]byte(good)) {
			t.Errorf("%s is bad", good)
		}
		// A digit that is wrong, and two neighbours that changed places, if
		// they differ by other than 5: what a check digit is there for.
		for i := range good {
			wrong := []byte(good)
			wrong[i] = '0' + (wrong[i]-'0'+1)%10
			if !isBadGTIN(wrong) {
				t.Errorf("%s is good", wrong)
			}
		}
	}
	for _, bad := range []string{"1", "9638507", "4006381333932", "400638133393", "4.00638E+12", "4006381-333931", "40063813339３1", "123456789", "n/a", "0614141000415x", "106141410004150"} {
		if !isBadGTIN([]byte(bad)) {
			t.Errorf("%s is good", bad)
		}
	}
}

func TestPrice(t *testing.T) {
	for _, good := range []string{
		"19.99", "19.99 USD", "USD 19.99", "usd19.99", "19,99 EUR", "19,99EUR", "1,299.00", "1.299,00 €", "€1.299,00", "$19.99", "US$ 19.99", "$19.99 USD", "R$ 5,00",
		"1 299,00 kr", "1\u00a0299,00\u00a0€", "1\u202f299 EUR", "CHF 1'299.00", "1’299.00 CHF", "1,29,900.00 INR", "₹1,29,900", "12,345,678", "12.345.678,9", "5", "0.01", ".99", "$.99",
		"Rs.19", "Rs. 19", "12 zł", "1234567.89", "1299,5", "1.299", "100000", "¥1000", "1000円", "0,500",
	} {
		if isBadPrice([]byte(good)) {
			t.Errorf("%s is bad", good)
		}
	}
	for _, bad := range []string{
		"0", "0.00 USD", "0,00", "-5", "-19.99 USD", "USD -5", "5-", "free", "USD", "n/a", "call 5 times", "19.99-29.99", "19.99 - 29.99 USD", "19.99/kg", "1e5", "19.99 USD EUR",
		"1,29,90.00", "12,34.5", "1.299.00", "1,2,3", "1299,000.00", "1 2", "5.", "..5", "1..5", "1,.5", "19.99 dollars", "$$5", "5 %", "#5", "+5", "£ £5", "０.９９", "0'000", "1 299'000",
		strings.Repeat("1,", 50) + "1", "\xa3 5",
	} {
		if !isBadPrice([]byte(bad)) {
			t.Errorf("%s is good", bad)
		}
	}
}

func TestLink(t *testing.T) {
	for _, good := range []string{
		"https://x", "HTTPS://X.example/", "https://x.example/?to=http://y.example", "https://x.example/1.jpg,https://x.example/2.jpg",
	} {
		if isBadLink([]byte(good)) {
			t.Errorf("%s is bad", good)
		}
	}
	for _, bad := range []string{
		"http://x", "https://", "https:/x", "www.x.example", "//x.example", "x https://x", "https://x.example/1.jpg,http://x.example/2.jpg",
		"https://x.example/1.jpg | http://x.example/2.jpg", "https://x/?a=http://y, http://z",
	} {
		if !isBadLink([]byte(bad)) {
			t.Errorf("%s is good", bad)
		}
	}
}

func TestLinkColumns(t *testing.T) {
	for name, want := range map[string]bool{
		"link": true, "image_link": true, "Additional Image Link": true, "image_link_2": true, "Product URL": true, "url": true, "mainImageUrl": true, "imageURL": true,
		"IMAGE-URLS": true, "links": true, "ImageURL10": true,
		"": false, "blink": false, "curl": false, "link_text": false, "url key": false, "hyperlinked": false, "id": false, "12": false,
	} {
		if got := isLinkColumn(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
