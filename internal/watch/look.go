package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// API is what a look needs of the client.
type API interface {
	ListFeeds(ctx context.Context, filter string, page, size int) ([]godatafeed.Feed, error)
	GetFeed(ctx context.Context, id string) (godatafeed.Feed, error)
	DownloadFeed(ctx context.Context, id string, read func(file io.Reader) error) error
}

// TooSoon is the time between two looks below which the second one can show
// nothing new: GoDataFeed's documents ask clients not to come more often than
// every few minutes. Two looks that are closer are one observation.
const TooSoon = 5 * time.Minute

// Request says what is looked at.
type Request struct {
	Watches []*spec.Watch
	APIs    map[string]API      // by account, for each account that a watch names
	Barred  map[string]error    // why there is no API for an account; it counts as unread
	History *memory.FeedHistory // is read only
	Now     func() time.Time
	// Downloading is called before a feed's file is downloaded, the n-th of so
	// many. It may be nil.
	Downloading func(feed string, n, of int)
}

// Look is what one look at the feeds found.
type Look struct {
	Report   Report
	Previous time.Time // the earlier look that was closest; zero if there was none
	accounts []*accountLook
}

// accountLook is a look at one account.
type accountLook struct {
	account   *spec.Account
	watches   []*spec.Watch
	past      *memory.FeedAccount // before this look
	at        time.Time
	feeds     map[string]*seen  // that a watch means, by id
	others    map[string]string // names of feeds that were listed and that no watch means, by id
	filter    string            // what the listing was limited to
	inParts   bool              // the listing came in several pages
	wholePage int
}

// seen is a feed as a look found it.
type seen struct {
	feed    godatafeed.Feed
	past    *memory.FeedRecord  // nil: this is the first look
	content *memory.FeedContent // nil: no watch looks into the file, or it could not be had
	problem string              // why it could not be had
	failed  bool                // its download was tried, and failed
	shape   spec.FileShape      // as which the file is read
}

// otherShape reports whether the watch says that the file is written in another
// way than it was read: the first watch of a feed decides, since one reading
// serves all.
func (s *subject) otherShape() bool {
	shape := s.watch.Content.Shape
	return shape.With(s.seen.shape) != s.seen.shape
}

// Take looks at all feeds that the watches mean, and judges them. An account
// that can't be read is unread in the report, and the others go on; the error is
// that of the context.
func Take(ctx context.Context, req Request) (*Look, error) {
	now := func() time.Time { return req.Now().UTC().Truncate(time.Second) }
	l := &Look{Report: Report{At: now()}}
	for _, a := range accountsOf(req.Watches) {
		al := &accountLook{
			account: a, past: req.History.Account(a.Endpoint, a.Name), at: now(),
			feeds: map[string]*seen{}, others: map[string]string{},
		}
		for _, w := range req.Watches {
			if w.Account == a {
				al.watches = append(al.watches, w)
			}
		}
		if al.past.CheckedAt.After(l.Previous) {
			l.Previous = al.past.CheckedAt
		}
		err := req.Barred[a.Name]
		if err == nil {
			err = al.list(ctx, req.APIs[a.Name])
		}
		if err == nil {
			err = al.contents(ctx, req.APIs[a.Name], req.Downloading)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			l.Report.Accounts = append(l.Report.Accounts, AccountRead{a.Name, err})
			continue
		}
		l.accounts = append(l.accounts, al)
		l.Report.Accounts = append(l.Report.Accounts, AccountRead{Name: a.Name})
		for _, id := range slices.Sorted(maps.Keys(al.feeds)) {
			l.Report.Watched = append(l.Report.Watched, Watched{a.Name, al.feeds[id].feed})
		}
		l.Report.Results = append(l.Report.Results, al.judge()...)
	}
	l.Report.Feeds = len(l.Report.Watched)
	sortResults(l.Report.Results)
	return l, nil
}

// accountsOf are the accounts of watches, by name.
func accountsOf(watches []*spec.Watch) []*spec.Account {
	byName := map[string]*spec.Account{}
	for _, w := range watches {
		byName[w.Account.Name] = w.Account
	}
	accounts := make([]*spec.Account, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		accounts = append(accounts, byName[name])
	}
	return accounts
}

// Remember puts the look into the history as it is now, which may have changed
// since the look began.
func (l *Look) Remember(h *memory.FeedHistory) error {
	for _, al := range l.accounts {
		a := h.Account(al.account.Endpoint, al.account.Name)
		if al.wholePage > 0 && al.wholePage >= a.WholePage {
			a.WholePage, a.WholeAt = al.wholePage, al.at
		}
		a.CheckedAt = al.at
		for id, s := range al.feeds {
			r := a.Record(id)
			r.Name, r.SeenAt, r.GoneAt, r.Renamed = s.feed.Name, al.at, time.Time{}, ""
			r.Meant = al.meantBy(id, s.feed.Name, r.Meant)
			r.Observe(s.observation(al.at))
			switch {
			case s.content != nil:
				r.Content, r.UnreadAt = s.content, time.Time{}
			case s.failed:
				r.UnreadAt = al.at
			}
		}
		for id, r := range a.Feeds {
			if !al.missed(id, r) {
				continue
			}
			if r.GoneAt.IsZero() {
				r.GoneAt = al.at
			}
			if name, listed := al.others[id]; listed || al.filter == "" {
				r.Renamed = name
			}
		}
	}
	return l.rememberReport(h)
}

// meantBy are the patterns of names by which watches mean a feed now, or meant
// it before: of a feed that is renamed, those that miss it are told.
func (al *accountLook) meantBy(id, name string, before []string) []string {
	var globs []string
	for _, w := range al.watches {
		if w.FeedID == "" && !slices.Contains(globs, w.Feeds) && (w.Matches(id, name) || slices.Contains(before, w.Feeds)) {
			globs = append(globs, w.Feeds)
		}
	}
	return globs
}

// missed reports whether a watch misses a feed that was there.
func (al *accountLook) missed(id string, r *memory.FeedRecord) bool {
	return slices.ContainsFunc(al.watches, func(w *spec.Watch) bool { return al.missedBy(w, id, r) })
}

// missedBy reports whether a watch meant a feed before, and does not now.
func (al *accountLook) missedBy(w *spec.Watch, id string, r *memory.FeedRecord) bool {
	if s := al.feeds[id]; s != nil && w.Matches(id, s.feed.Name) {
		return false
	}
	return w.Matches(id, r.Name) || (w.FeedID == "" && slices.Contains(r.Meant, w.Feeds))
}

// remembered is the report of the latest look as the history keeps it.
type remembered struct {
	At      time.Time `json:"at"`
	Results []Result  `json:"results"`
	Unread  []string  `json:"unread,omitempty"` // accounts that could not be read: their results are older
}

// sameFor is how old what was found may be that is left as it is, because it is what
// was found since, where each report is kept for long.
const sameFor = time.Hour

// sameOutcomes reports whether two reports say the same but for what was measured.
func sameOutcomes(before Report, r remembered) bool {
	sameUnread := slices.EqualFunc(before.Unread(), r.Unread, func(a AccountRead, name string) bool { return a.Name == name })
	return sameUnread && slices.EqualFunc(before.Results, r.Results, func(a, b Result) bool {
		return a.Watch == b.Watch && a.Account == b.Account && a.FeedID == b.FeedID && a.FeedName == b.FeedName && a.Rule == b.Rule &&
			a.Outcome == b.Outcome && a.Severity == b.Severity
	})
}

// errUnread stands for why an account could not be read: that is not kept.
var errUnread = errors.New("it could not be read at the latest check")

// rememberReport keeps, of accounts that could not be read, what was found
// before; where none could be, that is all, and its age tells.
func (l *Look) rememberReport(h *memory.FeedHistory) error {
	if len(l.accounts) == 0 {
		return nil
	}
	r := remembered{At: l.Report.At, Results: l.Report.Results}
	if unread := l.Report.Unread(); len(unread) > 0 {
		before, _ := Latest(h.Watched())
		for _, a := range unread {
			r.Unread = append(r.Unread, a.Name)
		}
		for _, res := range before.Results {
			if slices.Contains(r.Unread, res.Account) {
				r.Results = append(slices.Clip(r.Results), res)
			}
		}
		sortResults(r.Results)
	}
	if h.Sparing() {
		if before, ok := Latest(h.Watched()); ok && r.At.Sub(before.At) < sameFor && sameOutcomes(before, r) {
			return nil
		}
	}
	report, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("what the look found can't be kept: %w", err)
	}
	h.SetWatched(report)
	return nil
}

// Latest is the report of the latest look, as far as FeedHistory.Watched has it:
// its time, its results, and the accounts that could not be read. Without one,
// or where it can't be read, it is false.
func Latest(watched json.RawMessage) (Report, bool) {
	var r remembered
	if json.Unmarshal(watched, &r) != nil || r.At.IsZero() {
		return Report{}, false
	}
	report := Report{At: r.At, Results: r.Results}
	for _, name := range r.Unread {
		report.Accounts = append(report.Accounts, AccountRead{name, errUnread})
	}
	return report, true
}
