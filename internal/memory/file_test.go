package memory

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Many at once: nobody's part of the file is lost.
func TestFeedsFileIsSharedWithoutLoss(t *testing.T) {
	file := File(filepath.Join(t.TempDir(), "gdfctl.feeds.json"))
	const writers = 20
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			err := file.in.update(func(m members) error {
				m[fmt.Sprintf("member-%d", i)] = json.RawMessage(`1`)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			err = file.UpdateNotified(func(was json.RawMessage) (json.RawMessage, error) {
				n := 0
				if was != nil {
					must(t, json.Unmarshal(was, &n))
				}
				return json.Marshal(n + 1)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	data, err := os.ReadFile(file.in.String())
	must(t, err)
	var kept map[string]int
	must(t, json.Unmarshal(data, &kept))
	if len(kept) != writers+1 || kept["notified"] != writers {
		t.Errorf("%v", kept)
	}
}

func TestFeedsFileIsWrittenWhereItChanged(t *testing.T) {
	file := File(filepath.Join(t.TempDir(), "gdfctl.feeds.json"))
	set := func(to string) {
		must(t, file.UpdateNotified(func(json.RawMessage) (json.RawMessage, error) { return json.RawMessage(to), nil }))
	}
	set(`{"a":1}`)
	first, err := os.Stat(file.in.String())
	must(t, err)
	if first.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", first.Mode())
	}
	set(`{"a": 1}`)
	if second, err := os.Stat(file.in.String()); err != nil || !os.SameFile(first, second) {
		t.Errorf("what did not change was rewritten: %v", err)
	}
	set(`{"a": 2}`)
	if third, err := os.Stat(file.in.String()); err != nil || os.SameFile(first, third) {
		t.Errorf("what changed was not written: %v", err)
	}
}

func TestAFailedChangeWritesNothing(t *testing.T) {
	file := File(filepath.Join(t.TempDir(), "gdfctl.feeds.json"))
	refused := errors.New("refused")
	if err := file.UpdateNotified(func(json.RawMessage) (json.RawMessage, error) { return nil, refused }); !errors.Is(err, refused) {
		t.Error(err)
	}
	if _, err := os.Stat(file.in.String()); !os.IsNotExist(err) {
		t.Errorf("the file is there: %v", err)
	}
}
