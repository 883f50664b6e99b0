package order

import "strings"

// SourceKey is the form in which names of marketplaces are compared: without
// case and outer space.
func SourceKey(source string) string { return strings.ToLower(strings.TrimSpace(source)) }

// SameTracking reports whether two tracking numbers are one: case, spaces and
// nothing else aside. Sending a number again overwrites the order's times, so
// a difference that no carrier makes must not count as one.
func SameTracking(a, b string) bool { return trackingKey(a) == trackingKey(b) }

func trackingKey(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(s), ""))
}

// carrierNames maps the spellings that marketplaces and shipping software use
// to one canonical name. Keys are lower case, letters and digits only.
var carrierNames = map[string]string{
	"ups": "ups", "unitedparcelservice": "ups", "upsground": "ups", "upsmi": "ups mi", "upsmailinnovations": "ups mi",
	"usps": "usps", "unitedstatespostalservice": "usps", "uspostalservice": "usps", "stampscom": "usps",
	"fedex": "fedex", "federalexpress": "fedex", "fedexground": "fedex", "fdx": "fedex",
	"fedexsmartpost": "fedex smartpost", "smartpost": "fedex smartpost",
	"dhl": "dhl", "dhlexpress": "dhl", "dhlecommerce": "dhl ecommerce", "dhlglobalmail": "dhl ecommerce",
	"ontrac": "ontrac", "lasership": "lasership",
	"amazon": "amazon", "amazonlogistics": "amazon", "amzl": "amazon", "amzlus": "amazon", "amazonshipping": "amazon",
	"canadapost": "canada post", "royalmail": "royal mail", "australiapost": "australia post",
}

// CanonicalCarrier is the form in which carriers are compared. Carriers are
// always sent as they were written.
func CanonicalCarrier(name string) string {
	key := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + ('a' - 'A')
		case r < 0x80:
			return -1
		}
		return r
	}, name)
	if canonical, ok := carrierNames[key]; ok {
		return canonical
	}
	return key
}

// SameCarrier reports whether two names mean one carrier.
func SameCarrier(a, b string) bool { return CanonicalCarrier(a) == CanonicalCarrier(b) }
