package godatafeed

import (
	"context"
	"net/http"
	"time"
)

// BeforeSend is the caller's journal. A write calls it once, after everything
// that can wait and right before the bytes are sent; if it fails, nothing is
// sent, and its error is wrapped. A nil BeforeSend does nothing.
type BeforeSend func() error

// Shipment is what an order is shipped with. Empty fields are not sent; a ship
// date that is not sent is the API's to choose.
type Shipment struct {
	Tracking  string
	Carrier   string    // as the marketplace writes it; used only if the seller's settings say so
	ShippedAt time.Time // sent in UTC and whole seconds: a date alone would become midnight
}

// Statuses as they are written. Of the two spellings of the second, this is
// the one that every place of the reference has.
const (
	wordShipped   = "Shipped"
	wordCancelled = "CANCELLED"
)

type statusUpdate struct {
	OrderStatus                string
	ShipmentTrackingNumber     string `json:",omitempty"`
	DateShipped                string `json:",omitempty"`
	DestinationShippingCarrier string `json:",omitempty"`
}

// Ship marks an order as shipped (reference: Update an Order). Like all writes
// it makes one attempt; OutcomeOf says what its error means for the order.
func (c *Client) Ship(ctx context.Context, id string, s Shipment, before BeforeSend) error {
	update := statusUpdate{
		OrderStatus: wordShipped, ShipmentTrackingNumber: s.Tracking,
		DateShipped: wireTime(s.ShippedAt), DestinationShippingCarrier: s.Carrier,
	}
	return c.updateStatus(ctx, OpShip, id, update, before)
}

// Cancel marks an order as canceled. The API takes no reason.
func (c *Client) Cancel(ctx context.Context, id string, before BeforeSend) error {
	return c.updateStatus(ctx, OpCancel, id, statusUpdate{OrderStatus: wordCancelled}, before)
}

func (c *Client) updateStatus(ctx context.Context, op, id string, update statusUpdate, before BeforeSend) error {
	if id == "" {
		return invalid(op, "the order's ID is empty")
	}
	body, err := marshal(update)
	if err != nil {
		return invalid(op, "the change can't be written as JSON")
	}
	return c.write(ctx, request{
		op: op, method: http.MethodPut, path: []string{"Orders", id, "UpdateStatus"}, body: body,
	}, before)
}

// Acknowledge sends the seller's number for an order to the API. The quotes
// around it in the reference are placeholders: the bare value is sent.
func (c *Client) Acknowledge(ctx context.Context, id, number string, before BeforeSend) error {
	switch {
	case id == "":
		return invalid(OpAcknowledge, "the order's ID is empty")
	case number == "":
		return invalid(OpAcknowledge, "the order number is empty")
	}
	return c.write(ctx, request{
		op: OpAcknowledge, method: http.MethodPut, path: []string{"Orders", id, "AcknowledgeOrder"},
		query: map[string][]string{"orderDestinationOrderNumber": {number}},
	}, before)
}

// Insert makes an order of a body that holds the fields of the reference (Insert an
// Order). It has no ID to be sent again under, or to be looked up by: where OutcomeOf
// says Unknown, only a listing shows whether it is there.
func (c *Client) Insert(ctx context.Context, body []byte, before BeforeSend) error {
	if len(body) == 0 {
		return invalid(OpInsert, "the order is empty")
	}
	return c.write(ctx, request{op: OpInsert, method: http.MethodPut, path: []string{"Orders", "InsertOrder"}, body: body}, before)
}

// write makes the one attempt of a write.
func (c *Client) write(ctx context.Context, r request, before BeforeSend) error {
	// The token first: fetching it takes time, and room that was taken long
	// before it is used lets calls come closer together than the bucket allows.
	token, err := c.tokenFor(ctx, r)
	if err != nil {
		return asError(r.op, err)
	}
	waited, err := c.limiter.Wait(ctx)
	if err != nil {
		return asError(r.op, err)
	}
	if before != nil {
		if err := before(); err != nil {
			return &Error{Op: r.op, Reason: "not sent: " + err.Error(), Outcome: NotExecuted, cause: err}
		}
	}
	c.budget.call()
	rep, failed := c.exchange(ctx, r, token, waited)
	if failed == nil {
		failed = c.judge(r, rep, token)
	}
	if failed == nil {
		return nil
	}
	return failed
}

// acceptance is the answer to a write.
type acceptance struct{ envelope }

func (*acceptance) check() error { return nil }

// judge says what an answer means for a write: done only if it says so.
func (c *Client) judge(r request, rep reply, token string) *Error {
	if rep.status/100 != 2 {
		return c.rejected(r, rep, token)
	}
	c.tokens.worked(token)
	var a acceptance
	if failed := c.understand(r, rep, &a); failed != nil {
		return failed
	}
	if !a.Success.said {
		return &Error{
			Op: r.op, Status: rep.status, Outcome: Unknown,
			Reason:  statusText(rep.status) + ", but the answer does not say whether it succeeded",
			Message: c.foreign(string(a.Message)),
		}
	}
	return nil
}
