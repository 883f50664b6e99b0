package watch

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/feedfile"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/spec"
)

const (
	// pageAgain is how long a page that came in place of a file is taken for
	// what the feed is: it may be a passing fault of a server on the way.
	pageAgain = time.Hour
	// mostFailures is after how many downloads in a row that fail the others
	// are left for the next look.
	mostFailures = 3
)

// contents looks into the files of feeds that were compiled since they were
// looked at, where a watch asks for it. One download serves all watches. Its
// error ends the look at the account.
func (al *accountLook) contents(ctx context.Context, api API, downloading func(feed string, n, of int)) error {
	type task struct {
		s   *seen
		ask feedfile.Spec
		of  string
	}
	var tasks []task
	for _, s := range al.feeds {
		ask, shape, asked := al.asked(s.feed)
		if !asked {
			continue
		}
		s.shape = shape
		of := fingerprint(s.feed, ask)
		if s.past != nil && s.past.Content != nil && s.past.Content.Of == of && !al.outdated(s.past.Content) {
			s.content = s.past.Content
			continue
		}
		tasks = append(tasks, task{s, ask, of})
	}
	// What failed at the last look comes last: feeds whose downloads always fail
	// must not keep the others from being looked at.
	slices.SortFunc(tasks, func(a, b task) int {
		return cmp.Or(a.s.unreadAt().Compare(b.s.unreadAt()), strings.Compare(a.s.feed.Name, b.s.feed.Name), strings.Compare(a.s.feed.ID, b.s.feed.ID))
	})
	failures := 0
	for i, t := range tasks {
		if failures == mostFailures {
			t.s.problem = "not looked at: the downloads before it failed"
			continue
		}
		if downloading != nil {
			downloading(t.s.feed.Name, i+1, len(tasks))
		}
		content, err := download(ctx, api, t.s.feed.ID, t.ask)
		switch {
		case ctx.Err() != nil || godatafeed.IsDenied(err):
			return err
		case godatafeed.IsPage(err):
			content = &memory.FeedContent{HTML: true}
		case godatafeed.IsNotFound(err):
			t.s.problem = "the API has no file of this feed"
			continue
		case err != nil:
			t.s.problem, t.s.failed = err.Error(), true
			failures++
			continue
		}
		failures = 0
		content.Of, content.At = t.of, al.at
		t.s.content = content
	}
	return nil
}

// unreadAt is when the feed's download failed, if it did when it was last tried.
func (s *seen) unreadAt() (at time.Time) {
	if s.past != nil {
		at = s.past.UnreadAt
	}
	return at
}

// outdated reports whether a remembered page should be looked at again.
func (al *accountLook) outdated(c *memory.FeedContent) bool {
	return c.HTML && al.at.Sub(c.At) >= pageAgain
}

// asked is what the watches together ask of a feed's file.
func (al *accountLook) asked(f godatafeed.Feed) (ask feedfile.Spec, shape spec.FileShape, asked bool) {
	for _, w := range al.watches {
		if w.Content == nil || !w.Matches(f.ID, f.Name) {
			continue
		}
		asked = true
		shape = shape.With(w.Content.Shape)
		for _, of := range []struct {
			all  *[]string
			more []string
		}{
			{&ask.RequiredColumns, w.Content.RequiredColumns},
			{&ask.Unique, w.Content.Unique},
			{&ask.RequiredValues, w.Content.RequiredValues},
			{&ask.GTIN, w.Content.GTIN},
			{&ask.Price, w.Content.Price},
			{&ask.HTTPS, links(w.Content.HTTPS)},
		} {
			for _, column := range of.more {
				if !slices.Contains(*of.all, column) {
					*of.all = append(*of.all, column)
				}
			}
		}
	}
	ask.HeaderLine, ask.Delimiter, ask.Compression = shape.HeaderLine, shape.Delimiter, shape.Compression
	ask.Encoding = encodings[shape.Encoding]
	return ask, shape, asked
}

// encodings are those of files by the words of the configuration.
var encodings = map[string]string{
	"": "", "utf-8": feedfile.UTF8, "utf-16le": feedfile.UTF16LE, "utf-16be": feedfile.UTF16BE,
	"windows-1252": feedfile.Windows1252, "iso-8859-15": feedfile.ISO885915,
}

func links(columns []string) []string {
	out := slices.Clone(columns)
	for i, column := range out {
		if column == spec.EveryLink {
			out[i] = feedfile.AllLinks
		}
	}
	return out
}

// fingerprint tells whether a file has to be looked at again: it was compiled
// since, or something else is asked of it. Where the API gives no date of the
// compilation, another date or count tells it.
func fingerprint(f godatafeed.Feed, ask feedfile.Spec) string {
	of := struct {
		Compiled, Submitted, Pulled            time.Time
		Total, Valid, Warnings, Errors, Format int
		Ask                                    feedfile.Spec
	}{Compiled: f.LastCompiled.UTC(), Ask: ask, Format: 2}
	if f.LastCompiled.IsZero() {
		of.Submitted, of.Pulled = f.LastSubmitted.UTC(), f.LastPulled.UTC()
		if f.Counts != nil {
			of.Total, of.Valid, of.Warnings, of.Errors = f.Total, f.Valid, f.Warnings, f.Errors
		}
	}
	text, err := json.Marshal(of)
	if err != nil {
		return "" // a date out of all range: never the same as another
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// download measures a feed's file as it comes.
func download(ctx context.Context, api API, id string, ask feedfile.Spec) (*memory.FeedContent, error) {
	var facts feedfile.Facts
	err := api.DownloadFeed(ctx, id, func(file io.Reader) (err error) {
		facts, err = feedfile.Scan(ctx, file, ask)
		return err
	})
	if err != nil {
		return nil, err
	}
	return contentOf(facts, ask), nil
}

// contentOf keeps of the facts what may be remembered: counts, and names that
// the configuration gave. Names of the file's own columns are not among them:
// what was found in each column of links is put together.
func contentOf(f feedfile.Facts, ask feedfile.Spec) *memory.FeedContent {
	c := &memory.FeedContent{
		Empty: f.Empty, HTML: f.HTML, XML: f.XML, Archive: f.Archive, Encoding: f.Encoding, BadBytesLine: f.BadBytesLine,
		HeaderHash: f.HeaderHash, Columns: len(f.Header), Rows: f.Rows,
		Ragged: f.Ragged, FirstRaggedLine: f.FirstRaggedLine, Damaged: f.Damaged, FirstDamagedLine: f.FirstDamagedLine,
		Swallowed: f.Swallowed, FirstSwallowing: f.FirstSwallowing,
		MissingColumns: f.MissingColumns,
	}
	for _, u := range f.Unique {
		c.Cells = append(c.Cells, memory.CellsResult{Check: "unique", Column: u.Column, Missing: u.Missing, Count: u.Duplicates, FirstLine: u.FirstLine, Unchecked: u.Unchecked})
	}
	add := func(check string, facts []feedfile.ColumnFact) {
		for _, fact := range facts {
			c.Cells = append(c.Cells, memory.CellsResult{Check: check, Column: fact.Column, Missing: fact.Missing, Count: fact.Count, FirstLine: fact.FirstLine})
		}
	}
	add("required_values", f.Blank)
	add("gtin", f.BadGTIN)
	add("price", f.BadPrice)
	add("https", linksTogether(f.NotHTTPS, ask.HTTPS))
	return c
}

// linksTogether makes one fact, the last, of those that stand in the place of
// AllLinks.
func linksTogether(facts []feedfile.ColumnFact, asked []string) []feedfile.ColumnFact {
	first := slices.Index(asked, feedfile.AllLinks)
	if first < 0 || len(facts) == 0 {
		return facts
	}
	end := len(facts) - len(asked[first+1:])
	all := feedfile.ColumnFact{Column: spec.EveryLink, Missing: facts[first].Missing}
	for _, fact := range facts[first:end] {
		all.Count += fact.Count
		if all.FirstLine == 0 || fact.Count > 0 && fact.FirstLine < all.FirstLine {
			all.FirstLine = fact.FirstLine
		}
	}
	return slices.Concat(facts[:first], facts[end:], []feedfile.ColumnFact{all})
}
