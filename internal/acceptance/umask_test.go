package acceptance

import (
	"io/fs"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// Whatever the umask is, the owner can read and write what gdfctl makes.
func TestNoUmaskTakesFilesFromTheirOwner(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(61, 3, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	for _, args := range [][]string{
		{"plan", "--out", "release.plan"}, {"apply", "release.plan"}, {"audit", "export", "--out", "audit.csv"}, {"doctor"}, {"init", "--chdir", "empty"},
	} {
		w.write("empty/.keep", "")
		w.startWith(func(cmd *exec.Cmd) {
			cmd.Path = "/bin/sh"
			cmd.Args = append([]string{"sh", "-c", `umask 0777; exec "$0" "$@"`, binary}, args...)
		}, args...).wait().exits(0)
	}
	w.private("release.plan", "audit.csv", "gdfctl.state.json", "gdfctl.state.json.lock", "gdfctl.audit.jsonl")
	err := filepath.WalkDir(w.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o600 != 0o600 {
			t.Errorf("%s has the mode %o", path, info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
