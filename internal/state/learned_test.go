package state

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLearned(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gdfctl.feeds.json")
	l, notices := LoadLearned(path)
	if _, ok := l.Account("https://api.godatafeed.com", "main"); ok || len(notices) > 0 {
		t.Errorf("a file that is not there: %v, %v", ok, notices)
	}
	want := LearnedAccount{PageCap: 250, ListOrder: "created_desc", At: noon}
	must(t, UpdateLearned(path, func(l *Learned) { l.SetAccount("https://api.godatafeed.com", "main", want) }))
	must(t, UpdateLearned(path, func(l *Learned) {
		l.SetAccount("https://api.godatafeed.com", "other", LearnedAccount{PageCap: 100})
	}))

	l, notices = LoadLearned(path)
	got, _ := l.Account("https://api.godatafeed.com", "main")
	if diff := cmp.Diff(want, got); diff != "" || len(notices) > 0 {
		t.Error(diff, notices)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); len(entries) != 2 || err != nil { // it and its lock
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

// Commands learn at the same time, each of another account: all had read the
// file before any of them wrote it.
func TestWhatOthersLearnedMeanwhileStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gdfctl.feeds.json")
	accounts := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	known := func(i int) LearnedAccount { return LearnedAccount{PageCap: 100 + i, At: noon} }
	held := make([]*Learned, len(accounts))
	for i := range held {
		held[i], _ = LoadLearned(path)
	}
	var all sync.WaitGroup
	for i, name := range accounts {
		all.Go(func() {
			set := func(l *Learned) { l.SetAccount("e", name, known(i)) }
			set(held[i])
			if err := UpdateLearned(path, set); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	kept, _ := LoadLearned(path)
	for i, name := range accounts {
		got, _ := kept.Account("e", name)
		own, _ := held[i].Account("e", name)
		if diff := cmp.Diff(known(i), got) + cmp.Diff(known(i), own); diff != "" {
			t.Error(name, diff)
		}
	}
}

func TestLearnedKeepsWhatIsNotItsOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gdfctl.feeds.json")
	must(t, os.WriteFile(path, []byte(`{"observations": [1, 2]}`), 0o600))
	must(t, UpdateLearned(path, func(*Learned) {}))
	data, err := os.ReadFile(path)
	must(t, err)
	var file map[string]any
	must(t, json.Unmarshal(data, &file))
	if diff := cmp.Diff([]any{1.0, 2.0}, file["observations"]); diff != "" {
		t.Error(diff)
	}
}

func TestDamagedLearnedIsLeftOut(t *testing.T) {
	for name, data := range map[string]string{"cut": `{"learned`, "null": `null`, "of another kind": `{"learned": 7}`, "empty": ""} {
		path := filepath.Join(t.TempDir(), "gdfctl.feeds.json")
		must(t, os.WriteFile(path, []byte(data), 0o600))
		_, notices := LoadLearned(path)
		if (len(notices) == 1) != (name != "null") {
			t.Errorf("%s: notices %v", name, notices)
		}
		must(t, UpdateLearned(path, func(l *Learned) { l.SetAccount("e", "a", LearnedAccount{PageCap: 1}) }))
	}
}
