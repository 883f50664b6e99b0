package carrier

// posts are the national ones. Each issues international numbers beside those
// that are its own.
func posts() []*Carrier {
	return []*Carrier{
		{
			Name: "Canada Post", aliases: []string{"Postes Canada", "CanadaPost", "CPC", "Canada Post Expedited Parcel"}, postal: true,
			forms: []form{{shape: "#16", check: gs1}},
			url:   "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor=%s",
		},
		{Name: "Royal Mail", postal: true, url: "https://www.royalmail.com/track-your-item#/tracking-results/%s"},
		{Name: "Australia Post", aliases: []string{"AusPost", "Aus Post"}, postal: true, url: "https://auspost.com.au/mypost/track/#/details/%s"},
		{Name: "China Post", aliases: []string{"EMS China", "China EMS"}, postal: true},
		{Name: "Deutsche Post", postal: true},
		{Name: "La Poste", aliases: []string{"Colissimo"}, postal: true},
		{Name: "Japan Post", postal: true},
		{Name: "Swiss Post", postal: true},
		{Name: "PostNL", postal: true},
	}
}

// consolidators print labels of posts and carry the parcels as far as these.
func consolidators() []*Carrier {
	return []*Carrier{
		{
			Name:    dhlECommerce,
			aliases: []string{"DHL e-Commerce", "DHL Global Mail", "DHL GlobalMail", "DHL Globalmail Business", "DHL eCommerce US", "DHL eCommerce Solutions", "DHL eCommerce America"},
			forms: append(eCommerceForms("GM", "LX", "RX", "UV", "CN", "SG", "TH", "IN", "HK", "MY"),
				form{shape: "#14"}),
			postal: true, handsOverTo: []string{usps, dhl},
			takes: map[string][]string{"amazon": {dhlECommerce, "DHL Global Mail"}, "ebay": {dhlECommerce, "DHL Global Mail"}},
			url:   "https://www.dhl.com/us-en/home/tracking.html?tracking-id=%s",
		},
		{Name: "OSM Worldwide", aliases: []string{"OSM"}, postal: true, handsOverTo: []string{usps}, takes: map[string][]string{"walmart": {"OSM Worldwide"}}},
		{Name: "Pitney Bowes", aliases: []string{"Newgistics", "NG", "Pitney Bowes Newgistics"}, postal: true, handsOverTo: []string{usps}, takes: map[string][]string{"walmart": {"NG"}}},
		{Name: "Asendia", aliases: []string{"Asendia USA", "Globegistics"}, postal: true, handsOverTo: []string{usps}},
		{Name: "APC", aliases: []string{"APC Postal Logistics"}, postal: true, handsOverTo: []string{usps}},
		{Name: "ePost Global", aliases: []string{"ePost", "ePostGlobal"}, postal: true, handsOverTo: []string{usps}},
		{
			Name: "Landmark Global", aliases: []string{"Landmark"}, postal: true, handsOverTo: []string{usps, "Canada Post"},
			forms: []form{{shape: "LTN #8 N1"}}, takes: map[string][]string{"walmart": {"Landmark Global"}},
			url: "https://track.landmarkglobal.com/?search=%s",
		},
		{
			Name: "YunExpress", aliases: []string{"Yun Express", "YunTrack"}, postal: true, handsOverTo: []string{usps},
			forms: []form{{shape: "YT #16"}}, takes: map[string][]string{"walmart": {"YunExpress"}},
			url: "https://www.yuntrack.com/parcelTracking?id=%s",
		},
	}
}

// others are express and parcel carriers outside of the United States.
func others() []*Carrier {
	return []*Carrier{
		{
			Name:    dhl,
			aliases: []string{"DHL Express", "DHL International", "DHL Express Worldwide"},
			forms: []form{
				{shape: "#10", check: modulo7},
				{shape: "#11", check: modulo7},
				{shape: "JJD #9"},
				{shape: "JJD #10"},
				{shape: "JVGL #10"},
				{shape: "J @2 #9"},
				{shape: "J @2 #10"},
				{shape: "J @3 #9"},
				{shape: "J @3 #10"},
			},
			handsOverTo: []string{dhlECommerce, usps, "Deutsche Post"},
			takes:       everywhere(dhl),
			url:         "https://www.dhl.com/us-en/home/tracking.html?tracking-id=%s",
		},
		{
			Name: "DPD", aliases: []string{"DPD UK", "DPD Germany", "DPD Group"},
			forms: []form{{shape: "#27 *1", check: mod37}, {shape: "#14 *1", check: mod37}},
			url:   "https://www.dpdgroup.com/nl/mydpd/my-parcels/track?lang=en&parcelNumber=%s",
		},
		{
			Name: "Yodel", aliases: []string{"Yodel Direct"}, forms: []form{{shape: "JJD #16"}, {shape: "JD #16"}},
			url: "https://www.yodel.co.uk/tracking/%s",
		},
		{
			Name: "Purolator", aliases: []string{"Purolator Courier"},
			forms: []form{{shape: "[012345] #11", check: luhn}, {shape: "@3 #9"}},
			url:   "https://www.purolator.com/en/shipping/tracker?searchValue=%s",
		},
		{
			Name: "Canpar", aliases: []string{"Canpar Express", "Canpar Courier"}, forms: []form{{shape: "[CDKLSUXZ] #21"}},
			url: "https://www.canpar.com/en/tracking/delivery_options.htm?barcode=%s",
		},
	}
}

// eCommerceForms are numbers of DHL eCommerce with one of these prefixes. Behind
// it a digit comes first.
func eCommerceForms(prefixes ...string) []form {
	var forms []form
	for _, prefix := range prefixes {
		forms = append(forms, form{shape: prefix + " #1 *9-38"})
	}
	return forms
}
