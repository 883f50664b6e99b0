package gitlog

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Whoever waits for a lease looks every few seconds, from every CI job that waits.
func TestALookCostsOneRoundTrip(t *testing.T) {
	g := stores.NewGit(t)
	h := g.Serve(t)
	remote := h.URL(stores.GitWriter)
	writer, reader := place(t, t.TempDir(), map[string]string{"remote": remote}), place(t, t.TempDir(), map[string]string{"remote": remote})
	end := add(t, writer, sharedlog.Before, "first")
	end = add(t, writer, end, "second")
	look := func() (records, asked, sent int) {
		t.Helper()
		h.Requests()
		for after := end.N - 1; ; {
			page, err := reader.Read(t.Context(), after)
			if err != nil {
				t.Fatal(err)
			}
			records += len(page.Records)
			after += int64(len(page.Records))
			if len(page.Records) == 0 || page.End {
				break
			}
		}
		for _, r := range h.Requests() {
			if r == "GET refs "+stores.GitWriter {
				asked++
			}
			if r == "POST git-upload-pack "+stores.GitWriter {
				sent++
			}
		}
		return records, asked, sent
	}
	want := func(what string, records, asked, sent int) {
		t.Helper()
		if r, a, s := look(); r != records || a != asked || s != sent {
			t.Errorf("%s: %d records, asked %d times with %d more requests; expected %d, %d, %d", what, r, a, s, records, asked, sent)
		}
	}
	want("the first look fetches", 1, 2, 3)
	want("nothing is new", 1, 1, 1)
	want("nothing is new", 1, 1, 1)
	add(t, writer, end, "third")
	want("one record is new", 2, 2, 3)
	want("nothing is new", 2, 1, 1)
	if page, err := reader.Read(t.Context(), end.N+1); err != nil || len(page.Records) != 0 {
		t.Error(page, err)
	}
	add(t, writer, sharedlog.Position{N: end.N + 1, Hash: record(end, "third").Position().Hash}, "fourth")
	if page, err := reader.Read(t.Context(), end.N+1); err != nil || len(page.Records) != 1 {
		t.Error(page, err)
	}
}
