package sandbox

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"time"
)

// insertRequest is the body of InsertOrder. Fields tagged required are those
// that the reference's table marks so: they must be there, and all but those
// that may be blank must hold something. The reference's own example has a
// blank company name; it lacks the ShippingMethod that the table requires, and
// is refused here for that.
type insertRequest struct {
	OrderSource                 *string `check:"required"`
	OrderSourceOrderNumber      *string `check:"required"`
	DateCreatedInOrderSource    *string `check:"required"`
	BuyerEmailAddress           *string `check:"required"`
	BuyerPhoneNumber            *string `check:"required"`
	ShipToCompanyName           *string `check:"required,blank"`
	FirstName                   *string `check:"required"`
	LastName                    *string `check:"required"`
	Street1                     *string `check:"required"`
	Street2                     *string
	City                        *string     `check:"required"`
	StateOrProvince             *string     `check:"required"`
	Country                     *string     `check:"required"`
	PostalCode                  *string     `check:"required"`
	ShippingMethod              *string     `check:"required"`
	GrandTotal                  *sentAmount `check:"required"`
	SubTotal                    *sentAmount `check:"required"`
	ShippingTotal               *sentAmount
	ShippingTaxTotal            *sentAmount
	GiftWrapTotal               *sentAmount
	GiftWrapTaxTotal            *sentAmount
	OrderItems                  *[]insertItem `check:"required"`
	OrderDestinationOrderNumber *string
	OrderStatus                 *string
	ShipmentTrackingNumber      *string
	DateShipped                 *string
	ShippingServiceName         *string
	ShippingServiceValue        *string
	BuyerUserId                 *string
	PaymentTransactionId        *string
}

type insertItem struct {
	Sku       *string     `check:"required"`
	Name      *string     `check:"required"`
	Quantity  *int        `check:"required"`
	UnitPrice *sentAmount `check:"required"`
}

// insertOrder takes an order in. The order's id is the server's own; the one
// that is sent is ignored.
func (s *Sandbox) insertOrder(c call, now time.Time) reply {
	var request insertRequest
	if err := json.Unmarshal(c.body, &request); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
			return *invalid(wrong.Field)
		}
		if wrong, ok := errors.AsType[*amountError](err); ok {
			return refuse(http.StatusBadRequest, wrong.Error())
		}
		return refuse(http.StatusBadRequest, "")
	}
	if field := request.missing(); field != "" {
		return refuse(http.StatusBadRequest, "The field "+field+" is required.")
	}
	o, field := request.order()
	if field != "" {
		return *invalid(field)
	}
	if s.opts.RefuseDuplicates && s.byNumber[numberKey(o)] != nil {
		return refuse(http.StatusBadRequest, "The order exists already.")
	}
	o.Serial = s.nextSerial()
	rng := generator{s.world.Seed}.rng(streamOrder, o.Serial)
	o.ID = identifier(rng)
	for i := range o.Items {
		o.Items[i].ID = identifier(rng)
	}
	s.buyers[o.ID] = request.buyer()
	s.receive(Write{
		Order: o.ID, Op: OpInsert, ReceivedAt: now, Source: o.Source, SourceNumber: o.Number,
		Status: text(request.OrderStatus), OrderNumber: o.Actual.OrderNumber,
		Tracking: o.Actual.Tracking, DateShipped: text(request.DateShipped),
	}, o)
	return s.style.done()
}

// missing names the first required field that is not there.
func (r *insertRequest) missing() string {
	if field := missingField(reflect.ValueOf(r).Elem()); field != "" {
		return field
	}
	if len(*r.OrderItems) == 0 {
		return "OrderItems"
	}
	for _, it := range *r.OrderItems {
		if field := missingField(reflect.ValueOf(it)); field != "" {
			return "OrderItems - " + field
		}
	}
	return ""
}

func missingField(request reflect.Value) string {
	for field, value := range request.Fields() {
		check := field.Tag.Get("check")
		if !strings.HasPrefix(check, "required") {
			continue
		}
		if value.IsNil() {
			return field.Name
		}
		if s, ok := value.Interface().(*string); ok && check == "required" && strings.TrimSpace(*s) == "" {
			return field.Name
		}
	}
	return ""
}

// order makes the order without its buyer; field names what can't be read.
func (r *insertRequest) order() (o *order, field string) {
	created, err := parseTime(*r.DateCreatedInOrderSource)
	if err != nil {
		return nil, "DateCreatedInOrderSource"
	}
	status := canonicalStatus(orElse(strings.TrimSpace(text(r.OrderStatus)), StatusNew))
	switch status {
	case StatusNew, StatusProcessing, StatusShipped, StatusCanceled:
	default:
		return nil, "OrderStatus"
	}
	o = &order{
		Source: *r.OrderSource, Number: *r.OrderSourceOrderNumber, CreatedInSource: created,
		SubTotal: r.SubTotal.amount(), GrandTotal: r.GrandTotal.amount(), Shipping: r.ShippingTotal.amount(),
		ShippingTax: r.ShippingTaxTotal.amount(), GiftWrap: r.GiftWrapTotal.amount(), GiftWrapTax: r.GiftWrapTaxTotal.amount(),
		Service: text(r.ShippingServiceName), ServiceValue: text(r.ShippingServiceValue), Method: *r.ShippingMethod,
		Actual: values{
			Status: status, SourceStatus: status,
			OrderNumber: text(r.OrderDestinationOrderNumber), Tracking: text(r.ShipmentTrackingNumber),
		},
	}
	if sent := text(r.DateShipped); sent != "" {
		if o.Actual.ShippedAt, err = parseTime(sent); err != nil {
			return nil, "DateShipped"
		}
	}
	for _, it := range *r.OrderItems {
		if *it.Quantity < 1 {
			return nil, "OrderItems - Quantity"
		}
		o.Items = append(o.Items, item{SKU: *it.Sku, Name: *it.Name, Quantity: *it.Quantity, Price: it.UnitPrice.amount()})
	}
	return o, ""
}

func (r *insertRequest) buyer() buyer {
	return buyer{
		Email: *r.BuyerEmailAddress, Phone: *r.BuyerPhoneNumber, FirstName: *r.FirstName, LastName: *r.LastName,
		Company: *r.ShipToCompanyName, Street1: *r.Street1, Street2: text(r.Street2), City: *r.City,
		State: *r.StateOrProvince, PostalCode: *r.PostalCode, Country: *r.Country,
		UserID: text(r.BuyerUserId), PaymentTransactionID: text(r.PaymentTransactionId),
	}
}

// sentAmount is money as a client sends it: a JSON number or a numeric string.
type sentAmount string

var decimal = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$`)

type amountError struct{ text string }

func (e *amountError) Error() string { return "The amount " + e.text + " is invalid." }

// UnmarshalJSON keeps the digits that were sent.
func (a *sentAmount) UnmarshalJSON(b []byte) error {
	digits := strings.Trim(string(b), `"`)
	if !decimal.MatchString(digits) {
		return &amountError{string(b)}
	}
	*a = sentAmount(digits)
	return nil
}

func (a *sentAmount) amount() amount {
	if a == nil {
		return "0"
	}
	return amount(*a)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
