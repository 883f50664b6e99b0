package carrier

// Names of carriers that stand in the table more than once.
const (
	usps         = "USPS"
	ups          = "UPS"
	fedEx        = "FedEx"
	dhl          = "DHL"
	dhlECommerce = "DHL eCommerce"
	onTracName   = "OnTrac"
	laserShip    = "LaserShip"
)

// allCarriers puts the parts of the table together.
func allCarriers() []*Carrier {
	all := unitedStates()
	all = append(all, posts()...)
	all = append(all, consolidators()...)
	return append(all, others()...)
}

// everywhere is a name that the marketplaces with lists all take.
func everywhere(name string, more ...string) map[string][]string {
	names := append([]string{name}, more...)
	return map[string][]string{"walmart": names, "amazon": names, "ebay": names}
}

// unitedStates are the large carriers of the United States and the services of
// theirs that marketplaces treat as carriers.
func unitedStates() []*Carrier {
	return []*Carrier{
		{
			Name:        ups,
			aliases:     []string{"United Parcel Service", "UPSN", "UPS Ground", "UPSGround", "UPS Next Day Air", "UPS Worldwide Express", "UPS CA", "UPS Canada"},
			forms:       []form{{shape: "1Z *15 #1", check: doubled, from: 2}, {shape: "[AHJKTV] #10", check: doubled, from: 1}},
			handsOverTo: []string{usps, "UPS Mail Innovations"},
			takes:       everywhere(ups),
			url:         "https://www.ups.com/track?loc=en_US&tracknum=%s",
		},
		{
			Name:        "UPS Mail Innovations",
			aliases:     []string{"UPSMI", "UPS MI", "Mail Innovations", "UPS Expedited Mail Innovations"},
			handsOverTo: []string{usps, ups},
			takes:       map[string][]string{"walmart": {"UPSMI"}, "amazon": {"UPSMI", "UPS Mail Innovations"}, "ebay": {"UPS Mail Innovations", "UPSMI", "UPS-MI"}},
			url:         "https://www.ups.com/track?loc=en_US&tracknum=%s",
		},
		{
			Name:        "UPS SurePost",
			aliases:     []string{"SurePost", "UPS Ground Saver", "UPS SurePost 1 lb or Greater", "UPS SurePost Less than 1 lb"},
			handsOverTo: []string{usps, ups},
			url:         "https://www.ups.com/track?loc=en_US&tracknum=%s",
		},
		{
			Name: usps,
			aliases: []string{
				"United States Postal Service", "US Postal Service", "U.S. Postal Service", "US Post", "Stamps.com", "Endicia", "USPS Priority Mail",
				"USPS Ground Advantage", "USPS First Class", "USPS First-Class Mail", "Priority Mail", "First-Class Mail", "USPS.com",
			},
			forms: slicesOf(
				// of a postal counter or of an older label, with the identifier or without
				[]form{{shape: "#20", check: gs1}, {shape: "#20", check: legacyPostal}, {shape: "91 #20", check: gs1}},
				withRouting("#20", legacyPostal, 20), withRouting("91 #20", gs1, 22),
				// of labels printed online, and of those who mail a lot, by the digits of their mailer number
				[]form{
					{shape: "94 #20", check: gs1},
					{shape: "94 #24", check: gs1},
					{shape: "94 #3 9 #24", check: gs1},
					{shape: "92 #3 9 #16", check: gs1},
					{shape: "92 #3 9 #20", check: gs1},
					{shape: "93 #3 [012345678] #16", check: gs1},
					{shape: "93 #3 [012345678] #20", check: gs1},
					{shape: "95 #20", check: gs1},
					{shape: "95 #24", check: gs1},
				},
				withRouting("94 #20", gs1, 22), withRouting("92 #3 9 #16", gs1, 22), withRouting("93 #3 [012345678] #16", gs1, 22), withRouting("95 #20", gs1, 22),
				[]form{
					{shape: "420 #5 94 #24", check: gs1, from: 8},
					{shape: "420 #5 92 #3 9 #20", check: gs1, from: 8},
					{shape: "420 #5 93 #3 [012345678] #20", check: gs1, from: 8},
					{shape: "420 #5 95 #24", check: gs1, from: 8},
				},
			),
			postal: true,
			takes:  everywhere(usps),
			url:    "https://tools.usps.com/go/TrackConfirmAction?tLabels=%s",
		},
		{
			Name:    fedEx,
			aliases: []string{"Federal Express", "FDX", "FDXG", "FDXE", "FedEx Ground", "FedExGround", "FedEx Home Delivery", "FedEx Express", "Fed Ex"},
			forms: []form{
				{shape: "#12", check: fedEx12},
				{shape: "[012345678] #33", check: fedEx13, from: 20},
				{shape: "3 #31", check: fedEx12, from: 16, to: 28},
				{shape: "#15", check: gs1Odd},
				{shape: "#18", check: gs1, from: 2},
				{shape: "96 #20", check: gs1Odd, from: 7},
				{shape: "96 #32", check: fedEx13, from: 20},
			},
			handsOverTo: []string{usps},
			takes:       map[string][]string{"walmart": {fedEx, "FDX"}, "amazon": {fedEx}, "ebay": {fedEx}},
			url:         "https://www.fedex.com/fedextrack/?trknbr=%s",
		},
		{
			Name:        "FedEx SmartPost",
			aliases:     []string{"SmartPost", "FedEx Ground Economy", "FedExSP"},
			handsOverTo: []string{usps, fedEx},
			takes:       map[string][]string{"walmart": {"FEDEXSP"}, "amazon": {"FedEx SmartPost"}, "ebay": {"FedEx SmartPost"}},
			url:         "https://www.fedex.com/fedextrack/?trknbr=%s",
		},
		{
			Name: "Amazon",
			aliases: []string{
				"Amazon Logistics", "AMZL", "AMZL US", "AMZN_US", "Amazon Shipping", "Amazon Shipping Ground", "Amazon Buy Shipping", "AMZN", "Amazon MCF", "Swiship",
			},
			forms:       []form{{shape: "TBA #12"}, {shape: "TBC #12"}, {shape: "TBM #12"}, {shape: "[AFC] #10"}},
			handsOverTo: []string{usps, ups, fedEx},
			url:         "https://track.amazon.com/tracking/%s",
		},
		{
			Name:        onTracName,
			aliases:     []string{"On Trac", "OnTrac Ground"},
			forms:       []form{{shape: "C #14", check: onTracC, from: 1}, {shape: "D #14", check: onTracD, from: 1}},
			handsOverTo: []string{laserShip},
			takes:       everywhere(onTracName),
			url:         "https://www.ontrac.com/tracking/?number=%s",
		},
		{
			Name:    laserShip,
			aliases: []string{"Laser Ship"},
			forms: []form{
				{shape: "L [AIEHNX] [123] #7"},
				{shape: "1LS7 [12] #4 #6"},
				{shape: "1LS7 [12] #2 01 [1234] #6 1"},
				{shape: "1LSCX *10"},
			},
			handsOverTo: []string{onTracName},
			takes:       map[string][]string{"walmart": {"LS"}, "amazon": {laserShip}, "ebay": {laserShip}},
			url:         "https://www.ontrac.com/tracking/?number=%s",
		},
		{
			Name:    "Spee-Dee",
			aliases: []string{"Spee-Dee Delivery", "Speedee", "Speedee Delivery", "Spee-Dee Delivery Service"},
			forms:   []form{{shape: "SP #18"}},
			url:     "https://www.speedeedelivery.com/track/?tracking=%s",
		},
		{
			Name:    "Old Dominion",
			aliases: []string{"Old Dominion Freight Line", "ODFL"},
			forms: []form{
				{shape: "77 [78] #8", check: luhn}, {shape: "072 #8", check: luhn}, {shape: "780 #8", check: luhn}, {shape: "80 #9", check: luhn},
			},
			url: "https://www.odfl.com/us/en/tools/trace-track-ltl-freight/trace.html?proNumbers=%s",
		},
		{
			Name:    "GOFO Express",
			aliases: []string{"GOFO", "GOFO US"},
			forms:   []form{{shape: "GFUS #14"}},
			url:     "https://www.gofoexpress.com/tracking.html?searchID=%s",
		},
	}
}

// withRouting is a form of n digits behind the ZIP code that the parcel goes
// to, of 5 digits or 9.
func withRouting(shape string, c check, n int) []form {
	return []form{{shape: "420 #5 " + shape, check: c, from: 8, to: 8 + n}, {shape: "420 #9 " + shape, check: c, from: 12, to: 12 + n}}
}

func slicesOf(parts ...[]form) []form {
	var all []form
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}
