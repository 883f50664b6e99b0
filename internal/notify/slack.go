package notify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// slackMessage is the body of the format Slack, which others understand too.
// Without markup and previews, foreign text is only text.
type slackMessage struct {
	Text        string `json:"text"`
	Markdown    bool   `json:"mrkdwn"`
	UnfurlLinks bool   `json:"unfurl_links"`
	UnfurlMedia bool   `json:"unfurl_media"`
}

// A chat wants to be read: so many events, and characters of each, are shown.
const (
	slackEvents = 20
	slackLine   = 400
)

// slackText has a line that counts, and one for each of the first events.
func slackText(block string, events []Event) string {
	counts := count(events)
	var parts []string
	for _, k := range kinds {
		if n := counts[k]; n > 0 {
			parts = append(parts, k.counted(n))
		}
	}
	lines := []string{"gdfctl " + block + ": " + strings.Join(parts, ", ")}
	left := slackEvents
	for _, k := range kinds {
		for i := range events {
			if events[i].Type == k && left > 0 {
				left--
				lines = append(lines, plain(events[i].line()))
			}
		}
	}
	if more := len(events) - slackEvents; more > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// counted says how many events of a kind there are.
func (k Kind) counted(n int) string {
	one, many := "order "+string(k), "orders "+string(k)
	switch k {
	case FeedFailed:
		one, many = "rule failed on a feed", "rules failed on feeds"
	case FeedRecovered:
		one, many = "passes again", "pass again"
	case Unknown:
		one, many = "order of unknown outcome", "orders of unknown outcome"
	case ScheduleFailing:
		one, many = "schedule fails", "schedules fail"
	case ConfigRefused:
		one, many = "configuration is refused", "configurations are refused"
	case ConfigStale:
		one, many = "message about a configuration that can't be fetched", "messages about configurations that can't be fetched"
	case Held:
		one, many = "order held back", "orders held back"
	}
	return words.Count(n, one, many)
}

// line is an event in one line.
func (e *Event) line() string {
	var parts []string
	switch {
	case e.Schedule != "":
		parts = []string{e.Schedule, e.Message}
	case e.Workspace != "":
		parts = []string{e.Workspace, words.ShortHash(e.Commit), e.Message}
	case e.Order != nil:
		parts = []string{cmp.Or(e.Order.String(), e.Address), e.Action, e.Code, e.Message}
	default:
		parts = []string{cmp.Or(e.FeedName, e.FeedID), e.Rule, e.Value, e.Message}
	}
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return strings.TrimPrefix(string(e.Type), "feed_") + ": " + strings.Join(parts, " · ")
}

// plain takes from foreign text what a chat would act on: &, < and > make
// links, mentions and channels, and some that take Slack's messages read a bare
// @ too.
func plain(s string) string {
	return harmless.Replace(shortened(safetext.Line(s)))
}

// shortened ends a long line after a whole word, and not inside a command: half
// a command does something else.
func shortened(line string) string {
	runes := []rune(line)
	if len(runes) <= slackLine {
		return line
	}
	cut := string(runes[:slackLine])
	if strings.Count(cut, "`")%2 == 1 {
		cut = cut[:strings.LastIndex(cut, "`")]
	} else if word := strings.LastIndex(cut, " "); word > len(cut)/2 {
		cut = cut[:word]
	}
	return strings.TrimRight(cut, " ") + " …"
}

var harmless = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "@\u200b")
