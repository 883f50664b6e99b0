package preset_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/preset"
)

// split is a crude reading of a header, enough for samples.
func split(line string) []string {
	sep := ","
	if strings.Contains(line, "\t") {
		sep = "\t"
	}
	names := strings.Split(strings.TrimSpace(line), sep)
	for i, n := range names {
		names[i] = strings.Trim(n, `"`)
	}
	return names
}

func named(presets []*preset.Preset) (names []string) {
	for _, p := range presets {
		names = append(names, p.Name)
	}
	return names
}

// Every folder is whole, and its sample is recognized as its own and as no other's.
func TestSamplesFitTheirOwnPreset(t *testing.T) {
	if len(preset.All()) < 8 {
		t.Fatal("presets are missing")
	}
	for _, p := range preset.All() {
		t.Run(p.Name, func(t *testing.T) {
			sample, err := p.Sample()
			if err != nil {
				t.Fatal(err)
			}
			if p.Title == "" || p.Files == "" || len(p.Statuses) == 0 || len(p.Columns) == 0 {
				t.Errorf("incomplete: %+v", p)
			}
			var found []string
			for line := range strings.Lines(string(sample)) {
				if fit := preset.Fitting(split(line)); fit != nil && !fit[0].Fallback || p.Fallback {
					if found = named(fit); found != nil {
						break
					}
				}
			}
			if !slices.Equal(found, []string{p.Name}) {
				t.Errorf("it fits %v", found)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	for header, want := range map[string][]string{
		"ORDER - NUMBER,shipment -  tracking number,x":                                 {"shipstation"},
		"Order ID,Tracking Number,Carrier,Ship Date":                                   {"pirateship"},
		"Order ID,Tracking Number,Shipping Service,Carrier,Ship Date,OrderId":          {"linnworks"},
		"OrderId,Tracking Number,Shipping Service":                                     {"linnworks"},
		"Order Number,Tracking Number,Shipped On Date":                                 {"ebay_report"},
		"Verkaufsprotokollnummer,Bestellnummer,Sendungsnummer,Verschickt am - Datum":   {"ebay_report"},
		"Bestellnummer,Sendungsnummer,Versanddatum,Versanddienst":                      {"generic"},
		"Sales record number,Order number,Buyer username,Tracking number":              {"ebay_report"},
		"order-id,order-item-id,ship-date,carrier-code,carrier-name,tracking-number":   {"amazon_flat"},
		"Name,Email,Financial Status,Fulfillment Status":                               {"shopify"},
		"Reference 1,Lead Tracking Number":                                             {"worldship"},
		"Package_Reference1,ShipmentInformation_LeadTrackingNumber":                    {"worldship"},
		"LeadTrackingNumber,Ref. No. 1":                                                {"worldship"},
		"Sales Record Number,User Id,Order ID,Item ID,Shipped on Date,Tracking Number": {"ebay_report"},
		"Bestell-Nr.;Tracking-Nr.;Versandart":                                          nil,
		"Bestell-Nr.,Tracking-Nr.,Versandart":                                          {"generic"},
		"PO #,Tracking #,Carrier,Ship Date":                                            {"generic"},
		"po no.,TRACKING NO.":                                                          {"generic"},
		"Numéro de commande,Numéro de suivi,Transporteur":                              {"generic"},
		"Order Number,SKU,Quantity":                                                    nil,
		"Order,Item":                                                                   nil,
		"112-1234567-1234567,1Z999AA10123456784":                                       nil,
		"":                                                                             nil,
		"OrderId,Reference 1,Tracking Number,Lead Tracking Number,Postal Service":      {"linnworks", "worldship"},
		"Order - Number,Shipment - Tracking Number,Reference 1,Lead Tracking Number,x": {"shipstation", "worldship"},
	} {
		if got := named(preset.Fitting(split(header))); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", header, got, want)
		}
	}
}

// A language in which an order and a parcel are known is known whole: otherwise void labels
// would be shipped, or orders would get another time.
func TestLanguagesAreWhole(t *testing.T) {
	for language, header := range map[string]string{
		"English":    "Order Number,Tracking Number,Carrier,Ship Date,Voided,Shipping Status",
		"German":     "Bestellnummer,Sendungsnummer,Versanddienstleister,Versanddatum,Ungültig,Versandstatus",
		"French":     "Numéro de commande,Numéro de suivi,Transporteur,Date d'expédition,Annulé,Statut",
		"Spanish":    "Número de pedido,Número de seguimiento,Transportista,Fecha de envío,Anulado,Estado",
		"Italian":    "Numero ordine,Numero di tracciamento,Corriere,Data di spedizione,Annullato,Stato",
		"Dutch":      "Bestelnummer,Track & Trace,Vervoerder,Verzenddatum,Geannuleerd,Verzendstatus",
		"Portuguese": "Número do pedido,Código de rastreio,Transportadora,Data de envio,Cancelado,Estado",
		"Polish":     "Numer zamówienia,Numer przesyłki,Przewoźnik,Data wysyłki,Anulowano,Status przesyłki",
	} {
		p := preset.Named("generic")
		found := p.Find(split(header))
		columns := map[int]string{}
		for name, at := range found {
			if _, twice := columns[at[0]]; twice || len(at) != 1 {
				t.Errorf("%s: %s is %v", language, name, at)
			}
			columns[at[0]] = name
		}
		if len(columns) != 6 {
			t.Errorf("%s: %v are known", language, columns)
		}
	}
}

func TestColumnsOfVoidLabels(t *testing.T) {
	for _, c := range []struct {
		preset, header string
		want           []string
	}{
		{"generic", "Ordernummer,Tracking,Makulerad", []string{"Makulerad"}},
		{"generic", "Order #,Tracking #,Voided,Void Date", nil},
		{"generic", "Order #,Tracking #,Manual", nil},
		{"shipstation", "Order - Number,Shipment - Tracking Number,Label Void?", []string{"Label Void?"}},
		{"shipstation", "Order - Number,Shipment - Tracking Number,Shipment - Voided", nil},
		{"ebay_report", "Bestellnummer,Sendungsnummer,Verschickt am,Storno-Grund", []string{"Storno-Grund"}},
	} {
		if got := preset.Named(c.preset).Voiding(split(c.header)); !slices.Equal(got, c.want) {
			t.Errorf("%s in %s: %q, want %q", c.header, c.preset, got, c.want)
		}
	}
}

// The columns of a known export have an order of preference. Those of a file from
// anywhere have none: what can be two columns is not known.
func TestWhichColumnIsRead(t *testing.T) {
	for _, c := range []struct {
		preset, header, column string
		want                   []int
	}{
		{"shipstation", "Order - Number,Carrier - Name,Shipment - Carrier", "Shipment - Carrier", []int{2}},
		{"shipstation", "Order - Number,Shipment - Service,Carrier - Name", "Shipment - Carrier", []int{2}},
		{"shipstation", "Order - Number,x", "Shipment - Carrier", nil},
		{"shipstation", "Carrier - Name,carrier - name", "Shipment - Carrier", []int{0, 1}},
		{"linnworks", "OrderId,Reference Number", "Reference Number", []int{1}},
		{"linnworks", "OrderId,x", "Reference Number", []int{0}},
		{"generic", "Order ID,Order Number", "order number", []int{0, 1}},
		{"generic", "x,Order #", "order number", []int{1}},
		{"generic", "Order #,Carrier Code,Carrier", "carrier", []int{2}},
		{"generic", "Order #,Courier,Carrier Code,carrier_code", "carrier", []int{1}},
		{"generic", "Order #,Courier,Carrier Code,carrier_code", "carrier code", []int{2, 3}},
		{"worldship", "voidindicator,Shipment_Void_Indicator", "Void Indicator", []int{0}},
	} {
		if got := preset.Named(c.preset).Find(split(c.header))[c.column]; !slices.Equal(got, c.want) {
			t.Errorf("%s in %s: %v, want %v", c.column, c.header, got, c.want)
		}
	}
}

// A header is close to the preset of whose columns it has the largest part, not to the one
// that has few.
func TestClosest(t *testing.T) {
	header := "order-id,order-item-id,purchase-date,quantity-purchased,tracking-number"
	p, missing := preset.Closest(split(header))
	if want := []string{"carrier-code", "ship-date"}; p.Name != "amazon_flat" || !slices.Equal(missing, want) {
		t.Errorf("%s, which lacks %q; want amazon_flat, which lacks %q", p.Name, missing, want)
	}
}

// Folders are written by hand.
func TestPresetsAreConsistent(t *testing.T) {
	for _, p := range preset.All() {
		batch := string(p.Batch)
		for _, c := range p.Columns {
			if !c.Required && !strings.Contains(batch, `row["`+c.Name+`"]`) {
				t.Errorf("%s: batch.hcl does not read %q", p.Name, c.Name)
			}
		}
		for _, s := range p.Statuses {
			if s != "acknowledged" && s != "cancelled" && s != "shipped" {
				t.Errorf("%s: status %q", p.Name, s)
			}
		}
		if preset.Named(p.Name) != p {
			t.Errorf("%s is not found", p.Name)
		}
	}
	if preset.Named("") != nil || preset.Named("../generic") != nil {
		t.Error("presets that are none")
	}
}
