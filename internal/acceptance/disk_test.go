//go:build linux

package acceptance

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// smallDisk mounts a disk of a few hundred kilobytes as the configuration's
// directory.
func (w *world) smallDisk() {
	w.t.Helper()
	if err := syscall.Mount("tmpfs", w.dir, "tmpfs", 0, "size=1m"); err != nil {
		w.t.Skipf("a small disk can't be mounted here (%s): this test needs the right to mount", err)
	}
	w.t.Cleanup(func() {
		if err := syscall.Unmount(w.dir, 0); err != nil {
			w.t.Error(err)
		}
	})
}

// fill leaves about so many bytes free, and returns how to make room again.
func (w *world) fill(leave int64) (free func()) {
	w.t.Helper()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(w.dir, &disk); err != nil {
		w.t.Fatal(err)
	}
	path := filepath.Join(w.dir, "ballast")
	ballast := make([]byte, int64(disk.Bavail)*int64(disk.Bsize)-leave) //nolint:unconvert // 32 bits elsewhere
	if err := os.WriteFile(path, ballast, 0o600); err != nil && !errors.Is(err, syscall.ENOSPC) {
		w.t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestAFullDiskStopsBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(34, 20, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	w.smallDisk()
	w.write("main.hcl", unlimited+shipBatch)
	w.shipments(orders)
	free := w.fill(0)
	w.run("apply", "--auto-approve").exits(1).says("no space left")
	w.untouched()
	free()
	w.apply()
	w.shippedOnce(orders)
}

func TestADiskThatFillsUpLosesNothingAndDoublesNothing(t *testing.T) {
	t.Parallel()
	// Pages of 4 KiB: each limit stops another file first, the journal, the
	// audit log or the new state.
	for leave := int64(4 << 10); leave <= 80<<10; leave += 4 << 10 {
		t.Run(fmt.Sprint(leave), func(t *testing.T) {
			t.Parallel()
			orders := apiserver.Generate(35, 150, apiserver.New)
			w := newWorld(t, apiserver.Options{Orders: orders})
			w.smallDisk()
			w.write("main.hcl", unlimited+shipBatch)
			w.shipments(orders)
			free := w.fill(leave)
			w.run("apply", "--auto-approve").exits(1).says("no space left")
			free()
			w.goesOnAfterAFailedWrite(orders)
		})
	}
}

// Files that can't grow any more stop a run at any line of any of them: one
// limit holds for all files, and the audit log reaches it before the state.
func TestAFileThatCantGrowLosesNothingAndDoublesNothing(t *testing.T) {
	t.Parallel()
	for kib := 1; kib <= 14; kib++ {
		t.Run(fmt.Sprint(kib, " KiB"), func(t *testing.T) {
			t.Parallel()
			orders := apiserver.Generate(36, 12, apiserver.New)
			w := shipAll(t, unlimited, orders, apiserver.Options{})
			for range 2 {
				r := w.startWith(func(cmd *exec.Cmd) {
					cmd.Args = append([]string{"sh", "-c", fmt.Sprintf(`ulimit -f %d; exec "$0" "$@"`, 2*kib), cmd.Path}, cmd.Args[1:]...)
					cmd.Path = "/bin/sh"
				}, "apply", "--auto-approve", "--parallelism", "1").wait()
				if r.code != 0 {
					r.exits(1).says("file too large")
				}
			}
			w.goesOnAfterAFailedWrite(orders)
		})
	}
}

// goesOnAfterAFailedWrite applies where a write failed and now none does any
// more.
func (w *world) goesOnAfterAFailedWrite(orders []apiserver.Order) {
	w.t.Helper()
	w.apply()
	w.shippedOnce(orders)
	w.auditIsLedger()
	w.auditHolds()
	w.stateHolds()
	w.nothingToDo()
}
