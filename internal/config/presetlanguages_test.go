package config_test

import (
	"context"
	"strings"
	"testing"
)

// A program that runs in another language, or whose columns somebody renamed, writes
// other headers. What a preset can't read of them is an error or a warning: no order is
// acknowledged that was canceled, none gets another time, no void label is shipped.
func TestHeadersInAnotherLanguage(t *testing.T) {
	for name, c := range map[string]struct {
		preset, status, csv, more string
		want                      string // what is said; empty: nothing
	}{
		"an eBay report in German":     {"ebay_report", "shipped", "\n\nVerkaufsprotokollnummer;Bestellnummer;Sendungsnummer;Verschickt am - Datum\n1;07-1;1Z1;10-Dez-25\n", "", ""},
		"its date is called otherwise": {"ebay_report", "shipped", "Numéro de vente;Numéro de commande;Numéro de suivi;Colis remis\n1;07-1;1Z1;10 nov. 2026\n", "", `has no column "Shipped On Date"`},
		"which the batch reads":        {"ebay_report", "shipped", "Numéro de vente;Numéro de commande;Numéro de suivi;Colis remis\n1;07-1;1Z1;10 nov. 2026\n", `shipped_on = parse_time("%d %b %Y", row["Colis remis"])`, ""},
		"canceled in Shopify":          {"shopify", "acknowledged", "Name,Zahlungsstatus,Fulfillment-Status,Storniert am\n#1001,bezahlt,,2026-11-20\n", "", `has no column "Cancelled at"`},
		"to be canceled":               {"shopify", "cancelled", "Name,Zahlungsstatus,Fulfillment-Status,Storniert am\n#1001,bezahlt,,2026-11-20\n", `reason = "x"`, `has no column "Cancelled at"`},
		"ShipStation":                  {"shipstation", "shipped", "Auftrag - Nummer,Sendung - Sendungsnummer\n1001,1Z1\n", "", "has none of the columns that the batch reads"},
		"Amazon, without names of API": {"amazon_flat", "shipped", "Bestellnummer\tSendungsnummer\tVersanddatum\n112-1\t1Z1\t2026-11-20\n", "", "has none of the columns that the batch reads"},
		"a column of void labels":      {"generic", "shipped", "Ordernummer,Tracking,Makulerad\n1001,1Z1,Ja\n", "", `does not read column "Makulerad" of x.csv. If it says which labels are void`},
		"renamed in ShipStation":       {"shipstation", "shipped", shipStation[:len(shipStation)-1] + ",Label void?\n1001,1Z1,UPS,11/20/2026 1:12:00 PM,Shop,Y\n", "", `does not read column "Label void?" of x.csv`},
		"that the batch reads":         {"generic", "shipped", "Ordernummer,Tracking,Makulerad\n1001,1Z1,Ja\n", `voided = row["Makulerad"] == "Ja"`, ""},
		"that does not say it":         {"generic", "shipped", "Ordernummer,Tracking,Makulerad\n1001,1Z1,Ja\n", `voided = false`, ""},
		"that leaves rows out":         {"generic", "shipped", "Ordernummer,Tracking,Makulerad\n1001,1Z1,Nej\n", `where = row["Makulerad"] == "Nej"`, ""},
		"a table in Polish":            {"generic", "shipped", "Numer zamówienia,Numer przesyłki,Anulowano\n1001,1Z1,Nie\n", "", ""},
		"none is shipped":              {"shipstation", "acknowledged", shipStation[:len(shipStation)-1] + ",Label void?\n1001,1Z1,UPS,11/20/2026 1:12:00 PM,Shop,Y\n", `order_number = row["Order - Number"]`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := mustLoad(t, files{"x.csv": c.csv, "main.hcl": presetBatch(c.preset, c.status, c.more)}, world{})
			_, diags := cfg.Wishes(context.Background())
			got := said(diags)
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
