package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// style spells answers: as the reference's examples do, or in every other way
// that a client has to bear.
type style struct{ other bool }

// envelope begins a successful answer.
func (st style) envelope() envelope {
	e := envelope{Success: true}
	if st.other {
		e.otherEnvelope = &otherEnvelope{CorrelationId: "00-4bf92f3577b34da6-00"}
	}
	return e
}

func (st style) done() reply { return reply{status: http.StatusOK, value: st.envelope()} }

func (st style) token(token string) reply {
	return reply{status: http.StatusOK, value: struct {
		envelope
		Token string
	}{st.envelope(), token}}
}

func (st style) count(n int) reply {
	return reply{status: http.StatusOK, value: struct {
		envelope
		Count int
	}{st.envelope(), n}}
}

func (st style) orders(orders []wireOrder) reply {
	return reply{status: http.StatusOK, value: struct {
		envelope
		Orders []wireOrder
	}{st.envelope(), orders}}
}

func (st style) feeds(feeds []*feed, now time.Time) reply {
	out := make([]wireFeed, len(feeds))
	for i, f := range feeds {
		out[i] = wireFeed{
			FeedId: f.ID, Name: f.Name, Status: st.word(f.Status), FileName: f.File,
			DateLastCompiled: st.time(f.compiledAt(now)), DateLastSubmitted: st.time(f.submittedAt(now)),
			CompilationTotalCount: f.Total, CompilationValidCount: f.Valid,
			CompilationWarningCount: f.Warning, CompilationErrorCount: f.Error, Score: f.Score,
		}
		if f.Undated {
			out[i].DateLastCompiled, out[i].DateLastSubmitted = nil, nil
		}
		if st.other {
			out[i].otherFeed = &otherFeed{Channel: "other"}
		}
	}
	return reply{status: http.StatusOK, value: struct {
		envelope
		Feeds []wireFeed
	}{st.envelope(), out}}
}

// order spells an order with its buyer, as reads show it.
func (st style) order(o *order, b buyer) wireOrder {
	v := o.shown()
	w := wireOrder{
		OrderId:                     o.ID,
		BuyerEmailAddress:           b.Email,
		BuyerPhoneNumber:            b.Phone,
		DateCreatedInDestination:    st.time(o.CreatedInDestination),
		DateCreatedInOrderSource:    st.time(o.CreatedInSource),
		DateShipped:                 st.time(v.ShippedAt),
		GrandTotal:                  st.amount(o.GrandTotal),
		OrderDestinationOrderNumber: absent(v.OrderNumber),
		OrderSource:                 o.Source,
		OrderSourceOrderNumber:      o.Number,
		PaymentTransactionId:        absent(b.PaymentTransactionID),
		ShipmentTrackingNumber:      absent(v.Tracking),
		OrderItems:                  make([]wireItem, len(o.Items)),
		BuyerUserId:                 absent(b.UserID),
		City:                        b.City,
		Country:                     b.Country,
		FirstName:                   b.FirstName,
		GiftWrapTotal:               st.amount(o.GiftWrap),
		GiftWrapTaxTotal:            st.amount(o.GiftWrapTax),
		LastName:                    b.LastName,
		PostalCode:                  b.PostalCode,
		ShippingServiceName:         o.Service,
		ShippingServiceValue:        o.ServiceValue,
		ShippingTotal:               st.amount(o.Shipping),
		ShippingTaxTotal:            st.amount(o.ShippingTax),
		ShipToCompanyName:           absent(b.Company),
		StateOrProvince:             b.State,
		Street1:                     b.Street1,
		Street2:                     b.Street2,
		SubTotal:                    st.amount(o.SubTotal),
		SyncUserErrorMessage:        v.SyncError,
		ShippingMethod:              o.Method,
		DestinationShippingCarrier:  absent(v.Carrier),
		OrderStatus:                 st.word(v.Status),
		SourceOrderStatus:           st.word(v.SourceStatus),
		SyncStatus:                  "Enabled",
		IsAmazonPrime:               o.Prime,
	}
	for i, it := range o.Items {
		w.OrderItems[i] = wireItem{
			OrderItemId: it.ID, Sku: it.SKU, Name: it.Name, Quantity: it.Quantity,
			UnitPrice: st.amount(it.Price), SaleTaxCost: st.amount("0"), Discount: "0.00",
		}
	}
	if st.other {
		w.otherOrder = &otherOrder{MarketplaceId: "ATVPDKIKX0DER", Tags: []string{"imported"}}
	}
	return w
}

// word spells a status.
func (st style) word(s string) string {
	if !st.other {
		return s
	}
	if s == StatusCanceled {
		return "CANCELLED"
	}
	return strings.ToUpper(s)
}

// time spells a moment with as many digits of a second as it has, seven at
// most; the zero time is null.
func (st style) time(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format("2006-01-02T15:04:05.9999999")
	if !st.other {
		s += "Z"
	}
	return &s
}

// amount spells money as a JSON number or as text.
func (st style) amount(a amount) any {
	if st.other {
		return string(a)
	}
	return json.Number(a)
}

// absent turns an empty text into null.
func absent(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
