package notify

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
)

var at = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func body(t testing.TB, f Format, events ...Event) string {
	t.Helper()
	b, err := f.body("ops", "1.2.3", at, events)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestJSON(t *testing.T) {
	got := body(t, JSON,
		Event{
			ID: "1", Type: FeedFailed, At: at, RunID: "r", Account: "main", Watch: "amazon-us", FeedID: "f", FeedName: "Amazon <US>", Rule: "max_age", RuleID: "FD02",
			Result: "fail", Severity: "error", Value: "31 h", Message: "compiled 31 h ago",
		},
		Event{
			ID: "2", Type: Refused, At: at, RunID: "r", Account: "main", Address: "batch.b[\"1\"]", Action: "ship",
			Order: &order.Ref{ID: "o", Source: "Amazon", SourceNumber: "112"}, Message: "no",
		})
	want := `{"format_version":"2.0","gdfctl_version":"1.2.3","notify":"ops","sent_at":"2026-11-22T12:00:00Z","counts":{"feed_failed":1,"refused":1},"omitted":0,"events":[` +
		`{"id":"1","type":"feed_failed","at":"2026-11-22T12:00:00Z","run_id":"r","account":"main","watch":"amazon-us","feed_id":"f","feed_name":"Amazon <US>","rule":"max_age",` +
		`"rule_id":"FD02","result":"fail","severity":"error","value":"31 h","message":"compiled 31 h ago"},` +
		`{"id":"2","type":"refused","at":"2026-11-22T12:00:00Z","run_id":"r","account":"main","address":"batch.b[\"1\"]",` +
		`"order":{"id":"o","source":"Amazon","source_order_number":"112"},"action":"ship","message":"no"}]}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAMessageHasABound(t *testing.T) {
	many := make([]Event, 25_000)
	for i := range many {
		many[i] = Event{Type: Refused, Message: strings.Repeat("x", 200), Order: &order.Ref{Source: "Amazon", SourceNumber: "112-1234567-1234567"}}
	}
	var m Message
	b := body(t, JSON, many...)
	if err := json.Unmarshal([]byte(b), &m); err != nil {
		t.Fatal(err)
	}
	if len(b) > 1<<20 || len(m.Events) != maxEvents || m.Omitted != 24_000 || m.Counts[Refused] != 25_000 {
		t.Errorf("%d bytes, %d events, %d omitted, %v", len(b), len(m.Events), m.Omitted, m.Counts)
	}
	if b := body(t, Slack, many...); len(b) > 12_000 || !strings.Contains(b, "… and 24980 more") {
		t.Errorf("%d bytes: %s", len(b), b)
	}
}

func TestSlack(t *testing.T) {
	var m slackMessage
	if err := json.Unmarshal([]byte(body(t, Slack,
		Event{Type: Held, Order: &order.Ref{ID: "o", Source: "Amazon", SourceNumber: "112"}, Code: "already_cancelled", Message: "PULL PARCEL 1Z"},
		Event{Type: FeedFailed, FeedName: "Amazon", Rule: "max_age", Value: "31 h", Message: "compiled 31 h ago"},
		Event{Type: Unknown, Order: &order.Ref{ID: "o2"}, Action: "ship"},
		Event{Type: FeedRecovered, FeedName: "<!channel> @here <https://evil.example|x> & *b*", Rule: "status"},
	)), &m); err != nil {
		t.Fatal(err)
	}
	want := slackMessage{Text: strings.Join([]string{
		"gdfctl ops: 1 rule failed on a feed, 1 passes again, 1 order of unknown outcome, 1 order held back",
		"failed: Amazon · max_age · 31 h · compiled 31 h ago",
		"recovered: &lt;!channel&gt; @\u200bhere &lt;https://evil.example|x&gt; &amp; *b* · status",
		"unknown: o2 · ship",
		"held: Amazon 112 · already_cancelled · PULL PARCEL 1Z",
	}, "\n")}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
}

// Whatever a feed is called: one line, and nothing that a chat acts on.
func TestSlackIsPlain(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("<>&@!#|\n\r`*x")), 0, 400, -1)).Draw(r, "name")
		var m slackMessage
		if err := json.Unmarshal([]byte(body(t, Slack, Event{Type: FeedFailed, FeedName: name})), &m); err != nil {
			r.Fatal(err)
		}
		_, line, _ := strings.Cut(m.Text, "\n")
		if strings.ContainsAny(line, "<>\n\r") || strings.Contains(strings.ReplaceAll(line, "@\u200b", ""), "@") {
			r.Fatalf("%q", line)
		}
	})
}

// Half a command does something else.
func TestSlackEndsLongLinesBetweenWords(t *testing.T) {
	message := strings.Repeat("word ", 70)
	for text, want := range map[string]string{
		message + "then `gdfctl apply --target orders/x --replace-with-something-long` again": "word then …",
		message + message:        "word word …",
		strings.Repeat("x", 500): "xxx …",
		message:                  "word word",
	} {
		b := body(t, Slack, Event{Type: FeedFailed, FeedName: "a", Rule: "r", Message: strings.TrimSpace(text)})
		if !strings.Contains(b, want+`"`) {
			t.Errorf("no %q at the end of a line of %s", want, b)
		}
	}
}
