package apiserver

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (s *Server) count(w http.ResponseWriter, token string, q url.Values) {
	fault := s.begin(Count, token, "")
	selected, ok := s.selection(w, q, "fromDate", "toDate", "status")
	if !ok || fault.answer(w) {
		return
	}
	reply(w, map[string]any{"Success": true, "Message": "", "Count": len(selected)})
}

func (s *Server) list(w http.ResponseWriter, token string, q url.Values) {
	fault := s.begin(List, token, "")
	s.arrive()
	selected, ok := s.selection(w, q, "page", "pageSize", "fromDate", "toDate", "status")
	if !ok {
		return
	}
	page, badPage := strconv.Atoi(q.Get("page"))
	size, badSize := strconv.Atoi(q.Get("pageSize"))
	if badPage != nil || badSize != nil || page < 1 || size < 1 {
		s.complain("a listing needs page and pageSize: %s", q.Encode())
		refuse(w, http.StatusBadRequest, "Your request is invalid.")
		return
	}
	if fault.answer(w) {
		return
	}
	ways := s.options()
	ways.inOrder(selected)
	selected = selected[min(ways.Hidden, len(selected)):]
	shown := pageOf(selected, page, size, ways.PageCap)
	if ways.Contradict > 0 && len(shown) > 0 {
		s.Configure(func(o *Options) { o.Contradict-- })
		other := shown[0]
		other.Status = Canceled
		shown = append(slices.Clone(shown), other)
	}
	s.replyOrders(w, shown)
}

// pageOf cuts a page out. Pages are never larger than the limit; 0 is none.
func pageOf[T any](all []T, page, size, limit int) []T {
	if limit > 0 {
		size = min(size, limit)
	}
	first := min((page-1)*size, len(all))
	return all[first:min(first+size, len(all))]
}

func (s *Server) get(w http.ResponseWriter, token, id string) {
	fault := s.begin(Get, token, id)
	if fault.answer(w) {
		return
	}
	s.mu.Lock()
	r, ok := s.orders[id]
	var order Order
	if ok {
		order = r.shown(&s.o)
	}
	s.mu.Unlock()
	if !ok {
		notFound(w)
		return
	}
	s.replyOrders(w, []Order{order})
}

// selection is the orders that a query means.
func (s *Server) selection(w http.ResponseWriter, q url.Values, known ...string) ([]Order, bool) {
	from, badFrom := queryTime(q.Get("fromDate"))
	to, badTo := queryTime(q.Get("toDate"))
	status := q.Get("status")
	s.checkParameters(q, known...)
	if badFrom != nil || badTo != nil || !slices.Contains([]string{"", "NEW", "PROCESSING", "SHIPPED", "CANCELED"}, status) {
		s.complain("invalid query: %s", q.Encode())
		refuse(w, http.StatusBadRequest, "Your request is invalid.")
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var selected []Order
	for _, r := range s.orders {
		o := r.shown(&s.o)
		at := o.Created
		if s.o.OtherStyle || s.o.ByArrival {
			at = s.o.arrived(o)
		}
		if at.Before(from) || at.After(to) || (status != "" && !strings.EqualFold(status, o.Status)) {
			continue
		}
		selected = append(selected, o)
	}
	return selected, true
}

// inOrder sorts the orders of a listing.
func (o *Options) inOrder(selected []Order) {
	slices.SortFunc(selected, func(a, b Order) int {
		if c := a.Created.Compare(b.Created); c != 0 {
			if o.OtherStyle || o.NewestFirst {
				return -c // newest first
			}
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
}

func (s *Server) checkParameters(q url.Values, known ...string) {
	for name, values := range q {
		if !slices.Contains(known, name) || len(values) != 1 {
			s.complain("no parameter of the API: %s=%q", name, values)
		}
	}
}

func queryTime(text string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04:05", time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("no time: %q", text)
}

// arrived is when an order came into GoDataFeed.
func (o *Options) arrived(order Order) time.Time {
	if o.Arrived != nil {
		return o.Arrived(order)
	}
	return order.Created.Add(7 * time.Minute)
}

// arrive lets new orders come in, as they do while somebody reads pages.
func (s *Server) arrive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range s.o.Arrivals {
		s.arrived++
		o := Order{
			ID: fmt.Sprintf("arrived%025d", s.arrived), Source: "Amazon", SourceNumber: fmt.Sprintf("900-%07d-0000000", s.arrived),
			Created: time.Now().UTC().Add(-20 * time.Minute).Truncate(time.Second), Buyer: buyer(900_000 + s.arrived), Values: Values{Status: New, SourceStatus: New},
		}
		s.orders[o.ID] = newRecord(o)
	}
}
