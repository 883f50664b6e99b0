package checkout

import (
	"errors"
	"path/filepath"
	"testing"
)

// A directory or a file that is spelled otherwise in another commit is found there; two
// that differ only in that are not chosen from.
func TestOtherwiseSpelled(t *testing.T) {
	dir := pushed(t)
	for _, move := range [][2]string{{"shop", "moving"}, {"moving", "ShoP"}, {"vars.hcl", "Vars.hcl"}} {
		run(t, dir, "mv", move[0], move[1])
	}
	run(t, dir, "commit", "-q", "-m", "spelled otherwise")
	c := At(filepath.Join(dir, "ShoP"))
	there, err := c.Named(t.Context(), "origin/main")
	if err != nil {
		t.Fatal(err)
	}
	names := func(files []File) (paths []string) {
		for _, f := range files {
			paths = append(paths, f.Path)
		}
		return paths
	}
	if files, err := c.Files(t.Context(), there); len(files) > 0 || err != nil {
		t.Errorf("as it is spelled here: %q, %v", names(files), err)
	}
	files, err := c.OtherwiseSpelled(t.Context(), there)
	if got := names(files); len(got) != 3 || got[0] != "a.hcl" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if f, there, tracked, err := c.Find(t.Context(), there, filepath.Join(dir, "Vars.hcl")); !there || !tracked || f.Size != 6 || err != nil {
		t.Errorf("%+v, %v, %v, %v", f, there, tracked, err)
	}
	if files, err := At(dir).OtherwiseSpelled(t.Context(), there); len(files) > 0 || err != nil {
		t.Errorf("the root: %q, %v", names(files), err)
	}

	object := run(t, dir, "rev-parse", "HEAD:Vars.hcl")
	run(t, dir, "update-index", "--add", "--cacheinfo", "100644,"+object+",SHOP/a.hcl")
	run(t, dir, "commit", "-q", "-m", "two of them")
	two := run(t, dir, "rev-parse", "HEAD")
	run(t, dir, "mv", "ShoP", "moving")
	run(t, dir, "mv", "moving", "shop")
	run(t, dir, "rm", "-q", "--cached", "SHOP/a.hcl")
	if _, err := At(filepath.Join(dir, "shop")).OtherwiseSpelled(t.Context(), two); !errors.Is(err, ErrAmbiguous) {
		t.Error(err)
	}
}
