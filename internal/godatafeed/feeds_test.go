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

	"github.com/gdfctl/gdfctl/internal/compilation"
)

func TestReferenceFeed(t *testing.T) {
	const id = "eWplRm5yc1VvN2FtNW5jUWFOVWJuUT09"
	c := answering(t, sample(t, "feed.json"))
	want := Feed{
		ID: id, Name: "Amazon US - Clothing, Accessories & Luggage", Status: "Completed", FileName: "Clothing-feed.txt",
		LastCompiled:  time.Date(2017, 11, 17, 8, 51, 6, 250_000_000, time.UTC),
		LastSubmitted: time.Date(2017, 11, 17, 8, 51, 9, 907_000_000, time.UTC),
		Counts:        &compilation.Counts{Total: 10000, Valid: 10000, Warnings: 3},
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
	long := strings.Repeat(file, 10000)
	tests := map[string]struct {
		handler http.HandlerFunc
		want    string // the file; empty: an error
		err     string
		calls   int
	}{
		"file":       {write("text/plain", file), file, "", 1},
		"as JSON":    {write("application/json", file), file, "", 1},
		"curly file": {write("text/csv", "{id},b\n"), "{id},b\n", "", 1},
		"error page": {write("text/html", "<html>sorry</html>"), "", "an HTML page came instead of the file: (text/html) sorry", 3},
		"its sniff":  {write("text/plain", "\n<!DOCTYPE html><p>"), "", "an HTML page", 3},
		"false":      {write("application/json", `{"Success":false,"Message":"not compiled"}`), "", "Success is false: not compiled", 1},
		"envelope":   {write("text/plain", `{"Success":true,"Message":"queued"}`), "", "without the file: queued", 3},
		"cut":        {cut(file, 1000000), "", "cut off", 3},
		"cut by one": {cut(file, len(file)+1), "", "cut off", 3},
		"cut before the first byte": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000000")
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, "", "cut off", 3},
		"aborted chunks": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, long)
			panic(http.ErrAbortHandler)
		}, "", "cut off", 3},
		"cut once":            {atFirst(cut(long, 2*len(long)), write("text/csv", file)), file, "", 2},
		"a page once":         {atFirst(write("text/html", "<html>"), write("text/csv", file)), file, "", 2},
		"cut, then not there": {atFirst(cut(file, 1000), write404), "", "HTTP 404", 2},
		"XML":                 {write("text/xml", "<?xml version=\"1.0\"?>\n<rss/>"), "<?xml version=\"1.0\"?>\n<rss/>", "", 1},
		"a page in XHTML":     {write("application/xhtml+xml", "<?xml version=\"1.0\"?>\n<html/>"), "", "an HTML page", 3},
		"no such feed":        {write404, "", "HTTP 404", 1},
		"nothing":             {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "", "HTTP 204", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			calls := 0
			c := serve(t, func(w http.ResponseWriter, r *http.Request) { calls++; tt.handler(w, r) }, quickly)
			var got bytes.Buffer
			err := c.DownloadFeed(t.Context(), "id", anew(&got))
			if calls != tt.calls {
				t.Errorf("%d calls, want %d", calls, tt.calls)
			}
			if tt.want != "" && (err != nil || got.String() != tt.want) {
				t.Errorf("%q, %v, want %q", got.String(), err, tt.want)
			}
			if tt.want == "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want one with %q", err, tt.err)
			}
			if IsPage(err) != strings.Contains(tt.err, "an HTML page") {
				t.Errorf("%v is a page: %v", err, IsPage(err))
			}
		})
	}
}

// TestACutFileIsNeverWhole has readers that make light of what they read.
func TestACutFileIsNeverWhole(t *testing.T) {
	for name, read := range map[string]func(io.Reader) error{
		"nothing":     func(io.Reader) error { return nil },
		"a byte":      func(r io.Reader) error { _, err := r.Read(make([]byte, 1)); return err },
		"all of it":   func(r io.Reader) error { _, _ = io.Copy(io.Discard, r); return nil },
		"its failure": func(r io.Reader) error { _, _ = io.Copy(io.Discard, r); return errors.New("bad rows") },
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			handler := cut("id\n1\n", 1000)
			c := serve(t, func(w http.ResponseWriter, r *http.Request) { calls++; handler(w, r) }, quickly)
			err := c.DownloadFeed(t.Context(), "id", read)
			if err == nil || !strings.Contains(err.Error(), "cut off") || calls != 3 {
				t.Errorf("%v after %d calls, want a cut after 3", err, calls)
			}
		})
	}
}

// TestATransportThatDoesntNotice ends a body too early without an error.
func TestATransportThatDoesntNotice(t *testing.T) {
	calls := 0
	c := clientOf(t, func(*http.Request) (*http.Response, error) {
		calls++
		resp := respond(200, "id\n1\n", "Content-Type: text/csv")
		resp.ContentLength = 6
		return resp, nil
	}, quickly)
	if err := c.DownloadFeed(t.Context(), "id", into(io.Discard)); err == nil || !strings.Contains(err.Error(), "cut off") || calls != 3 {
		t.Errorf("%v after %d calls, want a cut after 3", err, calls)
	}
}

// cut says that its answer is longer than it is.
func cut(body string, length int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(length))
		_, _ = io.WriteString(w, body)
	}
}

// atFirst answers the first call in another way than the others.
func atFirst(first, then http.HandlerFunc) http.HandlerFunc {
	calls := 0
	return func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls == 1 {
			first(w, r)
		} else {
			then(w, r)
		}
	}
}

// anew reads a file into b, and drops what b held of an attempt before.
func anew(b *bytes.Buffer) func(io.Reader) error {
	return func(file io.Reader) error {
		b.Reset()
		return into(b)(file)
	}
}

func into(w io.Writer) func(io.Reader) error {
	return func(file io.Reader) error {
		_, err := io.Copy(w, file)
		return err
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
			var got bytes.Buffer
			if err := c.DownloadFeed(t.Context(), "id", into(io.MultiWriter(lazy{2 * time.Minute}, &got))); got.String() != "xxx" || err != nil {
				t.Errorf("%q, %v", got.String(), err)
			}
		})
	})
	t.Run("resting", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := clientOf(t, stream(time.Second, 61*time.Second))
			c.budget.extra = minBudget
			err := c.DownloadFeed(t.Context(), "id", into(io.Discard))
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
			err := clientOf(t, stream(time.Second, 30*time.Second)).DownloadFeed(ctx, "id", into(io.Discard))
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
	err := c.DownloadFeed(t.Context(), "id", into(broken{full}))
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("%v after %d calls, want the writer's error after one", err, calls)
	}
	if want := OpDownloadFeed + ": " + full.Error(); err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }

// A count that is odd is not known, and keeps nobody from the other feeds.
func TestOddCountsOfFeeds(t *testing.T) {
	api := answering(t, `{"Success":true,"Feeds":[
		{"FeedId":"a","CompilationTotalCount":-1,"CompilationErrorCount":2,"Score":"n/a"},
		{"FeedId":"b","CompilationTotalCount":9,"CompilationValidCount":null,"CompilationWarningCount":"N/A","CompilationErrorCount":1.5},
		{"FeedId":"c","CompilationTotalCount":"0","CompilationValidCount":0,"CompilationWarningCount":0,"CompilationErrorCount":0,"Score":1e99}]}`)
	got, err := api.ListFeeds(t.Context(), "", 1, 10)
	compare(t, []Feed{
		{ID: "a"},
		{ID: "b", Counts: &compilation.Counts{Total: 9, NoValid: true, NoWarnings: true, NoErrors: true}},
		{ID: "c", Counts: &compilation.Counts{}},
	}, got, err)
}
