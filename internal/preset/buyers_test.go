package preset_test

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/preset"
)

func TestBuyerColumns(t *testing.T) {
	for _, name := range []string{
		"Email", "E-Mail", "Buyer Email", "Customer - Email", "buyer-email", "Contact Email Address", "order_email", "Phone", "Ship To Phone", "ship-phone-number", "Telefon",
		"Ship To - Name", "Bill To - Name", "Ship To Name", "Buyer Name", "buyer-name", "recipient-name", "Recipient", "Customer", "Customer Name", "Shipping Name", "Billing Street",
		"Billing Address1", "ship-address-1", "Ship To - Line 1", "Street", "Address", "Address 2", "Post to address 1", "Post to postcode", "City", "Ship To City", "Zip", "Postal Code", "ship-postal-code",
		"First Name", "LastName", "Full Name", "Buyer Username", "Buyer Note", "Customer Notes", "BuyerUserId", "BuyerEmailAddress", "BuyerPhoneNumber", "Street1", "Street2", "ShipToCompanyName",
		"Name des Käufers", "Nutzername des Käufers", "Käuferadresse 1", "Ort des Käufers", "Postleitzahl des Käufers", "E-Mail des Käufers", "Vorname", "Straße", "PLZ", "Lieferadresse", "Empfänger", "Kundenname",
		"Nom de l'acheteur", "Adresse de livraison", "Code postal", "Prénom", "Téléphone", "Ville", "Destinataire",
		"Nombre del comprador", "Correo electrónico", "Dirección", "Ciudad", "Código postal", "Teléfono", "Destinatario",
		"Indirizzo", "Cognome", "Nome dell'acquirente", "Città", "Ship To Company or Name",
	} {
		if !preset.BuyerColumn(name) {
			t.Errorf("%q identifies buyers", name)
		}
	}
	for _, name := range []string{
		"", "Order Number", "Order - Number", "Order ID", "order-id", "Tracking Number", "Shipment - Carrier", "Carrier - Name", "carrier-name", "Shipping Company", "Shipping Service", "Ship Via", "Shipping Method",
		"Ship Date", "Ship To - Country", "Ship To - State", "Country", "State", "Store", "Market - Store Name", "Source", "Item Title", "Lineitem name", "Product Name", "SKU", "Name", "Status", "Delivery Date", "Shipping", "Shipping Cost",
		"Billing Currency", "Void", "Email Marketing", "Accepts Email Marketing", "Warehouse", "Ship From", "Versandart", "Versanddatum", "Bestellnummer", "Sendungsnummer", "Numéro de commande", "Número de pedido", "Total", "Batch", "Reference 1", "Zone", "Note",
	} {
		if preset.BuyerColumn(name) {
			t.Errorf("%q identifies nobody", name)
		}
	}
}

func TestBuyersInCells(t *testing.T) {
	for text, want := range map[string]bool{
		"ann@example.com": true, "ring ann.b+1@mail.example.co.uk, please": true, "@home": false, "a@b": false, "MUG@HOME": false, "": false, "1Z999AA10123456784": false,
	} {
		if preset.HasEmail(text) != want {
			t.Errorf("e-mail in %q: %v", text, !want)
		}
	}
	for text, want := range map[string]bool{
		"+1 217-555-0100": true, "+49 (30) 1234567": true, "(217) 555-0100": true, "(217) 555-0100 ext. 7": true, "+12175550100": true,
		"217-555-0100": false, "2175550100": false, "112-1234567-1234567": false, "9400111899223197428404": false, "07-11223-34455": false, "(1)": false, "+5": false, "+5%": false, "(12) items": false, "": false,
	} {
		if preset.IsPhone(text) != want {
			t.Errorf("phone %q: %v", text, !want)
		}
	}
}
