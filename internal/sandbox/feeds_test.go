package sandbox

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestFeeds(t *testing.T) {
	bothWays(t, Options{Feeds: 8}, func(t *testing.T, a *api) {
		if got := a.get("/feeds/count"); got.Count != 8 {
			t.Errorf("counted %d feeds, want 8", got.Count)
		}
		if got := a.get("/feeds/count?filterQuery=HANDBAGS"); got.Count != 2 {
			t.Errorf("counted %d filtered feeds, want 2", got.Count)
		}
		seen := map[string]bool{}
		for page := 1; page <= 3; page++ {
			for _, f := range a.get(fmt.Sprintf("/feeds?page=%d&pageSize=3&filterQuery=", page)).Feeds {
				id := f["FeedId"].(string)
				seen[id] = true
				one := a.get("/feeds/" + url.PathEscape(id))
				if len(one.Feeds) != 1 || one.Feeds[0]["Name"] != f["Name"] {
					t.Errorf("feed %s by its id: %s", id, one.Raw)
				}
				if f["DateLastPulled"] != nil || f["Score"] != 0.0 || f["Status"] != "Completed" {
					t.Errorf("feed %v", f)
				}
			}
		}
		if len(seen) != 8 {
			t.Errorf("pages hold %d feeds, want 8", len(seen))
		}
	})
}

func TestDownload(t *testing.T) {
	bothWays(t, Options{}, func(t *testing.T, a *api) {
		for _, f := range a.get("/feeds?page=1&pageSize=100").Feeds {
			got := a.get("/feeds/" + url.PathEscape(f["FeedId"].(string)) + "/download")
			r := csv.NewReader(strings.NewReader(got.Raw))
			if !strings.HasSuffix(f["FileName"].(string), ".csv") {
				r.Comma = '\t'
			}
			rows, err := r.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			want := f["CompilationTotalCount"].(float64) - f["CompilationErrorCount"].(float64)
			if len(rows)-1 != int(want) {
				t.Errorf("%s: %d rows, want %v", f["Name"], len(rows)-1, want)
			}
			ids := map[string]bool{}
			for _, row := range rows[1:] {
				ids[row[0]] = true
			}
			if len(ids) != len(rows)-1 {
				t.Errorf("%s: %d different ids in %d rows", f["Name"], len(ids), len(rows)-1)
			}
			if got.Header.Get("Content-Disposition") == "" || strings.Contains(got.Header.Get("Content-Type"), "json") {
				t.Errorf("header: %v", got.Header)
			}
		}
	})
}

func TestFeedsAreCompiledDaily(t *testing.T) {
	a := inProcess(t, Options{})
	compiled := func() time.Time {
		t.Helper()
		at, err := time.Parse(time.RFC3339Nano, a.get("/feeds?page=1&pageSize=1").Feeds[0]["DateLastCompiled"].(string))
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for range 3 {
		if age := a.clock.now().Sub(compiled()); age < 0 || age > 24*time.Hour {
			t.Errorf("compiled %s ago", age)
		}
		a.clock.pass(50 * time.Hour)
	}
	old := start.Add(-100 * time.Hour)
	if err := a.s.DriftFeed(FeedDrift{Feed: feedNames[0].name, Compiled: &old, Total: new(0)}); err != nil {
		t.Fatal(err)
	}
	if got := compiled(); !got.Equal(old) {
		t.Errorf("a feed that was set is compiled at %s, want %s", got, old)
	}
	other := feedNames[1].name
	if err := a.s.DriftFeed(FeedDrift{Feed: other, Name: new("Renamed"), Undated: new(true)}); err != nil {
		t.Fatal(err)
	}
	if got := a.get("/feeds?page=1&pageSize=9&filterQuery=renamed").Feeds; len(got) != 1 || got[0]["DateLastCompiled"] != nil {
		t.Errorf("renamed, without a date: %v", got)
	}
	if err := a.s.DriftFeed(FeedDrift{Feed: "Renamed", Gone: true}); err != nil {
		t.Fatal(err)
	}
	if err := a.s.DriftFeed(FeedDrift{Feed: "Renamed"}); err == nil {
		t.Error("a feed that was deleted is there")
	}
	if err := a.s.DriftFeed(FeedDrift{Feed: "none"}); err == nil {
		t.Error("a feed that is not there was changed")
	}
}
