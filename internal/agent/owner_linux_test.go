package agent

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// What root does with an agent's directory leaves nothing there that the agent's user can't use.
func TestRootLeavesNothingThatTheAgentCantUse(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a directory to somebody else")
	}
	const service = 65532
	s := newSellers(t)
	s.push(s.every("10m"))
	shop := newShop(t)
	for _, dir := range []string{s.dir, shop.dir} {
		if err := os.Chown(dir, service, service); err != nil {
			t.Fatal(err)
		}
	}
	before, own := foreign(t, s.dir, service), foreign(t, shop.dir, service)
	found, err := s.agent().Check(t.Context())
	if err != nil || found.Workspaces[0].Schedules != 1 {
		t.Errorf("%+v, %v", found, err)
	}
	if after := foreign(t, s.dir, service); len(after) != len(before) {
		t.Errorf("a check left %q", after)
	}
	if _, err := Pause(t.Context(), shop.options(), All, "look"); err != nil {
		t.Fatal(err)
	}
	if _, err := Status(t.Context(), shop.options()); err != nil {
		t.Fatal(err)
	}
	if left := foreign(t, shop.dir, service); len(left) != len(own) {
		t.Errorf("commands left %q", left)
	}
}

// A pause that can't be read is one, and resume ends it and says so.
func TestAPauseThatCantBeReadIsResumed(t *testing.T) {
	s := newShop(t)
	o := s.options()
	if err := os.Mkdir(o.pauseFile(), 0o700); err != nil {
		t.Fatal(err)
	}
	status, err := Status(t.Context(), o)
	if err != nil || status.Paused == nil {
		t.Errorf("%+v, %v", status, err)
	}
	if was, still, err := Resume(t.Context(), o, All); !was || still != nil || err != nil {
		t.Errorf("%t, %+v, %v", was, still, err)
	}
	if _, err := os.Stat(o.pauseFile()); err == nil {
		t.Error("the pause is still there")
	}
}

// Whoever stops waiting for a run hears that it goes on, and where that shows.
func TestWhoStopsWaitingHearsThatTheRunGoesOn(t *testing.T) {
	a := newShop(t).open()
	defer a.close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.await(ctx, "r1"); err == nil || err.Error() != "interrupted; run r1 goes on without this command: agent status shows how it ends" {
		t.Error(err)
	}
}

// foreign are the files of a folder that belong to somebody else than this user.
func foreign(t *testing.T, dir string, user uint32) (all []string) {
	t.Helper()
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Sys().(*syscall.Stat_t).Uid != user {
			all = append(all, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}
