package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/notify"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// The language and the messages use the same words, without knowing of each
// other.
func TestNotifyWords(t *testing.T) {
	events := []string{string(notify.FeedFailed), string(notify.FeedRecovered), string(notify.Unknown), string(notify.Refused), string(notify.Held)}
	if diff := cmp.Diff(spec.NotifyEvents, events); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(spec.NotifyFormats, []string{string(notify.JSON), string(notify.Slack)}); diff != "" {
		t.Error(diff)
	}
}
