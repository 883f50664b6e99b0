package s3log

import (
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// wantNoSecret checks that an error shows nothing of requests and of foreign texts.
func wantNoSecret(t *testing.T, b stores.Bucket, err error) {
	t.Helper()
	for _, secret := range []string{b.AccessKey, b.Secret, canary, "list-type", "X-Amz", "Signature=", "?"} {
		if secret != "" && strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows %q:\n%v", secret, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	b := bucket(t)
	g, through := behindGate(t, b)
	end := begun(t, open(t, through), 2)
	for name, c := range map[string]struct {
		answer  func(http.ResponseWriter)
		refused bool
		want    string
	}{
		"access denied":      {says(403, "AccessDenied"), true, "access is denied (the store answers 403 AccessDenied)\nThe credentials need s3:ListBucket"},
		"another 403":        {says(403, "Something"), true, "the store answers 403 Something"},
		"no bucket":          {says(404, "NoSuchBucket"), true, "there is no such bucket"},
		"expired":            {says(400, "ExpiredToken"), true, "the credentials have expired"},
		"key":                {says(403, "InvalidAccessKeyId"), true, "the credentials are not valid"},
		"signature":          {says(403, "SignatureDoesNotMatch"), true, "the credentials are not valid"},
		"clock":              {says(403, "RequestTimeTooSkewed"), true, "this machine's clock is wrong"},
		"no conditions":      {says(501, "NotImplemented"), true, "does not know conditional writes"},
		"region":             {says(400, "AuthorizationHeaderMalformed"), true, "in another region"},
		"another 400":        {says(400, "InvalidArgument"), true, "the store answers 400 InvalidArgument"},
		"a proxy that asks":  {func(w http.ResponseWriter) { w.WriteHeader(http.StatusProxyAuthRequired) }, true, "the store answers 407"},
		"500":                {says(500, "InternalError"), false, "writing: the store answers 500 InternalError"},
		"503":                {says(503, "SlowDown"), false, "writing: the store answers 503 SlowDown"},
		"a code with spaces": {says(500, "a "+canary), false, "writing: the store answers 500"},
		"another region": {func(w http.ResponseWriter) {
			w.Header().Set("X-Amz-Bucket-Region", "eu-north-1")
			says(301, "PermanentRedirect")(w)
		}, true, `Write the bucket's region into the backend block. The store says: "eu-north-1".`},
		"a redirect": {func(w http.ResponseWriter) {
			w.Header().Set("Location", b.Endpoint)
			says(307, "TemporaryRedirect")(w)
		}, true, "the store answers 307"},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, through)
			mustRead(t, p, 0)
			g.on("PUT", logPrefix, fault{answer: c.answer})
			err := p.Append(t.Context(), end, recordBehind(end, name))
			if err == nil || isRefused(err) != c.refused || !strings.Contains(err.Error(), c.want) {
				t.Errorf("appending: error %v\nexpected: %v, %s", err, c.refused, c.want)
			}
			if err != nil {
				wantNoSecret(t, b, err)
			}
			if n := len(g.requests("PUT", "")); n != 1 {
				t.Errorf("%d writes", n)
			}

			g.on("LIST", logPrefix, fault{answer: c.answer})
			_, err = p.Read(t.Context(), 0)
			refused := (*sharedlog.RefusedError)(nil)
			if errors.As(err, &refused) != c.refused || c.refused && !refused.Read {
				t.Errorf("reading: error %v", err)
			}
			if err != nil {
				wantNoSecret(t, b, err)
			}
		})
	}
	wantLog(t, open(t, b), 0, end)
}

// What the gateway itself says.
func TestWrongCredentialsAndBuckets(t *testing.T) {
	b := bucket(t)
	for name, c := range map[string]struct {
		change func(*stores.Bucket)
		want   string
	}{
		"secret":    {func(b *stores.Bucket) { b.Secret = "another-secret" }, "the credentials are not valid (the store answers 403 SignatureDoesNotMatch)"},
		"key":       {func(b *stores.Bucket) { b.AccessKey = "ANOTHERKEY" }, "the store answers 404 XAdminUserNotFound"},
		"bucket":    {func(b *stores.Bucket) { b.Name = "no-such-bucket" }, "there is no such bucket (the store answers 404 NoSuchBucket)"},
		"region":    {func(b *stores.Bucket) { b.Region = "eu-north-1" }, "the bucket is in another region (the store answers 400 AuthorizationHeaderMalformed)"},
		"none":      {func(b *stores.Bucket) { b.AccessKey, b.Secret = "", "" }, "no credentials were found"},
		"no server": {func(b *stores.Bucket) { b.Endpoint = "http://127.0.0.1:1" }, "connection refused"},
	} {
		t.Run(name, func(t *testing.T) {
			wrong := b
			c.change(&wrong)
			for name, value := range wrong.Env() {
				t.Setenv(name, value)
			}
			p := open(t, wrong)
			_, read := p.Read(t.Context(), -1)
			_, get := p.Get(t.Context(), sharedlog.HashOf(nil))
			_, proof := p.Prove(t.Context())
			for what, err := range map[string]error{"reading": read, "a value": get, "proving": proof, "appending": p.Append(t.Context(), sharedlog.Before, recordBehind(sharedlog.Before, "x"))} {
				if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, sharedlog.ErrNoLog) || errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%s: error %v", what, err)
				} else {
					wantNoSecret(t, wrong, err)
				}
			}
		})
	}
}

func TestNoRegion(t *testing.T) {
	for name, value := range bucket(t).Env() {
		t.Setenv(name, value)
	}
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "")
	p, mistake := Configured(sharedlog.Block{Attributes: map[string]string{"bucket": "some-bucket"}})
	if mistake != nil {
		t.Fatal(mistake)
	}
	if err := p.Prepare(t.Context()); !isRefused(err) || !strings.Contains(err.Error(), "no region is known") {
		t.Errorf("error %v", err)
	}
	t.Setenv("AWS_ENDPOINT_URL_S3", "http://example.org")
	if err := p.Prepare(t.Context()); !isRefused(err) || !strings.Contains(err.Error(), "the endpoint of the environment is not valid") {
		t.Errorf("error %v", err)
	}
}

// A store that can't keep a log is refused before one is begun.
func TestStoresThatAreUnfit(t *testing.T) {
	accepted := func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) }
	empty := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write([]byte(`<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>`))
	}
	for name, c := range map[string]struct {
		fault func(puts, lists int, r request) fault
		want  string
	}{
		"takes both of two at once": {func(_, _ int, r request) fault { return fault{execute: true, answer: ifPut(r, accepted)} }, "of two writes at the same time, both were accepted"},
		"takes a second one": {func(puts, _ int, r request) fault {
			if puts == 3 {
				return fault{execute: true, answer: ifPut(r, accepted)}
			}
			return passOn
		}, "a second write was accepted"},
		"lists late": {func(_, lists int, r request) fault {
			if r.method == "LIST" && lists == 1 {
				return fault{answer: empty}
			}
			return passOn
		}, "is not read or listed at once"},
		"knows no conditions": {func(_, _ int, r request) fault {
			return fault{execute: r.method != "PUT", answer: ifPut(r, says(501, "NotImplemented"))}
		}, "does not know conditional writes"},
		"removes nothing": {func(_, _ int, r request) fault {
			if r.method == "DELETE" {
				return fault{answer: func(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }}
			}
			return passOn
		}, "what was removed is still listed"},
		"forbids removing": {func(_, _ int, r request) fault {
			if r.method == "DELETE" {
				return fault{answer: says(403, "AccessDenied")}
			}
			return passOn
		}, "access is denied"},
	} {
		t.Run(name, func(t *testing.T) {
			g, through := behindGate(t, bucket(t))
			p := open(t, through)
			g.set(func(r request) fault { return c.fault(len(g.requests("PUT", "")), len(g.requests("LIST", "")), r) })
			if _, err := p.Prove(t.Context()); !isRefused(err) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v", err)
			}
			g.set(nil)
			if left, err := p.listAll(t.Context(), probePrefix); err != nil || len(left) > 0 && !strings.Contains(c.want, "remov") && !strings.Contains(name, "remov") {
				t.Errorf("%d probes are left, %v", len(left), err)
			}
			if _, err := p.Prove(t.Context()); err != nil {
				t.Errorf("once the store is well: %v", err)
			}
		})
	}
}

func ifPut(r request, answer func(http.ResponseWriter)) func(http.ResponseWriter) {
	if r.method == "PUT" {
		return answer
	}
	return nil
}

// AWS answers 403 for a missing object to those who may list one prefix only.
func TestMissingObjectsThatAreForbidden(t *testing.T) {
	g, through := behindGate(t, bucket(t))
	p := open(t, through)
	end := begun(t, p, 3)
	hash := sharedlog.HashOf([]byte("none"))
	forbid := func(name string) {
		g.set(func(r request) fault {
			if r.method == "GET" && strings.HasPrefix(r.name, name) {
				return fault{answer: says(403, "AccessDenied")}
			}
			return passOn
		})
	}
	forbid(recordKey(4))
	missing := sharedlog.Position{N: 4, Hash: hash}
	if err := p.Append(t.Context(), missing, recordBehind(missing, "too high")); !isTaken(err) {
		t.Errorf("behind a record that is not there: error %v", err)
	}
	forbid(recordKey(1))
	if _, err := p.Read(t.Context(), 0); !isRefused(err) {
		t.Errorf("a record that is there and can't be read: error %v", err)
	}
	g.set(nil)
	wantLog(t, p, 1, end)
}
