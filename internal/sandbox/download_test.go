package sandbox

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// csvFeed is a feed whose file is CSV.
const csvFeed = "Google Shopping US"

// feedPath is where the file of a feed is, below the token.
func (a *api) feedPath(name string) string {
	a.t.Helper()
	id := a.get("/feeds?page=1&pageSize=1&filterQuery=" + url.QueryEscape(name)).Feeds[0]["FeedId"].(string)
	return "/feeds/" + url.PathEscape(id) + "/download"
}

// file downloads the file of a feed.
func (a *api) file(name string) answer {
	a.t.Helper()
	return a.get(a.feedPath(name))
}

// open begins to download the file of a feed.
func (a *api) open(name string) *http.Response {
	a.t.Helper()
	resp, err := a.http.Get(a.base + "/v1/" + a.token + a.feedPath(name))
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { resp.Body.Close() })
	return resp
}

func TestOddFiles(t *testing.T) {
	a := inProcess(t, Options{})
	if err := a.s.DriftFeed(FeedDrift{Feed: csvFeed, Total: new(12), Error: new(2)}); err != nil {
		t.Fatal(err)
	}
	usual := a.file(csvFeed).Raw
	lines := strings.SplitAfter(usual, "\n")
	if len(lines) != 12 || lines[11] != "" {
		t.Fatalf("the usual file has %d lines", len(lines)-1)
	}
	middle := lines[6]
	first, _, _ := strings.Cut(lines[1], ",")
	id, rest, _ := strings.Cut(middle, ",")
	for oddity, want := range map[Oddity]string{
		"":            usual,
		OddHTML:       htmlPage,
		OddEmpty:      "",
		OddHeaderOnly: lines[0],
		OddCut:        strings.Join(lines[:6], "") + middle[:len(middle)/2],
		OddRagged:     strings.Replace(usual, middle, strings.TrimSuffix(middle, ",new\n")+"\n", 1),
		OddDuplicated: strings.Replace(usual, middle, first+","+rest, 1),
		OddLatin1:     strings.Replace(usual, middle, id+",Caf\xe9 "+rest, 1),
		OddBOM:        "\ufeff" + usual,
		OddUTF16:      inUTF16("\ufeff" + usual),
	} {
		if err := a.s.DriftFeed(FeedDrift{Feed: csvFeed, Oddity: &oddity}); err != nil {
			t.Fatal(err)
		}
		if got := a.file(csvFeed); got.Raw != want || got.Status != 200 {
			t.Errorf("%s: %d %.300q, want %.300q", oddity, got.Status, got.Raw, want)
		}
	}
	if err := a.s.DriftFeed(FeedDrift{Feed: csvFeed, Oddity: new(Oddity("mouldy"))}); err == nil || !strings.Contains(err.Error(), "header_only") {
		t.Errorf("an unknown oddity: %v", err)
	}
}

func inUTF16(text string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return string(b)
}

func TestFileThatWasSet(t *testing.T) {
	o := Options{File: filepath.Join(t.TempDir(), "world.json"), Control: true}
	a := overSocket(t, o)
	if got := a.must("POST", "/_sandbox/drift/feed", `{"feed":"`+csvFeed+`","content":"id\n1\n"}`); got.Status != 200 {
		t.Fatal(got.Raw)
	}
	b := overSocket(t, o) // as after a kill
	for _, a := range []*api{a, b} {
		if got := a.file(csvFeed); got.Raw != "id\n1\n" || got.Header.Get("Content-Length") != "5" {
			t.Errorf("%q, %v", got.Raw, got.Header)
		}
	}
	if err := b.s.DriftFeed(FeedDrift{Feed: csvFeed, Content: new("")}); err != nil {
		t.Fatal(err)
	}
	if got := b.file(csvFeed); !strings.HasPrefix(got.Raw, "id,title,") {
		t.Errorf("%.40q, want the generated file again", got.Raw)
	}
}

// TestLargeFileStreams reads the beginning of a file that nothing could hold.
func TestLargeFileStreams(t *testing.T) {
	bothWays(t, Options{}, func(t *testing.T, a *api) {
		if err := a.s.DriftFeed(FeedDrift{Feed: csvFeed, Total: new(math.MaxInt)}); err != nil {
			t.Fatal(err)
		}
		resp := a.open(csvFeed)
		r := csv.NewReader(resp.Body)
		for n := range 10_000 {
			if row, err := r.Read(); err != nil || n > 0 && !strings.HasSuffix(row[0], fmt.Sprintf("-%05d", n-1)) {
				t.Fatalf("row %d: %q, %v", n, row, err)
			}
		}
		if resp.StatusCode != http.StatusOK || resp.ContentLength != -1 {
			t.Errorf("status %d, %d bytes", resp.StatusCode, resp.ContentLength)
		}
	})
}

func TestHalfAFile(t *testing.T) {
	bothWays(t, Options{}, func(t *testing.T, a *api) {
		whole := a.file(csvFeed).Raw
		if err := a.s.AddFault(Fault{Op: OpDownload, Kind: FaultHalfBody}); err != nil {
			t.Fatal(err)
		}
		resp := a.open(csvFeed)
		if got, err := io.ReadAll(resp.Body); err == nil || string(got) != whole[:len(whole)/2] {
			t.Errorf("%d bytes of %d, %v, want half and an error", len(got), len(whole), err)
		}
	})
}
