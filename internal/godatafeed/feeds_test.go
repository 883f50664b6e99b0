package godatafeed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestReferenceFeed(t *testing.T) {
	const id = "eWplRm5yc1VvN2FtNW5jUWFOVWJuUT09"
	c := answering(t, sample(t, "feed.json"))
	want := Feed{
		ID: id, Name: "Amazon US - Clothing, Accessories & Luggage", Status: "Completed", FileName: "Clothing-feed.txt",
		LastCompiled:  time.Date(2017, 11, 17, 8, 51, 6, 250_000_000, time.UTC),
		LastSubmitted: time.Date(2017, 11, 17, 8, 51, 9, 907_000_000, time.UTC),
		Total:         10000, Valid: 10000, Warnings: 3, Counted: true,
	}
	got, err := c.GetFeed(t.Context(), id)
	compare(t, want, got, err)
	list, err := c.ListFeeds(t.Context(), "Amazon", 1, 100)
	compare(t, []Feed{want}, list, err)
	if _, err := c.GetFeed(t.Context(), "other"); err == nil || IsNotFound(err) {
		t.Errorf("another feed than the one asked for: %v", err)
	}
}

func TestFeedWithoutCounts(t *testing.T) {
	got, err := answering(t, `{"Success":true,"Feeds":[{"FeedId":"a","CompilationTotalCount":null,"Score":"87.5"}]}`).GetFeed(t.Context(), "a")
	compare(t, Feed{ID: "a", Score: 87.5}, got, err)
}

func TestDownload(t *testing.T) {
	const file = "id\ttitle\n1\tShoe\n"
	tests := map[string]struct {
		handler http.HandlerFunc
		want    string // the file; empty: an error
		err     string
		calls   int
	}{
		"file":       {write("text/plain", file), file, "", 1},
		"as JSON":    {write("application/json", file), file, "", 1},
		"curly file": {write("text/csv", "{id},b\n"), "{id},b\n", "", 1},
		"error page": {write("text/html", "<html>sorry</html>"), "", "no JSON: (text/html) sorry", 3},
		"its sniff":  {write("text/plain", "\n<!DOCTYPE html><p>"), "", "no JSON", 3},
		"false":      {write("application/json", `{"Success":false,"Message":"not compiled"}`), "", "Success is false: not compiled", 1},
		"envelope":   {write("text/plain", `{"Success":true,"Message":"queued"}`), "", "without the file: queued", 3},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000000")
			_, _ = io.WriteString(w, file)
		}, "", "cut off", 1},
		"cut before the first byte": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000000")
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, "", "cut off", 3},
		"aborted chunks": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat(file, 10000))
			panic(http.ErrAbortHandler)
		}, "", "cut off", 1},
		"no such feed": {write404, "", "HTTP 404", 1},
		"nothing":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "", "HTTP 204", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			calls := 0
			c := serve(t, func(w http.ResponseWriter, r *http.Request) { calls++; tt.handler(w, r) }, quickly)
			var got bytes.Buffer
			n, err := c.DownloadFeed(t.Context(), "id", &got)
			if calls != tt.calls {
				t.Errorf("%d calls, want %d", calls, tt.calls)
			}
			if n != int64(got.Len()) {
				t.Errorf("%d bytes said to be written, but %d were", n, got.Len())
			}
			if tt.want != "" && (err != nil || got.String() != tt.want) {
				t.Errorf("%q, %v, want %q", got.String(), err, tt.want)
			}
			if tt.want == "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want one with %q", err, tt.err)
			}
		})
	}
}

func write(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, body)
	}
}

func write404(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

func TestDownloadRests(t *testing.T) {
	// A download may take long, but not rest for long; a slow disk is no rest.
	stream := func(pauses ...time.Duration) transportFunc {
		return func(r *http.Request) (*http.Response, error) {
			resp := respond(200, "")
			resp.ContentLength, resp.Body = -1, &paced{ctx: r.Context(), pauses: pauses}
			return resp, nil
		}
	}
	t.Run("slow", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := clientOf(t, stream(50*time.Second, 59*time.Second, 59*time.Second))
			if n, err := c.DownloadFeed(t.Context(), "id", lazy{2 * time.Minute}); n != 3 || err != nil {
				t.Errorf("%d bytes, %v", n, err)
			}
		})
	})
	t.Run("resting", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := clientOf(t, stream(time.Second, 61*time.Second))
			c.budget.extra = minBudget
			_, err := c.DownloadFeed(t.Context(), "id", io.Discard)
			e, _ := errors.AsType[*Error](err)
			if e == nil || !e.Timeout() || !strings.Contains(err.Error(), "nothing came for 1m0s") {
				t.Errorf("%v, want a timeout", err)
			}
		})
	})
	t.Run("cancelled", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			_, err := clientOf(t, stream(time.Second, 30*time.Second)).DownloadFeed(ctx, "id", io.Discard)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v, want the context's error", err)
			}
		})
	})
}

// paced gives one byte after each pause.
type paced struct {
	ctx    context.Context
	pauses []time.Duration
}

func (p *paced) Read(b []byte) (int, error) {
	if len(p.pauses) == 0 {
		return 0, io.EOF
	}
	if err := sleep(p.ctx, p.pauses[0]); err != nil {
		return 0, err
	}
	p.pauses = p.pauses[1:]
	b[0] = 'x'
	return 1, nil
}

func (*paced) Close() error { return nil }

type lazy struct{ pause time.Duration }

func (l lazy) Write(p []byte) (int, error) {
	time.Sleep(l.pause)
	return len(p), nil
}

func TestDownloadToFullDisk(t *testing.T) {
	full := errors.New("no space left on device")
	calls := 0
	c := clientOf(t, func(*http.Request) (*http.Response, error) {
		calls++
		return respond(200, "id\n1\n", "Content-Type: text/plain"), nil
	})
	_, err := c.DownloadFeed(t.Context(), "id", broken{full})
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("%v after %d calls, want the writer's error after one", err, calls)
	}
	if want := fmt.Sprintf("%s: the file can't be written: %v", OpDownloadFeed, full); err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }
