package godatafeed

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }

// assertNoCanary fails if a credential, in any of its forms, or a URL is in
// what err and the errors below it say.
func assertNoCanary(t *testing.T, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		if t.Failed() {
			return // one is enough to see
		}
		for _, form := range []string{"%v", "%+v", "%#v", "%q"} {
			text := fmt.Sprintf(form, err)
			for _, secret := range []string{canaryKey, canaryToken, "canary"} {
				for _, form := range []string{
					secret, url.PathEscape(secret), url.QueryEscape(secret), html.EscapeString(secret), strings.ToLower(secret),
				} {
					if strings.Contains(text, form) {
						t.Errorf("%q shows %q", text, form)
					}
				}
			}
			if strings.Contains(text, "://") {
				t.Errorf("%q shows the URL", text)
			}
		}
	}
}

func TestNoErrorShowsACredential(t *testing.T) {
	echo := func(format string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			for _, s := range []string{
				r.RequestURI, strings.ToLower(r.RequestURI), r.URL.Path, canaryToken, canaryKey,
				url.QueryEscape(canaryToken), html.EscapeString(canaryKey), string(body),
			} {
				_, _ = fmt.Fprintf(w, format, s)
			}
		}
	}
	answers := map[string]http.HandlerFunc{
		"page": echo("<p>%s</p>"),
		"cut page": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", 190))
			echo("%s")(w, r)
		},
		"header": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", r.RequestURI)
			echo("%s")(w, r)
		},
		"error page": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(400); echo("no %s")(w, r) },
		"message": func(w http.ResponseWriter, r *http.Request) {
			b, _ := json.Marshal(map[string]any{"Success": false, "Message": "bad " + r.URL.Path + " " + canaryKey})
			_, _ = w.Write(b)
		},
		"denied": func(w http.ResponseWriter, r *http.Request) {
			b, _ := json.Marshal(canaryToken + r.RequestURI)
			w.WriteHeader(401)
			_, _ = w.Write(b)
		},
		"broken JSON": func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprintf(w, `{"Message": %s`, r.RequestURI) },
		"wrong type": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"Count": %q, "Token": [%q]}`, canaryToken, canaryKey)
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://other.example"+r.RequestURI, 302)
		},
		"closed":         func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"hang":           hang,
		"malformed HTTP": hijacked("HTTP/1.1 " + canaryToken + "\r\n\r\n"),
		"no HTTP":        hijacked(canaryToken + "\r\n\r\n"),
		"bad header":     hijacked("HTTP/1.1 200 OK\r\n" + canaryToken + "\r\n\r\n"),
		"bad length":     hijacked("HTTP/1.1 200 OK\r\nContent-Length: " + canaryToken + "\r\n\r\n"),
		"bad encoding":   hijacked("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + canaryToken + "\r\n\r\n"),
	}
	for name, handler := range answers {
		t.Run(name, func(t *testing.T) {
			short := func(o *Options) { o.Timeout = 20 * time.Millisecond }
			bothSet := serve(t, handler, short, quickly, func(o *Options) { o.ConsumerKey = canaryKey })
			assertAllFail(t, bothSet)
			assertNoCanary(t, bothSet.CheckCredentials(t.Context()))
			fetching := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/Authorization") {
					_, _ = fmt.Fprintf(w, `{"Success":true,"Token":%q}`, canaryToken)
					return
				}
				handler(w, r)
			}, short, quickly, func(o *Options) { o.Token, o.ConsumerKey = "", canaryKey })
			assertAllFail(t, fetching)
		})
	}
	t.Run("nobody listens", func(t *testing.T) {
		assertAllFail(t, clientOf(t, nil, quickly, func(o *Options) { o.Endpoint, o.Transport = closedPort(t), NewTransport() }))
	})
	t.Run("no such host", func(t *testing.T) {
		assertAllFail(t, clientOf(t, nil, quickly, func(o *Options) { o.Endpoint, o.Transport = "https://nowhere.invalid", NewTransport() }))
	})
	t.Run("transport that quotes", func(t *testing.T) {
		assertAllFail(t, clientOf(t, func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("round trip: %w", &url.Error{Op: "Put", URL: r.URL.String(), Err: errors.New("lost " + r.URL.Path)})
		}, quickly))
	})
	t.Run("transport that quotes deeper", func(t *testing.T) {
		assertAllFail(t, clientOf(t, func(r *http.Request) (*http.Response, error) {
			return nil, errors.New("lost " + r.URL.String())
		}, quickly))
	})
}

// hijacked answers with raw bytes.
func hijacked(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = io.WriteString(conn, answer)
	}
}

func assertAllFail(t *testing.T, c *Client) {
	t.Helper()
	ctx := t.Context()
	for _, err := range []error{
		second(c.CountOrders(ctx, someDay)),
		second(c.GetOrder(ctx, "id")),
		c.DownloadFeed(ctx, "id", into(broken{errors.New("disk full")})),
		c.Ship(ctx, "id", Shipment{}, nil),
		c.Acknowledge(ctx, "id", "O1", nil),
		c.Insert(ctx, []byte(`{}`), nil),
	} {
		if err == nil {
			t.Error("no error")
		}
		assertNoCanary(t, err)
	}
}

func TestPrintingShowsNoSecret(t *testing.T) {
	o := Options{ConsumerKey: canaryKey, Token: canaryToken}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(o.ConsumerKey)
	if err != nil {
		t.Fatal(err)
	}
	text := string(asJSON)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text += fmt.Sprintf(verb+verb+verb, o.ConsumerKey, c, struct{ S Secret }{canaryToken})
	}
	if strings.Contains(strings.ToLower(text), "canary") || strings.Contains(text, fmt.Sprintf("%x", "canary")) {
		t.Errorf("shown: %s", text)
	}
	if Secret("").String() != "" {
		t.Error("an empty secret is shown as one that is set")
	}
}

func TestForeignTextShowsKnownWordsAlone(t *testing.T) {
	c := answering(t, "{\"Success\":false,\"Message\":\"order\\u001b[31m\\n::error::\\u202e not found for b@c.example "+strings.Repeat("x", 300)+"\"}")
	_, err := c.CountFeeds(t.Context(), "")
	const want = `count feeds: HTTP 200 OK, but Success is false: … not found for …`
	if err == nil || err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

func TestQuoteIsShort(t *testing.T) {
	c := clientOf(t, func(*http.Request) (*http.Response, error) {
		return respond(200, strings.Repeat("not found ", 1000), "Content-Type: text/html; charset=utf-8"), nil
	}, quickly)
	_, err := c.CountFeeds(t.Context(), "")
	const want = "count feeds: HTTP 200 OK, but the answer is not JSON: (text/html; charset=utf-8) "
	if err == nil || !strings.HasPrefix(err.Error(), want+`not found`) || len([]rune(err.Error())) != len(want)+201 {
		t.Errorf("%q", err)
	}
}

func TestMaskForgetsOldTokens(t *testing.T) {
	m := new(mask)
	m.add("key-0")
	for i := range 100 {
		m.add(fmt.Sprint("token-number-", i))
	}
	if got := m.hide("key-0 token-number-99 token-number-99"); got != "[masked] [masked] [masked]" {
		t.Errorf("%q", got)
	}
	if len(m.secrets) != keptSecrets {
		t.Errorf("%d secrets kept", len(m.secrets))
	}
}
