package notify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
)

// Format is how a message is written.
type Format string

// The formats.
const (
	JSON  Format = "json"
	Slack Format = "slack"
)

// maxEvents is the most events that one message lists, the first ones, so that
// receivers that take no more than a megabyte take it. The rest is counted.
const maxEvents = 1000

// Message is the body of the format JSON.
type Message struct {
	FormatVersion string       `json:"format_version"`
	Version       string       `json:"gdfctl_version"`
	Notify        string       `json:"notify"`
	SentAt        time.Time    `json:"sent_at"`
	Counts        map[Kind]int `json:"counts"`
	Omitted       int          `json:"omitted"`
	Events        []Event      `json:"events"`
}

// body writes a message about events, of which there is one at least.
func (f Format) body(block, version string, now time.Time, events []Event) ([]byte, error) {
	var v any
	switch f {
	case JSON:
		listed := events[:min(len(events), maxEvents)]
		v = Message{
			FormatVersion: jsonformat.Version, Version: version, Notify: block, SentAt: now.UTC().Truncate(time.Second),
			Counts: count(events), Omitted: len(events) - len(listed), Events: listed,
		}
	case Slack:
		v = slackMessage{Text: slackText(block, events)}
	default:
		return nil, fmt.Errorf("unknown format %q", f)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
