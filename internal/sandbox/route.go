package sandbox

import (
	"net/http"
	"net/url"
	"strings"
)

// Op names an operation of the API, in calls, faults and the ledger.
type Op string

// The operations. OpAny stands only in faults and means each of them;
// OpUnknown counts calls to paths that the API does not have.
const (
	OpAuthorize    Op = "authorize"
	OpCountOrders  Op = "count_orders"
	OpListOrders   Op = "list_orders"
	OpGetOrder     Op = "get_order"
	OpUpdateStatus Op = "update_status"
	OpAcknowledge  Op = "acknowledge"
	OpInsert       Op = "insert"
	OpCountFeeds   Op = "count_feeds"
	OpListFeeds    Op = "list_feeds"
	OpGetFeed      Op = "get_feed"
	OpDownload     Op = "download"

	OpAny     Op = "any"
	OpUnknown Op = "unknown"
)

// Ops are the operations of the API.
func Ops() []Op {
	return []Op{
		OpAuthorize, OpCountOrders, OpListOrders, OpGetOrder, OpUpdateStatus, OpAcknowledge, OpInsert,
		OpCountFeeds, OpListFeeds, OpGetFeed, OpDownload,
	}
}

// method is the one method that an operation takes.
func (op Op) method() string {
	switch op {
	case OpAuthorize, OpUpdateStatus, OpAcknowledge, OpInsert:
		return http.MethodPut
	}
	return http.MethodGet
}

// call is a request, taken apart.
type call struct {
	op     Op
	method string
	token  string
	id     string     // of an order or a feed, decoded
	query  url.Values // keys in lower case
	json   bool       // the client accepts JSON
	body   []byte
}

// route finds out what a request asks for. Segments are told apart before they
// are decoded, so that whatever an id holds (a slash, dots) stays inside the id.
func route(r *http.Request) call {
	c := call{op: OpUnknown, method: r.Method, json: acceptsJSON(r.Header.Values("Accept")), query: url.Values{}}
	for k, v := range r.URL.Query() {
		c.query[strings.ToLower(k)] = append(c.query[strings.ToLower(k)], v...)
	}
	path := strings.TrimSuffix(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		decoded, err := url.PathUnescape(segment)
		if err != nil {
			return c
		}
		segments[i] = decoded
	}
	if !strings.EqualFold(segments[0], "v1") {
		return c
	}
	switch {
	case len(segments) == 2 && strings.EqualFold(segments[1], "authorization"):
		c.op = OpAuthorize
	case len(segments) >= 3:
		c.token = segments[1]
		c.op, c.id = resource(segments[2], segments[3:])
	}
	return c
}

// resource reads what follows the token.
func resource(collection string, rest []string) (op Op, id string) {
	word := func(i int) string {
		if i < len(rest) {
			return strings.ToLower(rest[i])
		}
		return ""
	}
	orders, feeds := strings.EqualFold(collection, "orders"), strings.EqualFold(collection, "feeds")
	switch {
	case orders && len(rest) == 0:
		return OpListOrders, ""
	case orders && len(rest) == 1 && word(0) == "count":
		return OpCountOrders, ""
	case orders && len(rest) == 1 && word(0) == "insertorder":
		return OpInsert, ""
	case orders && len(rest) == 1:
		return OpGetOrder, rest[0]
	case orders && len(rest) == 2 && word(1) == "updatestatus":
		return OpUpdateStatus, rest[0]
	case orders && len(rest) == 2 && word(1) == "acknowledgeorder":
		return OpAcknowledge, rest[0]
	case feeds && len(rest) == 0:
		return OpListFeeds, ""
	case feeds && len(rest) == 1 && word(0) == "count":
		return OpCountFeeds, ""
	case feeds && len(rest) == 1:
		return OpGetFeed, rest[0]
	case feeds && len(rest) == 2 && word(1) == "download":
		return OpDownload, rest[0]
	}
	return OpUnknown, ""
}

// acceptsJSON reads the Accept header. None at all accepts everything.
func acceptsJSON(accept []string) bool {
	if len(accept) == 0 {
		return true
	}
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		media, parameters, _ := strings.Cut(part, ";")
		switch strings.ToLower(strings.TrimSpace(media)) {
		case "*/*", "application/*", "application/json", "text/json":
			q := strings.ReplaceAll(strings.ToLower(parameters), " ", "")
			if strings.Trim(q, "0.") != "q=" {
				return true
			}
		}
	}
	return false
}
