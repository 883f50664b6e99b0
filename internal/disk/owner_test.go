//go:build !windows

package disk_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// What root makes in the folder of a service, its user can open. A file that is there keeps its owner: the folder's
// can make it a link to one of somebody else.
func TestRootMakesFilesForWhomTheFolderBelongs(t *testing.T) {
	const service = 65532
	folder := t.TempDir()
	made, there := filepath.Join(folder, "made"), filepath.Join(folder, "there")
	if err := os.WriteFile(there, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	owner := os.Geteuid()
	if owner == 0 {
		owner = service
		if err := os.Chown(folder, service, service); err != nil {
			t.Fatal(err)
		}
	}
	if disk.OfOthers(folder) != (os.Geteuid() == 0) {
		t.Errorf("of others: %t", disk.OfOthers(folder))
	}
	for path, want := range map[string]int{made: owner, there: os.Geteuid()} {
		if err := disk.MakeEmpty(path); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := int(info.Sys().(*syscall.Stat_t).Uid); got != want || info.Mode().Perm() != 0o600 {
			t.Errorf("%s belongs to %d with %s, want %d", filepath.Base(path), got, info.Mode(), want)
		}
	}
	if data, err := os.ReadFile(there); string(data) != "x" {
		t.Errorf("%q, %v", data, err)
	}
}
