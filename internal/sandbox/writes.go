package sandbox

import (
	"encoding/json"
	"net/http"
	"time"
)

// onlyShippedOrCancelled is the one message that the reference documents.
const onlyShippedOrCancelled = "Only ‘CANCELLED’ or ‘SHIPPED’ status updates are allowed."

// updateStatus takes in a ship or a cancel. What is not written stays as it
// is, a ship date aside: without one, it is the moment the update takes effect.
func (s *Sandbox) updateStatus(c call, now time.Time) reply {
	o := s.byID[c.id]
	if o == nil {
		return refuse(http.StatusNotFound, "The order could not be found.")
	}
	var request struct {
		OrderStatus                string
		ShipmentTrackingNumber     string
		DateShipped                string
		DestinationShippingCarrier string
	}
	if err := json.Unmarshal(c.body, &request); err != nil {
		return refuse(http.StatusBadRequest, "")
	}
	switch canonicalStatus(request.OrderStatus) {
	case StatusShipped, StatusCanceled:
	default:
		return refuse(http.StatusBadRequest, onlyShippedOrCancelled)
	}
	if request.DateShipped != "" {
		if _, err := parseTime(request.DateShipped); err != nil {
			return *invalid("DateShipped")
		}
	}
	s.receive(Write{
		Order: o.ID, Op: OpUpdateStatus, ReceivedAt: now,
		Status: request.OrderStatus, Tracking: request.ShipmentTrackingNumber,
		Carrier: request.DestinationShippingCarrier, DateShipped: request.DateShipped,
	}, nil)
	return s.style.done()
}

// acknowledge takes in the seller's order number. The reference does not say
// what happens to a shipped order: it becomes Processing like any other, so
// that a client that does it is found out.
func (s *Sandbox) acknowledge(c call, now time.Time) reply {
	o := s.byID[c.id]
	if o == nil {
		return refuse(http.StatusNotFound, "The order could not be found.")
	}
	number := c.query.Get("orderdestinationordernumber")
	if number == "" {
		return *invalid("orderDestinationOrderNumber")
	}
	s.receive(Write{Order: o.ID, Op: OpAcknowledge, ReceivedAt: now, OrderNumber: number}, nil)
	return s.style.done()
}
