package checkout

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Folders of another commit are found by whole words of their HCL files, from any
// folder of the checkout, and read although they are not in it any more.
func TestMentions(t *testing.T) {
	dir := pushed(t)
	run(t, dir, "rm", "-q", "-r", "vars.hcl")
	run(t, dir, "mv", "shop", "store")
	run(t, dir, "mv", "store/b.hcl", "store/.b.hcl")
	c := At(filepath.Join(dir, "store"))
	base, err := c.Named(t.Context(), "origin/main")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		words   []string
		folders []string
	}{
		{[]string{"policy"}, []string{"shop"}},
		{[]string{"policy", "x"}, []string{".", "shop"}},
		{[]string{"polic", "id"}, nil}, // a part of a word, and a word of another file
	} {
		got, err := c.Mentions(t.Context(), base, want.words...)
		if diff := cmp.Diff(want.folders, got); diff != "" || err != nil {
			t.Errorf("%q: %v\n%s", want.words, err, diff)
		}
	}
	for folder, want := range map[string][]string{
		"shop": {"a.hcl", "data/ä b.csv", "link.hcl"},
		".":    {"shop/a.hcl", "shop/data/ä b.csv", "shop/link.hcl", "vars.hcl"},
		"none": nil,
	} {
		files, err := c.Folder(t.Context(), base, folder)
		var got []string
		for _, f := range files {
			got = append(got, f.Path)
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", folder, err, diff)
		}
	}
	for folder, want := range map[string]bool{"store": true, "STORE": true, ".": false} {
		if is, err := c.IsHere(t.Context(), folder); is != want || err != nil {
			t.Errorf("%s: %v, %v", folder, is, err)
		}
	}
	if is, err := At(dir).IsHere(t.Context(), "."); !is || err != nil {
		t.Error("the root is not here", err)
	}
}

// A folder is kept whose HCL files are all as they were: what is left in another one's
// place says nothing of what was there.
func TestKept(t *testing.T) {
	dir := pushed(t)
	run(t, dir, "reset", "-q", "--hard", "origin/main")
	c := At(dir)
	base, err := c.Named(t.Context(), "origin/main")
	if err != nil {
		t.Fatal(err)
	}
	kept := func(want map[string]bool) {
		t.Helper()
		got, err := c.Kept(t.Context(), base)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Error(err, diff)
		}
	}
	kept(map[string]bool{".": true, "shop": true})
	for name, text := range map[string]string{"shop/data/more.csv": "a table", "vars.hcl": "# a stub"} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(t, dir, "add", "-A")
	kept(map[string]bool{"shop": true})
	run(t, dir, "commit", "-q", "-m", "changed")
	kept(map[string]bool{"shop": true})
	run(t, dir, "mv", "shop", "store")
	kept(map[string]bool{})
	if _, err := c.Kept(t.Context(), "main"); err == nil {
		t.Error("a name is taken for a commit")
	}
}
