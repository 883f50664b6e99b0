package sandbox

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// feed is one feed. It is compiled at the same time every day, so that a world
// that is kept for weeks has fresh feeds; a feed set by the control side stays
// as it was set.
type feed struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	File     string        `json:"file"`
	Status   string        `json:"status"`
	Compiled time.Time     `json:"compiled"`
	Submit   time.Duration `json:"submit"` // from compiled to submitted
	Total    int           `json:"total"`
	Valid    int           `json:"valid"`
	Warning  int           `json:"warning"`
	Error    int           `json:"error"`
	Score    int           `json:"score"`
	Stalled  bool          `json:"stalled,omitempty"` // no longer compiled
	Undated  bool          `json:"undated,omitempty"` // no date is given
	Content  []byte        `json:"content,omitempty"` // the file, instead of a generated one; empty is none
	Oddity   Oddity        `json:"oddity,omitempty"`  // of a generated file
}

var feedNames = []struct{ name, file string }{
	{"Amazon US - Clothing, Accessories & Luggage", "Clothing-feed.txt"},
	{"Amazon US - Shoes, Eyewear, Handbags & Wallets", "product-feed.txt"},
	{"Google Shopping US", "google-shopping-us.csv"},
	{"Walmart - Home, Garden & Tools", "walmart-home.csv"},
	{"eBay US - Everything Else", "ebay-us.txt"},
	{"Meta Catalog - Spring & Summer", "meta-catalog.csv"},
}

func (g generator) feed(n int, now time.Time) *feed {
	rng := g.rng(streamFeed, uint64(n))
	key := make([]byte, 16)
	for i := range key {
		key[i] = byte(rng.UintN(256))
	}
	id := base64.URLEncoding.EncodeToString(key)
	if n%2 == 0 {
		id = base64.URLEncoding.EncodeToString([]byte(id)) // the reference shows a doubly encoded one
	}
	named := feedNames[n%len(feedNames)]
	f := &feed{ID: id, Name: named.name, File: named.file, Status: "Completed"}
	if n >= len(feedNames) {
		f.Name = fmt.Sprintf("%s (%d)", f.Name, 1+n/len(feedNames))
	}
	f.Total = 300 + rng.IntN(2700)
	f.Error = rng.IntN(f.Total / 100)
	f.Warning = rng.IntN(f.Total / 10)
	f.Valid = f.Total - f.Warning - f.Error
	age := time.Duration(1+rng.Int64N(23*3600)) * time.Second
	f.Compiled = now.Add(-age).Truncate(time.Second).Add(time.Duration(1+rng.IntN(998)) * time.Millisecond)
	f.Submit = time.Duration(900+rng.IntN(900_000)) * time.Millisecond
	return f
}

// compiledAt is when the feed was last compiled before now.
func (f *feed) compiledAt(now time.Time) time.Time {
	if f.Stalled || now.Before(f.Compiled) {
		return f.Compiled
	}
	return f.Compiled.Add(now.Sub(f.Compiled).Truncate(day))
}

// submittedAt is when the feed was last submitted before now.
func (f *feed) submittedAt(now time.Time) time.Time {
	at := f.compiledAt(now).Add(f.Submit)
	if at.After(now) {
		at = at.Add(-day)
	}
	return at
}

func (s *Sandbox) feed(id string) *feed {
	for _, f := range s.world.Feeds {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// filteredFeeds are those whose name holds the text, in any case.
func (s *Sandbox) filteredFeeds(text string) []*feed {
	var found []*feed
	for _, f := range s.world.Feeds {
		if strings.Contains(strings.ToLower(f.Name), strings.ToLower(text)) {
			found = append(found, f)
		}
	}
	return found
}

func (s *Sandbox) countFeeds(c call) reply {
	return s.style.count(len(s.filteredFeeds(c.query.Get("filterquery"))))
}

// listFeeds takes filterQuery as optional: the reference's table calls it
// required, its example request goes without.
func (s *Sandbox) listFeeds(c call, now time.Time) reply {
	page, size, refused := s.page(c)
	if refused != nil {
		return *refused
	}
	return s.style.feeds(slicePage(s.filteredFeeds(c.query.Get("filterquery")), page, size, false), now)
}

func (s *Sandbox) getFeed(c call, now time.Time) reply {
	f := s.feed(c.id)
	if f == nil {
		return refuse(404, "The feed could not be found.")
	}
	return s.style.feeds([]*feed{f}, now)
}

func (s *Sandbox) download(c call) reply {
	f := s.feed(c.id)
	if f == nil {
		return refuse(404, "The feed could not be found.")
	}
	return feedReply(generator{s.world.Seed}, *f)
}
