package reconcile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/notify"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// The language and the messages use the same words, without knowing of each
// other.
func TestNotifyWords(t *testing.T) {
	events := []string{string(notify.FeedFailed), string(notify.FeedRecovered), string(notify.Unknown), string(notify.Refused), string(notify.Held), string(notify.RefusedLater), string(notify.NotTaken), string(notify.Drifted), string(notify.ScheduleFailing), string(notify.ConfigRefused), string(notify.ConfigStale)}
	if diff := cmp.Diff(spec.NotifyEvents, events); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(spec.NotifyFormats, []string{string(notify.JSON), string(notify.Slack)}); diff != "" {
		t.Error(diff)
	}
}

// Where the memory can't be locked, or read, what is new is told all the same:
// twice is better than never.
func TestWithoutAMemoryItIsToldAllTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gdfctl.feeds.json")
	store := notifyStore{memory.File(path)}
	err := store.Update(func(m notify.Memory) { m["ops"] = &notify.Sent{} })
	if err != nil {
		t.Fatal(err)
	}
	lock := path + ".lock"
	if err := errors.Join(os.Remove(lock), os.Mkdir(lock, 0o700)); err != nil {
		t.Fatal(err)
	}
	calls := 0
	err = store.Update(func(m notify.Memory) {
		calls++
		if m["ops"] == nil {
			t.Error("what the file says is not handed on")
		}
	})
	if err == nil || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
	if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := store.Update(func(notify.Memory) { calls++ }); err == nil || calls != 2 {
		t.Errorf("%d calls, %v", calls, err)
	}
}
