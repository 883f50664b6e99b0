package checkout

import (
	"os"
	"path/filepath"
	"testing"
)

// Configurations are called after their place in the repository, also where a job keeps
// a pull request, which it looks at as data, in a folder.
func TestNamesInJobs(t *testing.T) {
	root := t.TempDir()
	env := func(name string) string { return map[string]string{"GITHUB_WORKSPACE": root}[name] }
	none := func(string) string { return "" }
	cloned := filepath.Join(root, "pr", "shops", "us")
	for _, dir := range []string{cloned, filepath.Join(root, "pr", ".git")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		dir  string
		env  func(string) string
		want string
	}{
		{filepath.Join(root, "shops", "us"), env, "shops/us"},
		{filepath.Join(root, "shops", "us"), none, "us"},
		{root, env, filepath.Base(root)},
		{cloned, env, "shops/us"},
		{filepath.Join(root, "pr"), env, filepath.Base(root)},
		{filepath.Join(root, "..", "other"), env, "other"},
	} {
		if got := NameInJob(c.dir, c.env); got != c.want {
			t.Errorf("%s: %q, want %q", c.dir, got, c.want)
		}
	}
}
