package apiserver

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

func (s *Server) updateStatus(w http.ResponseWriter, r *http.Request, token, id string) {
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		s.complain("an update without a JSON body")
		refuse(w, http.StatusBadRequest, "Your request is invalid.")
		return
	}
	text := func(name string) string { v, _ := body[name].(string); return v }
	for name := range body {
		if !slices.Contains([]string{"OrderStatus", "ShipmentTrackingNumber", "DateShipped", "DestinationShippingCarrier"}, name) {
			s.complain("no parameter of UpdateStatus: %s", name)
		}
	}
	write := Write{Tracking: text("ShipmentTrackingNumber"), Carrier: text("DestinationShippingCarrier")}
	switch strings.ToUpper(text("OrderStatus")) {
	case "SHIPPED":
		write.Op = Ship
	case "CANCELED", "CANCELLED":
		write.Op = Cancel
	default:
		s.complain("UpdateStatus to %q", text("OrderStatus"))
		refuse(w, http.StatusBadRequest, "Only 'CANCELLED' or 'SHIPPED' status updates are allowed.")
		return
	}
	if date := text("DateShipped"); date != "" {
		at, err := queryTime(date)
		if err != nil {
			s.complain("DateShipped %q", date)
			refuse(w, http.StatusBadRequest, "Your request is invalid.")
			return
		}
		write.Shipped = at
	}
	s.write(w, token, id, write)
}

func (s *Server) acknowledge(w http.ResponseWriter, token, id string, q url.Values) {
	number := q.Get("orderDestinationOrderNumber")
	if len(q) != 1 || number == "" || strings.ContainsAny(number, `'"`) {
		s.complain("acknowledge with the query %s", q.Encode())
		refuse(w, http.StatusBadRequest, "Your request is invalid.")
		return
	}
	s.write(w, token, id, Write{Op: Acknowledge, Number: number})
}

// write takes a change in. It takes effect after the server's delay, whether
// or not the client is still there.
func (s *Server) write(w http.ResponseWriter, token, id string, write Write) {
	fault := s.begin(write.Op, token, id)
	s.mu.Lock()
	_, known := s.orders[id]
	delay := s.o.WriteDelay
	if s.underWay[id] > 0 {
		s.complaints = append(s.complaints, "two writes at once for order "+id)
	}
	s.mu.Unlock()
	if !known {
		notFound(w)
		return
	}
	if fault.refuses() {
		fault.answer(w)
		return
	}
	s.mu.Lock()
	s.underWay[id]++
	s.mu.Unlock()
	done := make(chan struct{})
	s.executing.Go(func() {
		defer close(done)
		if delay != nil {
			time.Sleep(delay()) // this is the server's slowness itself
		}
		s.execute(id, write)
	})
	<-done
	if fault.answer(w) {
		return
	}
	reply(w, map[string]any{"Success": true, "Message": ""})
}

func (s *Server) execute(id string, write Write) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.underWay[id]--
	r := s.orders[id]
	v := r.Values
	switch write.Op {
	case Acknowledge:
		if v.Status == Shipped || v.Status == Canceled {
			s.complaints = append(s.complaints, "a "+v.Status+" order is acknowledged: "+id)
			return
		}
		v.Status, v.Number = Processing, write.Number
	case Cancel:
		v.Status = Canceled
	case Ship:
		v.Status, v.Tracking = Shipped, write.Tracking
		if write.Carrier != "" {
			v.Carrier = write.Carrier
		}
		if v.ShippedAt = write.Shipped; v.ShippedAt.IsZero() {
			v.ShippedAt = time.Now().UTC().Truncate(time.Second)
		}
	}
	if v.SourceStatus != "" {
		v.SourceStatus = v.Status
	}
	v.SyncError = "" // the marketplace hears of the order again
	r.change(v)
	write.At = time.Now()
	r.writes = append(r.writes, write)
}
