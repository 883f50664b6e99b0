package sandbox

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (s *Sandbox) countOrders(c call) reply {
	found, refused := s.findOrders(c)
	if refused != nil {
		return *refused
	}
	return s.style.count(len(found))
}

func (s *Sandbox) listOrders(c call, now time.Time) reply {
	page, size, refused := s.page(c)
	if refused != nil {
		return *refused
	}
	s.listings++
	if s.opts.Arrivals > 0 && s.listings%s.opts.Arrivals == 0 {
		s.arrive(now)
	}
	found, refused := s.findOrders(c)
	if refused != nil {
		return *refused
	}
	return s.orders(slicePage(found, page, size, s.opts.NewestFirst))
}

func (s *Sandbox) getOrder(c call) reply {
	o := s.byID[c.id]
	if o == nil || o.Hidden {
		return refuse(http.StatusNotFound, "The order could not be found.")
	}
	return s.orders([]*order{o})
}

// orders answers with orders, made out while the world is locked.
func (s *Sandbox) orders(found []*order) reply {
	out := make([]wireOrder, len(found))
	for i, o := range found {
		out[i] = s.style.order(o, s.buyer(o.ID))
	}
	return s.style.orders(out)
}

// findOrders reads the filter of counts and lists.
func (s *Sandbox) findOrders(c call) ([]*order, *reply) {
	from, refused := dateParameter(c, "fromDate")
	if refused != nil {
		return nil, refused
	}
	to, refused := dateParameter(c, "toDate")
	if refused != nil {
		return nil, refused
	}
	status := c.query.Get("status")
	if status != "" {
		known := []string{"NEW", "PROCESSING", "SHIPPED", "CANCELED"}
		if s.style.other {
			known = append(known, "CANCELLED")
		}
		if !slices.Contains(known, strings.ToUpper(status)) {
			return nil, invalid("status")
		}
		status = canonicalStatus(status)
	}
	return s.index.between(from, to, status), nil
}

// page reads the parameters of a list. A cap makes pages shorter than was
// asked for, and moves their beginnings accordingly.
func (s *Sandbox) page(c call) (page, size int, refused *reply) {
	if page, refused = positiveParameter(c, "page"); refused != nil {
		return 0, 0, refused
	}
	if size, refused = positiveParameter(c, "pageSize"); refused != nil {
		return 0, 0, refused
	}
	if s.opts.PageCap > 0 {
		size = min(size, s.opts.PageCap)
	}
	return page, size, nil
}

// slicePage cuts one page out, from the back if reversed.
func slicePage[T any](all []T, page, size int, reversed bool) []T {
	if page-1 > len(all)/size {
		return nil
	}
	lo := min((page-1)*size, len(all))
	hi := lo + min(size, len(all)-lo)
	if !reversed {
		return all[lo:hi]
	}
	cut := slices.Clone(all[len(all)-hi : len(all)-lo])
	slices.Reverse(cut)
	return cut
}

func positiveParameter(c call, name string) (int, *reply) {
	n, err := strconv.Atoi(c.query.Get(strings.ToLower(name)))
	if err != nil || n < 1 {
		return 0, invalid(name)
	}
	return n, nil
}

func dateParameter(c call, name string) (time.Time, *reply) {
	text := c.query.Get(strings.ToLower(name))
	t, err := parseTime(text)
	if err != nil || !strings.Contains(text, "T") {
		return time.Time{}, invalid(name)
	}
	return t, nil
}

func invalid(name string) *reply {
	r := refuse(http.StatusBadRequest, "The parameter "+name+" is missing or invalid.")
	return &r
}

// parseTime reads the date-times that the API takes: with a zone, without one
// (UTC), or a date alone (midnight UTC).
func parseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, errors.New("not a date or date-time")
}
