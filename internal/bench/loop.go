package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// singles makes calls as scripts and generic REST providers do: one after the
// other, never more than the limit's leak in a second. It knows nothing of
// pages, nor that a bucket has room for a burst.
type singles struct {
	endpoint  string
	token     string
	perSecond float64
	next      time.Time // of the next call
}

func newSingles(ctx context.Context, endpoint string, perSecond float64) (*singles, error) {
	s := &singles{endpoint: endpoint, perSecond: perSecond, next: time.Now()}
	answer, err := s.call(ctx, http.MethodPut, endpoint+"/v1/Authorization", `{"ConsumerKey": "sandbox"}`)
	if err != nil {
		return nil, err
	}
	var authorization struct{ Token string }
	err = json.Unmarshal(answer, &authorization)
	s.token = authorization.Token
	return s, err
}

// errSlowDown is an answer of 429.
var errSlowDown = errors.New("429")

// call waits for its turn and makes one call.
func (s *singles) call(ctx context.Context, method, url, body string) ([]byte, error) {
	select {
	case <-time.After(time.Until(s.next)):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.next = s.next.Add(time.Duration(float64(time.Second) / s.perSecond))
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		err = errSlowDown
	case err == nil && resp.StatusCode != http.StatusOK:
		err = fmt.Errorf("%s: %s", method, resp.Status)
	}
	return answer, err
}

// order names an order's place in the API.
func (s *singles) order(id string) string {
	return s.endpoint + "/v1/" + s.token + "/Orders/" + url.PathEscape(id)
}

// loop ships orders: reads each, then writes each.
func (s *singles) loop(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if _, err := s.call(ctx, http.MethodGet, s.order(id), ""); err != nil {
			return err
		}
	}
	for i, id := range ids {
		body := fmt.Sprintf(`{"OrderStatus": "Shipped", "ShipmentTrackingNumber": "1Z999AA1%010d", "DestinationShippingCarrier": "UPS"}`, i)
		if _, err := s.call(ctx, http.MethodPut, s.order(id)+"/UpdateStatus", body); err != nil {
			return err
		}
	}
	return nil
}

// fill reads orders until ctx is done: another client of the account, which
// goes on whatever it is answered. It returns how many of its calls were
// refused.
func (s *singles) fill(ctx context.Context, ids []string) (calls, refused int, err error) {
	for i := 0; ; i++ {
		_, err := s.call(ctx, http.MethodGet, s.order(ids[i%len(ids)]), "")
		switch {
		case ctx.Err() != nil:
			return calls, refused, nil
		case errors.Is(err, errSlowDown):
			refused++
		case err != nil:
			return calls, refused, err
		}
		calls++
	}
}
