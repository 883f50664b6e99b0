package godatafeed

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestWriteOutcomes(t *testing.T) {
	const html = "<html><body>Service moved</body></html>"
	type answer struct {
		resp *http.Response
		err  error
	}
	cut := respond(200, `{"Success":true`)
	cut.ContentLength = 100
	reset := respond(200, "")
	reset.Body, reset.ContentLength = io.NopCloser(io.MultiReader(strings.NewReader(`{"Succ`), failing{})), -1
	tests := map[string]struct {
		answer  answer
		ok      bool
		outcome Outcome
		message string
	}{
		"success":           {answer: answer{resp: respond(200, `{"Success":true,"Message":""}`)}, ok: true},
		"success as text":   {answer: answer{resp: respond(201, "\xef\xbb\xbf"+`{"success":"True"}`)}, ok: true},
		"false":             {answer: answer{resp: respond(200, `{"Success":false,"Message":"no such carrier"}`)}, outcome: Refused, message: "no such carrier"},
		"no Success":        {answer: answer{resp: respond(200, `{"Message":"ok"}`)}, outcome: Unknown},
		"Success is null":   {answer: answer{resp: respond(200, `{"Success":null}`)}, outcome: Unknown},
		"null":              {answer: answer{resp: respond(200, `null`)}, outcome: Unknown},
		"list":              {answer: answer{resp: respond(200, `[true]`)}, outcome: Unknown},
		"HTML":              {answer: answer{resp: respond(200, html, "Content-Type: text/html")}, outcome: Unknown, message: "Service moved"},
		"empty":             {answer: answer{resp: respond(200, "")}, outcome: Unknown},
		"no content":        {answer: answer{resp: respond(204, "")}, outcome: Unknown},
		"cut":               {answer: answer{resp: cut}, outcome: Unknown},
		"reset in the body": {answer: answer{resp: reset}, outcome: Unknown},
		"400":               {answer: answer{resp: respond(400, `{"Message":"Only 'CANCELLED'"}`)}, outcome: Refused, message: "Only 'CANCELLED'"},
		"400 as text":       {answer: answer{resp: respond(400, `"Only 'CANCELLED'"`)}, outcome: Refused, message: "Only 'CANCELLED'"},
		"401":               {answer: answer{resp: respond(401, "")}, outcome: NotExecuted},
		"403":               {answer: answer{resp: respond(403, "")}, outcome: Refused},
		"404":               {answer: answer{resp: respond(404, html)}, outcome: Refused},
		"405":               {answer: answer{resp: respond(405, "")}, outcome: Refused},
		"406":               {answer: answer{resp: respond(406, "")}, outcome: Refused},
		"408":               {answer: answer{resp: respond(408, "")}, outcome: Unknown},
		"409":               {answer: answer{resp: respond(409, "")}, outcome: Unknown},
		"410":               {answer: answer{resp: respond(410, "")}, outcome: Refused},
		"429":               {answer: answer{resp: respond(429, "")}, outcome: NotExecuted},
		"301":               {answer: answer{resp: respond(301, "", "Location: https://evil.example/")}, outcome: Unknown},
		"500":               {answer: answer{resp: respond(500, `{"Message":"later"}`)}, outcome: Unknown, message: "later"},
		"503":               {answer: answer{resp: respond(503, "", "Retry-After: 7")}, outcome: Unknown},
		"no answer":         {outcome: Unknown},
		"unknown transport": {answer: answer{err: io.EOF}, outcome: Unknown},
		"dial":              {answer: answer{err: &net.OpError{Op: "dial", Err: errors.New("refused")}}, outcome: NotExecuted},
		"read":              {answer: answer{err: &net.OpError{Op: "read", Err: errors.New("reset")}}, outcome: Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			journal, sent := 0, 0
			c := clientOf(t, func(*http.Request) (*http.Response, error) {
				sent++
				if journal != 1 {
					t.Error("sent before the journal was asked")
				}
				return tt.answer.resp, tt.answer.err
			})
			err := c.Ship(t.Context(), "id", Shipment{}, func() error { journal++; return nil })
			if sent != 1 || journal != 1 {
				t.Errorf("%d sent, journal asked %d times, want one of each", sent, journal)
			}
			if tt.ok {
				if err != nil {
					t.Errorf("Ship: %v", err)
				}
				return
			}
			if err == nil {
				t.Fatal("Ship: no error")
			}
			if got := OutcomeOf(err); got != tt.outcome {
				t.Errorf("outcome %s, want %s: %v", got, tt.outcome, err)
			}
			if !strings.Contains(err.Error(), tt.message) {
				t.Errorf("error %q lacks %q", err, tt.message)
			}
		})
	}
}

// failing is a body whose connection was reset.
type failing struct{}

func (failing) Read([]byte) (int, error) {
	return 0, &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
}

func TestWriteStopsBeforeSending(t *testing.T) {
	full := errors.New("disk full")
	tests := map[string]struct {
		before func(cancel func()) error
		want   error
	}{
		"journal fails":   {func(func()) error { return full }, full},
		"journal cancels": {func(cancel func()) error { cancel(); return nil }, context.Canceled},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			c := clientOf(t, func(*http.Request) (*http.Response, error) {
				t.Error("sent")
				return nil, io.EOF
			})
			err := c.Cancel(ctx, "id", func() error { return tt.before(cancel) })
			if !errors.Is(err, tt.want) || OutcomeOf(err) != NotExecuted {
				t.Errorf("%v (%s), want %v, not executed", err, OutcomeOf(err), tt.want)
			}
		})
	}
}

func TestWriteIsCancelledOrTimesOut(t *testing.T) {
	hang := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	t.Run("cancelled while under way", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			err := clientOf(t, hang).Ship(ctx, "id", Shipment{}, nil)
			if !errors.Is(err, context.DeadlineExceeded) || OutcomeOf(err) != Unknown {
				t.Errorf("%v (%s), want the context's error, unknown", err, OutcomeOf(err))
			}
		})
	})
	t.Run("own deadline", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			err := clientOf(t, hang).Ship(t.Context(), "id", Shipment{}, nil)
			e, _ := errors.AsType[*Error](err)
			if e == nil || !e.Timeout() || e.Outcome != Unknown || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v (%s), want a timeout of the client's own", err, OutcomeOf(err))
			}
			if waited := time.Since(began); waited != DefaultTimeout {
				t.Errorf("waited %s, want %s", waited, DefaultTimeout)
			}
		})
	})
	t.Run("the deadline covers the body", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := clientOf(t, func(r *http.Request) (*http.Response, error) {
				resp := respond(200, "")
				resp.Body, resp.ContentLength = slowBody{r.Context()}, -1
				return resp, nil
			})
			err := c.Ship(t.Context(), "id", Shipment{}, nil)
			if OutcomeOf(err) != Unknown || !strings.Contains(err.Error(), "no complete answer within 1m0s") {
				t.Errorf("%v (%s)", err, OutcomeOf(err))
			}
		})
	})
	t.Run("while waiting for room", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			limiter := NewLimiter(LimiterOptions{})
			limiter.Penalise(time.Minute)
			c := clientOf(t, hang, func(o *Options) { o.Limiter = limiter })
			err := c.Ship(ctx, "id", Shipment{}, func() error { t.Error("journal asked"); return nil })
			if !errors.Is(err, context.DeadlineExceeded) || OutcomeOf(err) != NotExecuted {
				t.Errorf("%v (%s), want the context's error, not executed", err, OutcomeOf(err))
			}
		})
	})
}

// slowBody gives a byte now and then, for ever.
type slowBody struct{ ctx context.Context }

func (b slowBody) Read(p []byte) (int, error) {
	if err := sleep(b.ctx, 10*time.Second); err != nil {
		return 0, err
	}
	p[0] = ' '
	return 1, nil
}

func (slowBody) Close() error { return nil }

func TestThrottledWritePenalises(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := NewLimiter(LimiterOptions{})
		c := clientOf(t, func(*http.Request) (*http.Response, error) {
			return respond(429, "", "Retry-After: 30"), nil
		}, func(o *Options) { o.Limiter = limiter })
		err := c.Cancel(t.Context(), "id", nil)
		e, _ := errors.AsType[*Error](err)
		if e == nil || e.Status != http.StatusTooManyRequests || e.RetryAfter != 30*time.Second {
			t.Fatalf("%#v, want throttled for 30 s", e)
		}
		if waited, err := limiter.Wait(t.Context()); waited != 30*time.Second || err != nil {
			t.Errorf("the next waits %s, %v, want 30 s", waited, err)
		}
	})
}

func TestUnauthorisedWrite(t *testing.T) {
	// 401 was not executed: the caller may send again, with another token. A
	// second 401 is final.
	fetched := 0
	c := clientOf(t, func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/Authorization") {
			fetched++
			return respond(200, `{"Success":true,"Token":"new"}`), nil
		}
		return respond(401, ""), nil
	}, func(o *Options) { o.ConsumerKey = canaryKey })
	first := c.Ship(t.Context(), "id", Shipment{}, nil)
	if OutcomeOf(first) != NotExecuted || IsDenied(first) || fetched != 0 {
		t.Errorf("first: %v (%s), denied %t, %d tokens fetched", first, OutcomeOf(first), IsDenied(first), fetched)
	}
	again := c.Ship(t.Context(), "id", Shipment{}, nil)
	if OutcomeOf(again) != NotExecuted || !IsDenied(again) || fetched != 1 {
		t.Errorf("again: %v (%s), denied %t, %d tokens fetched", again, OutcomeOf(again), IsDenied(again), fetched)
	}
}

func TestWriteWithoutToken(t *testing.T) {
	tests := map[string]struct {
		answer *http.Response
		denied bool
		want   string
	}{
		"outage":       {respond(404, ""), false, "ship: authorize: HTTP 404 Not Found: this endpoint gives no tokens"},
		"wrong key":    {respond(401, ""), true, "the consumer key was refused (HTTP 401 Unauthorized)"},
		"says so":      {respond(200, `{"Success":false,"Message":"bad key `+canaryKey+`"}`), true, "bad key [masked]"},
		"bad request":  {respond(400, ""), true, "compare GDF_CONSUMER_KEY"},
		"no permision": {respond(403, ""), true, "the consumer key was refused"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := clientOf(t, func(*http.Request) (*http.Response, error) { return tt.answer, nil },
				func(o *Options) { o.Token, o.ConsumerKey = "", canaryKey })
			err := c.Ship(t.Context(), "id", Shipment{}, func() error { t.Error("journal asked"); return nil })
			if OutcomeOf(err) != NotExecuted || IsDenied(err) != tt.denied || IsNotFound(err) {
				t.Errorf("%v: %s, denied %t, not found %t", err, OutcomeOf(err), IsDenied(err), IsNotFound(err))
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q lacks %q", err, tt.want)
			}
		})
	}
}

func TestErrorsHideTheBuyer(t *testing.T) {
	for name, answer := range map[string]*http.Response{
		"message": respond(400, `{"Message":"bad address 123 Fake Lane for Matthews, sam@market.example, 555-0100"}`),
		"false":   respond(200, `{"Success":false,"Message":"Matthews has it already"}`),
		"page":    respond(500, "<html>LastName=Matthews&Street1=123 Fake Lane", "Content-Type: text/html"),
		"JSON":    respond(200, `{"LastName":"Matthews"`),
	} {
		t.Run(name, func(t *testing.T) {
			c := clientOf(t, func(*http.Request) (*http.Response, error) { return answer, nil })
			err := c.Ship(t.Context(), "id", Shipment{}, nil)
			for _, v := range []string{"Matthews", "123 Fake Lane", "sam@market.example", "555-0100"} {
				if strings.Contains(err.Error(), v) {
					t.Errorf("%q shows %q", err, v)
				}
			}
		})
	}
}
