package state

import (
	"encoding/json"
	"os"
	"path/filepath"
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
	l.SetAccount("https://api.godatafeed.com", "main", want)
	must(t, l.Save())
	l.SetAccount("https://api.godatafeed.com", "other", LearnedAccount{PageCap: 100})
	must(t, l.Save())

	l, notices = LoadLearned(path)
	got, _ := l.Account("https://api.godatafeed.com", "main")
	if diff := cmp.Diff(want, got); diff != "" || len(notices) > 0 {
		t.Error(diff, notices)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); len(entries) != 2 || err != nil { // it and its lock
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

func TestLearnedKeepsWhatIsNotItsOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gdfctl.feeds.json")
	must(t, os.WriteFile(path, []byte(`{"observations": [1, 2]}`), 0o600))
	l, _ := LoadLearned(path)
	must(t, l.Save())
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
		l, notices := LoadLearned(path)
		if (len(notices) == 1) != (name != "null") {
			t.Errorf("%s: notices %v", name, notices)
		}
		l.SetAccount("e", "a", LearnedAccount{PageCap: 1})
		must(t, l.Save())
	}
}
