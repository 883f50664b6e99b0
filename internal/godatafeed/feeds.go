package godatafeed

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/gdfctl/gdfctl/internal/compilation"
)

// Feed is a product feed and the result of its last compilation. Times are UTC
// and zero where the API gives none.
type Feed struct {
	ID       string
	Name     string
	Status   string // "Completed" where all is well; foreign text
	FileName string

	LastCompiled  time.Time
	LastSubmitted time.Time
	LastPulled    time.Time

	*compilation.Counts // of the items; nil where the API gives no total

	Score float64 // 0 where the API does not know it
}

// CountFeeds returns how many feeds have a name that matches the filter; all
// for an empty one.
func (c *Client) CountFeeds(ctx context.Context, filter string) (int, error) {
	query := url.Values{}
	if filter != "" {
		query.Set("filterQuery", filter)
	}
	answer, err := fetch[countAnswer](ctx, c, request{
		op: OpCountFeeds, method: http.MethodGet, path: []string{"feeds", "count"}, query: query,
	})
	return answer.Count.n, err
}

// ListFeeds returns one page, counted from 1, of the feeds whose names match
// the filter.
func (c *Client) ListFeeds(ctx context.Context, filter string, page, size int) ([]Feed, error) {
	query := url.Values{"filterQuery": {filter}} // required, even if empty
	if err := paginate(query, page, size); err != nil {
		return nil, invalid(OpListFeeds, err.Error())
	}
	answer, err := fetch[feedsAnswer](ctx, c, request{
		op: OpListFeeds, method: http.MethodGet, path: []string{"feeds"}, query: query,
	})
	if err != nil {
		return nil, err
	}
	return convertAll(answer.Feeds, (*wireFeed).feed), nil
}

// GetFeed returns the feed with this ID. IsNotFound reports that there is none.
func (c *Client) GetFeed(ctx context.Context, id string) (Feed, error) {
	if id == "" {
		return Feed{}, invalid(OpGetFeed, "the feed's ID is empty")
	}
	answer, err := fetch[feedsAnswer](ctx, c, request{
		op: OpGetFeed, method: http.MethodGet, path: []string{"feeds", id},
	})
	if err != nil {
		return Feed{}, err
	}
	found, err := pick(OpGetFeed, answer.Feeds, id)
	if err != nil {
		return Feed{}, err
	}
	return found.feed(), nil
}

type feedsAnswer struct {
	envelope
	Feeds *[]wireFeed
}

func (a *feedsAnswer) check() error { return checkList(a.Success, a.Feeds, "feeds") }

type wireFeed struct {
	FeedID                  text `json:"FeedId"`
	Name, Status, FileName  text
	DateLastCompiled        moment
	DateLastSubmitted       moment
	DateLastPulled          moment
	CompilationTotalCount   tally
	CompilationValidCount   tally
	CompilationWarningCount tally
	CompilationErrorCount   tally
	Score                   score
}

func (w *wireFeed) id() string { return string(w.FeedID) }

func (w *wireFeed) said() any { return w.feed() }

func (w *wireFeed) feed() Feed {
	return Feed{
		ID: w.id(), Name: string(w.Name), Status: w.Status.trimmed(), FileName: string(w.FileName),
		LastCompiled: w.DateLastCompiled.Time, LastSubmitted: w.DateLastSubmitted.Time, LastPulled: w.DateLastPulled.Time,
		Counts: w.counts(), Score: w.Score.InexactFloat64(),
	}
}

func (w *wireFeed) counts() *compilation.Counts {
	if !w.CompilationTotalCount.said {
		return nil
	}
	return &compilation.Counts{
		Total: w.CompilationTotalCount.n, Valid: w.CompilationValidCount.n,
		Warnings: w.CompilationWarningCount.n, Errors: w.CompilationErrorCount.n,
		NoValid: !w.CompilationValidCount.said, NoWarnings: !w.CompilationWarningCount.said, NoErrors: !w.CompilationErrorCount.said,
	}
}

// tally is a count of one feed in a listing of many. One that can't be read is
// not said: it must not keep anybody from the other feeds.
type tally struct{ whole }

func (t *tally) UnmarshalJSON(b []byte) error {
	_ = t.whole.UnmarshalJSON(b)
	return nil
}

// score is a mark of one feed in a listing of many, 0 where it can't be read.
type score struct{ money }

func (s *score) UnmarshalJSON(b []byte) error {
	_ = s.money.UnmarshalJSON(b)
	return nil
}
