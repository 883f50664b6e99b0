package godatafeed

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// OrderQuery selects orders by date and status. The reference requires both
// dates, and does not say which date of an order they are compared with.
type OrderQuery struct {
	From, To time.Time    // sent in UTC and whole seconds
	Status   order.Status // one of the four states of a live order, or empty for all
}

// maxSourceWord is how much of a marketplace's own word is kept.
const maxSourceWord = 40

const queryTime = "2006-01-02T15:04:05"

func (q OrderQuery) values() (url.Values, error) {
	if q.From.IsZero() || q.To.IsZero() {
		return nil, errors.New("the query needs both dates, from and to")
	}
	v := url.Values{
		"fromDate": {q.From.UTC().Format(queryTime)},
		"toDate":   {q.To.UTC().Format(queryTime)},
	}
	if q.Status != "" {
		word := filterWord(q.Status)
		if word == "" {
			return nil, errors.New("orders can't be filtered by this status")
		}
		v.Set("status", word)
	}
	return v, nil
}

// filterWord is a status as the filters of the API spell it; empty for one
// that they don't know.
func filterWord(s order.Status) string {
	switch s {
	case order.New:
		return "NEW"
	case order.Processing:
		return "PROCESSING"
	case order.Shipped:
		return "SHIPPED"
	case order.Cancelled:
		return "CANCELED"
	}
	return ""
}

// CountOrders returns how many orders the query selects.
func (c *Client) CountOrders(ctx context.Context, q OrderQuery) (int, error) {
	query, err := q.values()
	if err != nil {
		return 0, invalid(OpCountOrders, err.Error())
	}
	answer, err := fetch[countAnswer](ctx, c, request{
		op: OpCountOrders, method: http.MethodGet, path: []string{"Orders", "count"}, query: query,
	})
	return answer.Count.n, err
}

// ListOrders returns one page, counted from 1. A page with fewer orders than
// size means the end, or that the API caps pages. A page on which one order has
// no id is an error as a whole.
func (c *Client) ListOrders(ctx context.Context, q OrderQuery, page, size int) ([]order.Live, error) {
	return listOrders(ctx, c, orderPage{q, page, size}, (*wireOrder).live)
}

// GetOrder returns the order with this ID. IsNotFound reports that there is none.
func (c *Client) GetOrder(ctx context.Context, id string) (order.Live, error) {
	return getOrder(ctx, c, id, (*wireOrder).live)
}

type countAnswer struct {
	envelope
	Count whole
}

func (a *countAnswer) check() error {
	if !a.Count.said {
		return errors.New("the answer holds no count")
	}
	return nil
}

// identified is a wire type of something that has an id.
type identified[W any] interface {
	*W
	id() string
	said() any // what decisions rest on; comparable
}

// ordersAnswer is a page of orders, or one order.
type ordersAnswer[W any, P identified[W]] struct {
	envelope
	Orders *[]W
}

func (a *ordersAnswer[W, P]) check() error {
	return checkList[W, P](a.Success, a.Orders, "orders")
}

// checkList makes sure that a list can be relied upon. One that is absent or
// null is empty only if the answer says that it is a success: {} is not a page
// without orders. One that says two things about the same order says nothing;
// the same said twice is harmless.
func checkList[W any, P identified[W]](success flag, list *[]W, what string) error {
	if list == nil {
		if success.yes {
			return nil
		}
		return errors.New("the answer holds no list of " + what)
	}
	first := make(map[string]int, len(*list))
	for i := range *list {
		id := P(&(*list)[i]).id()
		if strings.TrimSpace(id) == "" {
			return errors.New("number " + strconv.Itoa(i+1) + " of the answer's " + what + " has no ID")
		}
		before, seen := first[id]
		if !seen {
			first[id] = i
		} else if P(&(*list)[before]).said() != P(&(*list)[i]).said() {
			return errors.New("the answer shows " + strings.TrimSuffix(what, "s") + " " + safetext.Line(id) +
				" twice with different values: nothing is decided on it; try again in a minute")
		}
	}
	return nil
}

// orderPage is one page of what a query selects.
type orderPage struct {
	OrderQuery
	page, size int
}

func (p orderPage) values() (url.Values, error) {
	query, err := p.OrderQuery.values()
	if err == nil {
		err = paginate(query, p.page, p.size)
	}
	return query, err
}

func listOrders[T, W any, P identified[W]](ctx context.Context, c *Client, p orderPage, convert func(P) T) ([]T, error) {
	query, err := p.values()
	if err != nil {
		return nil, invalid(OpListOrders, err.Error())
	}
	answer, err := fetch[ordersAnswer[W, P]](ctx, c, request{
		op: OpListOrders, method: http.MethodGet, path: []string{"Orders"}, query: query,
	})
	if err != nil {
		return nil, err
	}
	return convertAll(answer.Orders, convert), nil
}

func getOrder[T, W any, P identified[W]](ctx context.Context, c *Client, id string, convert func(P) T) (T, error) {
	var none T
	if id == "" {
		return none, invalid(OpGetOrder, "the order's ID is empty")
	}
	answer, err := fetch[ordersAnswer[W, P]](ctx, c, request{
		op: OpGetOrder, method: http.MethodGet, path: []string{"Orders", id},
	})
	if err != nil {
		return none, err
	}
	found, err := pick[W, P](OpGetOrder, answer.Orders, id)
	if err != nil {
		return none, err
	}
	return convert(found), nil
}

// pick returns the one that was asked for. An answer about another one is an
// error: acting on it would change the wrong order.
func pick[W any, P identified[W]](op string, list *[]W, id string) (P, error) {
	if list == nil || len(*list) == 0 {
		return nil, &Error{Op: op, Status: http.StatusOK, Reason: "the API has none with this ID", missing: true}
	}
	for i := range *list {
		if p := P(&(*list)[i]); p.id() == id {
			return p, nil
		}
	}
	return nil, &Error{Op: op, Status: http.StatusOK, Reason: "the API answered with another ID than the one that was asked for"}
}

func convertAll[T, W any, P identified[W]](list *[]W, convert func(P) T) []T {
	if list == nil {
		return nil
	}
	all := make([]T, len(*list))
	for i := range *list {
		all[i] = convert(&(*list)[i])
	}
	return all
}

func paginate(query url.Values, page, size int) error {
	if page < 1 || size < 1 {
		return errors.New("page and page size are counted from 1")
	}
	query.Set("page", strconv.Itoa(page))
	query.Set("pageSize", strconv.Itoa(size))
	return nil
}

// wireOrder lists the fields that plans are made from. What is not listed, the
// buyer above all, is not read.
type wireOrder struct {
	OrderID                     text `json:"OrderId"`
	OrderSource                 text
	OrderSourceOrderNumber      text
	OrderDestinationOrderNumber text
	OrderStatus                 text
	SourceOrderStatus           text
	ShipmentTrackingNumber      text
	DestinationShippingCarrier  text
	DateShipped                 moment
	DateCreatedInOrderSource    moment
	DateCreatedInDestination    moment
	SyncStatus                  text
	SyncUserErrorMessage        text
}

// id is never trimmed: ids are opaque.
func (w *wireOrder) id() string { return string(w.OrderID) }

func (w *wireOrder) said() any { return w.live() }

// sourceStatus reads a marketplace's own word for the state of an order. It is kept and
// shown, so what is not known is kept whole only if it is one word: a marketplace that
// writes sentences there can name a buyer in them.
func sourceStatus(source string) (order.Status, string) {
	word := []rune(safetext.Line(source))
	status, known := order.ParseSourceStatus(string(word[:min(len(word), maxSourceWord)]))
	if status.IsUnknown() && strings.ContainsFunc(source, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' && r != '-' }) {
		shown := []rune(safetext.Foreign(source))
		status = order.UnknownStatus(string(shown[:min(len(shown), maxSourceWord)]))
	}
	return status, known
}

func (w *wireOrder) live() order.Live {
	live := order.Live{
		Ref: order.Ref{
			ID:           w.id(),
			Source:       w.OrderSource.trimmed(),
			SourceNumber: w.OrderSourceOrderNumber.trimmed(),
		},
		Values: order.Values{
			Status:      order.ParseStatus(string(w.OrderStatus)),
			OrderNumber: w.OrderDestinationOrderNumber.trimmed(),
			Tracking:    w.ShipmentTrackingNumber.trimmed(),
			Carrier:     w.DestinationShippingCarrier.trimmed(),
			ShippedAt:   w.DateShipped.Time,
		},
		CreatedInSource:      w.DateCreatedInOrderSource.Time,
		CreatedInDestination: w.DateCreatedInDestination.Time,
		SyncStatus:           w.SyncStatus.trimmed(),
		SyncError:            w.SyncUserErrorMessage.trimmed(),
	}
	live.SourceStatus, live.SourceWord = sourceStatus(w.SourceOrderStatus.trimmed())
	return live
}
