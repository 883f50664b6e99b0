package archtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A built program or a recording that gets into a commit stays in every clone for ever.
func TestNoTrackedFileIsLarge(t *testing.T) {
	const most = 1 << 20
	const root = "../.."
	names, err := exec.Command("git", "-C", root, "ls-files", "-z").Output()
	if err != nil {
		t.Skipf("this is no git checkout: %v", err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		if info, err := os.Lstat(filepath.Join(root, name)); err == nil && info.Size() > most {
			t.Errorf("%s has %d bytes, and %d are allowed: is it something that is built?", name, info.Size(), most)
		}
	}
}
