package apiserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// insertRequired are the parameters that the reference's table of InsertOrder marks so.
var insertRequired = strings.Fields(`BuyerEmailAddress BuyerPhoneNumber OrderSource OrderSourceOrderNumber DateCreatedInOrderSource ShipToCompanyName
	FirstName LastName Street1 City StateOrProvince Country PostalCode ShippingMethod GrandTotal SubTotal OrderItems`)

// insertKnown are the others, of the table and of its example.
var insertKnown = strings.Fields(`OrderDestinationOrderNumber Street2 ShippingTotal ShippingTaxTotal GiftWrapTotal GiftWrapTaxTotal PaymentTransactionId
	BuyerUserId ShippingServiceName ShippingServiceValue`)

// insert takes an order in, and another one each time that it is sent: the documents do
// not say that a number can be there only once.
func (s *Server) insert(w http.ResponseWriter, r *http.Request, token string) {
	var body map[string]json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		s.complain("an insert without a JSON body")
		refuse(w, http.StatusBadRequest, "Your request is invalid.")
		return
	}
	for _, name := range insertRequired {
		if len(body[name]) == 0 {
			s.complain("an insert without %s", name)
		}
	}
	for name := range body {
		if !slices.Contains(insertRequired, name) && !slices.Contains(insertKnown, name) {
			s.complain("no parameter of InsertOrder that a new order has: %s", name)
		}
	}
	text := func(name string) (v string) { _ = json.Unmarshal(body[name], &v); return v }
	created, err := time.Parse(time.RFC3339, text("DateCreatedInOrderSource"))
	if err != nil {
		s.complain("DateCreatedInOrderSource of an insert")
	}
	o := Order{Source: text("OrderSource"), SourceNumber: text("OrderSourceOrderNumber"), Created: created, Values: Values{Status: New}}
	fault := s.begin(Insert, token, "")
	if fault.refuses() {
		fault.answer(w)
		return
	}
	delay := s.options().WriteDelay
	done := make(chan struct{})
	s.executing.Go(func() {
		defer close(done)
		if delay != nil {
			time.Sleep(delay()) // this is the server's slowness itself
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.inserted++
		o.ID = fmt.Sprintf("inserted%d", s.inserted)
		record := newRecord(o)
		record.writes = append(record.writes, Write{Op: Insert, At: time.Now()})
		s.orders[o.ID] = record
	})
	<-done
	if fault.answer(w) {
		return
	}
	reply(w, map[string]any{"Success": true, "Message": ""})
}
