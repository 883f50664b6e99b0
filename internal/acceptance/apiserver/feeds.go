package apiserver

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The operations on feeds.
const (
	CountFeeds = "count feeds"
	ListFeeds  = "list feeds"
	GetFeed    = "get feed"
	Download   = "download"
)

// Feed is a product feed. Counts are absent from answers where Uncounted.
type Feed struct {
	ID, Name, Status, FileName     string
	Compiled, Submitted, Pulled    time.Time // zero: null
	Total, Valid, Warnings, Errors int
	Uncounted                      bool
	Score                          float64
	File                           string // the compiled file
	ContentType                    string // of the file; empty: text/plain
	Cut                            bool   // the connection breaks in the middle of the file
}

func (s *Server) feeds(w http.ResponseWriter, r *http.Request, token string, resource []string) {
	q := r.URL.Query()
	switch {
	case r.Method != http.MethodGet:
		s.complain("feeds are only read: %s", r.Method)
		refuse(w, http.StatusMethodNotAllowed, "You tried to access an endpoint with an invalid method.")
	case len(resource) == 0:
		s.listFeeds(w, token, q)
	case len(resource) == 1 && resource[0] == "count":
		s.countFeeds(w, token, q)
	case len(resource) == 1:
		s.getFeed(w, token, resource[0])
	case len(resource) == 2 && resource[1] == "download":
		s.download(w, token, resource[0])
	default:
		s.complain("no resource of the API: feeds %v", resource)
		notFound(w)
	}
}

// namedLike are the feeds whose names hold a text.
func (s *Server) namedLike(q url.Values, known ...string) []Feed {
	s.checkParameters(q, known...)
	text := strings.ToLower(q.Get("filterQuery"))
	feeds := slices.Clone(s.options().Feeds)
	return slices.DeleteFunc(feeds, func(f Feed) bool { return !strings.Contains(strings.ToLower(f.Name), text) })
}

func (s *Server) countFeeds(w http.ResponseWriter, token string, q url.Values) {
	fault := s.begin(CountFeeds, token, "")
	found := s.namedLike(q, "filterQuery")
	if !fault.answer(w) {
		reply(w, map[string]any{"Success": true, "Message": "", "Count": len(found)})
	}
}

func (s *Server) listFeeds(w http.ResponseWriter, token string, q url.Values) {
	fault := s.begin(ListFeeds, token, "")
	found := s.namedLike(q, "page", "pageSize", "filterQuery")
	page, badPage := strconv.Atoi(q.Get("page"))
	size, badSize := strconv.Atoi(q.Get("pageSize"))
	if _, named := q["filterQuery"]; !named || badPage != nil || badSize != nil || page < 1 || size < 1 {
		s.complain("a listing of feeds needs page, pageSize and filterQuery: %s", q.Encode())
		refuse(w, http.StatusBadRequest, "Your request is invalid.")
		return
	}
	if !fault.answer(w) {
		s.replyFeeds(w, pageOf(found, page, size, s.options().PageCap))
	}
}

// feed finds a feed by its id.
func (s *Server) feed(id string) (Feed, bool) {
	feeds := s.options().Feeds
	i := slices.IndexFunc(feeds, func(f Feed) bool { return f.ID == id })
	if i < 0 {
		return Feed{}, false
	}
	return feeds[i], true
}

func (s *Server) getFeed(w http.ResponseWriter, token, id string) {
	if s.begin(GetFeed, token, id).answer(w) {
		return
	}
	f, ok := s.feed(id)
	if !ok {
		notFound(w)
		return
	}
	s.replyFeeds(w, []Feed{f})
}

func (s *Server) download(w http.ResponseWriter, token, id string) {
	if s.begin(Download, token, id).answer(w) {
		return
	}
	f, ok := s.feed(id)
	if !ok {
		notFound(w)
		return
	}
	contentType := f.ContentType
	if contentType == "" {
		contentType = "text/plain; charset=utf-8"
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(f.File)))
	if f.Cut {
		io.WriteString(w, f.File[:len(f.File)/2])
		w.(http.Flusher).Flush()
		cut(w)
		return
	}
	io.WriteString(w, f.File)
}

func (s *Server) replyFeeds(w http.ResponseWriter, feeds []Feed) {
	other := s.options().OtherStyle
	list := make([]map[string]any, 0, len(feeds))
	for _, f := range feeds {
		list = append(list, renderFeed(f, other))
	}
	reply(w, map[string]any{"Success": true, "Message": "", "Feeds": list})
}

func renderFeed(f Feed, other bool) map[string]any {
	const layout = "2006-01-02T15:04:05.999Z"
	number := func(n int) any {
		switch {
		case f.Uncounted:
			return nil
		case other:
			return fmt.Sprint(n)
		}
		return n
	}
	return map[string]any{
		"FeedId": f.ID, "Name": f.Name, "Status": word(f.Status, other), "FileName": f.FileName,
		"DateLastCompiled": moment(f.Compiled, layout, other), "DateLastSubmitted": moment(f.Submitted, layout, other),
		"DateLastPulled":        moment(f.Pulled, layout, other),
		"CompilationTotalCount": number(f.Total), "CompilationValidCount": number(f.Valid),
		"CompilationWarningCount": number(f.Warnings), "CompilationErrorCount": number(f.Errors), "Score": f.Score,
	}
}
