package memory

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLearned(t *testing.T) {
	file := File(filepath.Join(t.TempDir(), "gdfctl.feeds.json"))
	l, unreadable := file.Learned()
	if _, ok := l.Account("https://api.godatafeed.com", "main"); ok || unreadable != nil {
		t.Errorf("a file that is not there: %v, %v", ok, unreadable)
	}
	want := LearnedAccount{PageCap: 250, ListOrder: "created_desc", At: noon}
	must(t, file.UpdateLearned(func(l *Learned) { l.SetAccount("https://api.godatafeed.com", "main", want) }))
	must(t, file.UpdateLearned(func(l *Learned) {
		l.SetAccount("https://api.godatafeed.com", "other", LearnedAccount{PageCap: 100})
	}))

	l, unreadable = file.Learned()
	got, _ := l.Account("https://api.godatafeed.com", "main")
	if diff := cmp.Diff(want, got); diff != "" || unreadable != nil {
		t.Error(diff, unreadable)
	}
	if entries, err := os.ReadDir(filepath.Dir(file.in.String())); len(entries) != 2 || err != nil { // it and its lock
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

// Commands learn at the same time, each of another account: all had read the
// file before any of them wrote it.
func TestWhatOthersLearnedMeanwhileStays(t *testing.T) {
	file := File(filepath.Join(t.TempDir(), "gdfctl.feeds.json"))
	accounts := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	known := func(i int) LearnedAccount { return LearnedAccount{PageCap: 100 + i, At: noon} }
	held := make([]*Learned, len(accounts))
	for i := range held {
		held[i], _ = file.Learned()
	}
	var all sync.WaitGroup
	for i, name := range accounts {
		all.Go(func() {
			set := func(l *Learned) { l.SetAccount("e", name, known(i)) }
			set(held[i])
			if err := file.UpdateLearned(set); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	kept, _ := file.Learned()
	for i, name := range accounts {
		got, _ := kept.Account("e", name)
		own, _ := held[i].Account("e", name)
		if diff := cmp.Diff(known(i), got) + cmp.Diff(known(i), own); diff != "" {
			t.Error(name, diff)
		}
	}
}

func TestLearnedKeepsWhatIsNotItsOwn(t *testing.T) {
	file := File(filepath.Join(t.TempDir(), "gdfctl.feeds.json"))
	must(t, os.WriteFile(file.in.String(), []byte(`{"observations": [1, 2]}`), 0o600))
	must(t, file.UpdateLearned(func(*Learned) {}))
	data, err := os.ReadFile(file.in.String())
	must(t, err)
	var kept map[string]any
	must(t, json.Unmarshal(data, &kept))
	if diff := cmp.Diff([]any{1.0, 2.0}, kept["observations"]); diff != "" {
		t.Error(diff)
	}
}

func TestDamagedLearnedIsLeftOut(t *testing.T) {
	for name, data := range map[string]string{"cut": `{"learned`, "null": `null`, "of another kind": `{"learned": 7}`, "empty": ""} {
		file := File(filepath.Join(t.TempDir(), "gdfctl.feeds.json"))
		must(t, os.WriteFile(file.in.String(), []byte(data), 0o600))
		_, unreadable := file.Learned()
		if (unreadable != nil) != (name != "null") {
			t.Errorf("%s: unreadable %v", name, unreadable)
		}
		must(t, file.UpdateLearned(func(l *Learned) { l.SetAccount("e", "a", LearnedAccount{PageCap: 1}) }))
	}
}
