package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func send(ctx context.Context, t *testing.T, script ...answer) (*world, time.Duration, error) {
	w := newWorld(t, script...)
	began := time.Now()
	err := w.teller.Sender.Send(ctx, &w.teller.Targets[0], []Event{{Type: Held, At: began}})
	return w, time.Since(began), err
}

func TestAttempts(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	quoting := fmt.Errorf("malformed HTTP response %q", "/"+canary)
	for name, tt := range map[string]struct {
		script []answer
		posts  int
		took   time.Duration
		err    string // nothing: delivered
	}{
		"at once":                 {[]answer{{status: 204}}, 1, 0, ""},
		"after two failures":      {[]answer{{status: 500}, {err: refused}, {status: 200}}, 3, 4 * time.Second, ""},
		"never":                   {[]answer{{status: 503}}, 4, 13 * time.Second, "it answered 503 Service Unavailable, at each of 4 attempts"},
		"no connection":           {[]answer{{err: refused}}, 4, 13 * time.Second, "no connection: dial tcp: connection refused, at each of 4 attempts"},
		"what it quotes":          {[]answer{{err: quoting}}, 4, 13 * time.Second, "the connection broke before an answer came, at each of 4 attempts"},
		"no answer":               {[]answer{{silent: true}}, 3, 28 * time.Second, "no answer in time, and no time is left for another attempt"},
		"asked to wait":           {[]answer{{status: 429, retryAfter: "7"}, {status: 200}}, 2, 7 * time.Second, ""},
		"asked to wait for hours": {[]answer{{status: 429, retryAfter: "7200"}, {status: 200}}, 2, longestWait, ""},
		"asked until a moment":    {[]answer{{status: 503, retryAfter: time.Date(2000, 1, 1, 0, 0, 5, 0, time.UTC).Format("Mon, 02 Jan 2006 15:04:05 GMT")}, {status: 200}}, 2, 5 * time.Second, ""},
		"asked nonsense":          {[]answer{{status: 503, retryAfter: "-soon"}, {status: 200}}, 2, time.Second, ""},
		"refused":                 {[]answer{{status: 410}}, 1, 0, "it answered 410 Gone"},
		"a redirect":              {[]answer{{status: 307, location: "https://evil.example/"}}, 1, 0, "it answered 307 Temporary Redirect: redirects are not followed"},
		"a wrong certificate":     {[]answer{{err: &tls.CertificateVerificationError{Err: errors.New(canary)}}}, 1, 0, "its certificate is not valid"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), TotalTimeout)
				defer cancel()
				w, took, err := send(ctx, t, tt.script...)
				if len(w.receiver.posts) != tt.posts || took != tt.took {
					t.Errorf("%d posts in %s, want %d in %s", len(w.receiver.posts), took, tt.posts, tt.took)
				}
				if got := fmt.Sprint(err); (tt.err == "" && err != nil) || (tt.err != "" && got != tt.err) {
					t.Errorf("%v, want %q", err, tt.err)
				}
				if err != nil && strings.Contains(err.Error(), canary) {
					t.Errorf("the error holds the address: %v", err)
				}
			})
		})
	}
}

// The whole time is bounded, however slow the receiver is.
func TestTellingIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, answer{silent: true})
		began := time.Now()
		problems := w.teller.Notify(t.Context(), looks("a"))
		if took := time.Since(began); took > TotalTimeout || len(problems) != 1 {
			t.Errorf("it took %s: %v", took, problems)
		}
	})
}

func TestAnInterruptEndsTelling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		_, took, err := send(ctx, t, answer{status: 500})
		if took != 2*time.Second || err == nil {
			t.Errorf("%v after %s", err, took)
		}
	})
}

// The receiver's side, as the documents say how to check.
func TestSignature(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _, err := send(t.Context(), t, answer{status: 500}, answer{status: 200})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range w.receiver.posts {
			at, signature, _ := strings.Cut(p.header.Get("X-Gdfctl-Signature"), ",v1=")
			seconds := strings.TrimPrefix(at, "t=")
			mac := hmac.New(sha256.New, []byte("s3cret"))
			fmt.Fprintf(mac, "%s.%s", seconds, p.body)
			if signature != hex.EncodeToString(mac.Sum(nil)) {
				t.Errorf("%q does not sign the body", p.header.Get("X-Gdfctl-Signature"))
			}
			if seconds != fmt.Sprint(p.at.Unix()) {
				t.Errorf("signed for %s, sent at %d", seconds, p.at.Unix())
			}
		}
		w.teller.Targets[0].Secret = ""
		if err := w.teller.Sender.Send(t.Context(), &w.teller.Targets[0], []Event{{Type: Held}}); err != nil {
			t.Fatal(err)
		}
		if s := w.receiver.posts[2].header.Get("X-Gdfctl-Signature"); s != "" {
			t.Errorf("signed without a secret: %s", s)
		}
	})
}

// A known answer, made with openssl: printf '%s' '1700000000.{}' | openssl dgst -sha256 -hmac key
func TestSignatureOfKnownText(t *testing.T) {
	const want = "t=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"
	if got := sign("key", time.Unix(1700000000, 0), []byte("{}")); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
