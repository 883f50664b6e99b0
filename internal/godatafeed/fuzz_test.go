package godatafeed

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
)

// FuzzAnswers gives arbitrary answers to reads and writes: nothing may panic,
// grow without bounds, or end in an error that shows a secret or a control
// character, and what is taken for an order has an id and can be stored.
func FuzzAnswers(f *testing.F) {
	for _, name := range []string{"orders.json", "feed.json"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(200, "application/json", b)
	}
	for _, body := range []string{
		"", "null", "{}", "[]", "<html>" + canaryToken, `{"Success":false,"Message":"\u001b[2J` + canaryToken + `"}`,
		`{"Success":true,"Count":1e400}`, `{"Success":true,"Orders":[{"OrderId":"a","GrandTotal":1e999999999}]}`,
		`{"Orders":[{"OrderId":"a","DateShipped":"9999-12-31T23:59:59-23:59"}]}`, "\xff\xfe{\x00}\x00", `{"Token":"t","Success":"TRUE"}`,
	} {
		f.Add(200, "text/html", []byte(body))
		f.Add(429, "", []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		c := clientOf(t, func(*http.Request) (*http.Response, error) {
			return respond(status, string(body), "Content-Type: "+contentType, "Retry-After: "+contentType), nil
		}, quickly)
		c.budget.extra = minBudget
		ctx := t.Context()
		var errs []error
		if status != http.StatusTooManyRequests { // reads wait for minutes there
			orders, err := c.ListOrdersWithBuyer(ctx, someDay, 1, 1)
			errs = append(errs, err)
			for _, o := range orders {
				if strings.TrimSpace(o.ID) == "" || len(o.GrandTotal.String()) > 100 {
					t.Errorf("%+v", o.Live)
				}
				if _, err := json.Marshal(o.Values); err != nil {
					t.Error(err)
				}
			}
			errs = append(errs, second(c.ListFeeds(ctx, "", 1, 1)), second(c.CountOrders(ctx, someDay)),
				c.DownloadFeed(ctx, "id", into(io.Discard)), c.CheckCredentials(ctx))
		}
		for _, err := range append(errs, c.Ship(ctx, "id", Shipment{}, nil)) {
			if err == nil {
				continue
			}
			text := err.Error()
			if strings.Contains(text, canaryToken) || strings.ContainsFunc(text, unicode.IsControl) || len(text) > 2000 {
				t.Errorf("error %q", text)
			}
		}
	})
}

// FuzzPath makes sure that an id stays one segment of the path, whatever it
// holds.
func FuzzPath(f *testing.F) {
	for _, id := range []string{"tHbu==", ".", "..", "../x", "%2e%2e", "a/b", "a?b", "a#b", "a\x00\r\n", "\xff", "ü", "a;b", `\..\`} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		where := endpoint{scheme: "https", host: "api.example"}
		req, err := where.bind(t.Context(), request{method: http.MethodGet, path: []string{"Orders", id, "UpdateStatus"}}, "t")
		if err != nil {
			t.Fatal(err)
		}
		segments := strings.Split(req.URL.RequestURI(), "/")
		if len(segments) != 6 || segments[4] == "." || segments[4] == ".." || strings.ContainsAny(segments[4], "?# \r\n\x00") {
			t.Errorf("%q became %q", id, req.URL.RequestURI())
		}
		if req.URL.Path != "/v1/t/Orders/"+id+"/UpdateStatus" || req.URL.RawQuery != "" {
			t.Errorf("%q is read back as %q?%s", id, req.URL.Path, req.URL.RawQuery)
		}
	})
}

// FuzzBucketFile gives arbitrary contents to the shared bucket: what comes of
// it lies within its bounds.
func FuzzBucketFile(f *testing.F) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	f.Add(encodeBucket(Bucket{Level: 3, At: now, Share: 0.5, Until: now.Add(time.Hour), Halved: now}))
	f.Add([]byte(""))
	f.Add([]byte("{}"))
	f.Add([]byte(`{"level":1e308,"at":"0001-01-01T00:00:01Z","share":-1,"until":"9999-01-01T00:00:00Z"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		file := &bucketFile{size: 50}
		b := file.read(raw, now)
		if !(b.Level >= 0 && b.Level <= 50) || !(b.Share >= MinShare && b.Share <= 1) ||
			b.At.After(now) || b.Until.Sub(now) > MaxRetryAfter {
			t.Errorf("%+v", b)
		}
		if wait := b.Leaked(now, 2).TimeToLeak(3, 2); wait <= 0 || wait > 2*time.Minute {
			t.Errorf("%+v waits %s", b, wait)
		}
	})
}
