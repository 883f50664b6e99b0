package state

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
)

// rotatedOf is a store whose log has two files that were left and a present one, of
// eight lines, and their names.
func rotatedOf(t *testing.T, files disk.FS, dir string) (*Store, []string) {
	t.Helper()
	s := newTestStore(dir, files)
	var left []string
	for n := range 3 {
		x := mustLock(t, s)
		must(t, x.Begin(Run{ID: fmt.Sprintf("run-%d", n), Command: "apply"}))
		applied(t, x, 2*n+1)
		applied(t, x, 2*n+2)
		must(t, x.Commit())
		if n < 2 {
			r, err := x.RotateAudit()
			must(t, err)
			left = append(left, filepath.Join(dir, r.Left))
		}
		must(t, x.Close())
	}
	return s, left
}

func linesOf(t *testing.T, s *Store) []audit.Entry {
	t.Helper()
	var all []audit.Entry
	for e, err := range s.AuditList(audit.Filter{}) {
		must(t, err)
		all = append(all, e)
	}
	return all
}

// A log of several files is one log: to list, to verify, to make a state of again, and
// its heads go on meaning what they did.
func TestARotatedLogIsOneLog(t *testing.T) {
	dir := t.TempDir()
	s, left := rotatedOf(t, disk.OS{}, dir)
	if want := []string{"gdfctl.2026-11-22-2.audit.jsonl", "gdfctl.2026-11-22-5.audit.jsonl"}; filepath.Base(left[0]) != want[0] || filepath.Base(left[1]) != want[1] {
		t.Fatalf("%v, want %v", left, want)
	}
	all := linesOf(t, s)
	for i, e := range all {
		if e.Line != i+1 {
			t.Fatalf("line %d calls itself %d", i+1, e.Line)
		}
	}
	for _, i := range []int{2, 5} {
		if e := all[i]; e.Action != audit.Rotate || !strings.Contains(e.Message, fmt.Sprintf("which ends with %s@%d", all[i-1].Hash, i)) || e.Prev != all[i-1].Hash {
			t.Errorf("line %d: %s %q", i+1, e.Action, e.Message)
		}
	}
	for _, e := range all {
		if _, err := s.VerifyAudit(fmt.Sprintf("%s@%d", e.Hash, e.Line)); err != nil {
			t.Errorf("line %d: %v", e.Line, err)
		}
	}
	for _, name := range left {
		info, err := os.Stat(name)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %s", name, info.Mode())
		}
	}
	must(t, errors.Join(os.Remove(files(s).State), os.Remove(files(s).State+".backup")))
	if n, _, err := s.Rebuild(t.Context()); err != nil || n != 6 {
		t.Errorf("%d orders, %v", n, err)
	}
}

// What is taken from any of the files shows, and the message names the file.
func TestARotatedLogVerifiesEveryFile(t *testing.T) {
	for name, test := range map[string]struct {
		change func(t *testing.T, left []string, present string) error
		want   string
	}{
		"a line of the first file": {func(t *testing.T, left []string, _ string) error {
			data, err := os.ReadFile(left[0])
			must(t, err)
			return os.WriteFile(left[0], bytes.Replace(data, []byte(`"done"`), []byte(`"dune"`), 1), 0o600)
		}, "gdfctl.2026-11-22-2.audit.jsonl: line 1 was changed"},
		"a line of the second file": {func(t *testing.T, left []string, _ string) error {
			data, err := os.ReadFile(left[1])
			must(t, err)
			return os.WriteFile(left[1], bytes.Replace(data, []byte(`"done"`), []byte(`"dune"`), 1), 0o600)
		}, "gdfctl.2026-11-22-5.audit.jsonl: line 3 was changed"},
		"the first file": {
			func(_ *testing.T, left []string, _ string) error { return os.Remove(left[0]) },
			"gdfctl.2026-11-22-5.audit.jsonl: lines 1 to 2 were removed: it is line 3, which continues the file gdfctl.2026-11-22-2.audit.jsonl: put that file back",
		},
		"the second file": {
			func(_ *testing.T, left []string, _ string) error { return os.Remove(left[1]) },
			"gdfctl.audit.jsonl: lines 3 to 5 were removed: it is line 6, which continues the file gdfctl.2026-11-22-5.audit.jsonl: put that file back",
		},
		"the present file": {
			func(_ *testing.T, _ []string, present string) error { return os.Remove(present) },
			"gdfctl.2026-11-22-5.audit.jsonl: lines 6 to 8 were removed",
		},
		"the end of a file": {func(t *testing.T, left []string, _ string) error {
			data, err := os.ReadFile(left[0])
			must(t, err)
			return os.WriteFile(left[0], data[:bytes.IndexByte(data, '\n')+1], 0o600)
		}, "gdfctl.2026-11-22-5.audit.jsonl: line 2 was removed"},
	} {
		t.Run(name, func(t *testing.T) {
			s, left := rotatedOf(t, disk.OS{}, t.TempDir())
			must(t, test.change(t, left, files(s).Audit))
			if _, err := s.VerifyAudit(""); err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "lines 2 to 2 were", "line 2 was"), test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}

// Without its first files, a log is not gone on with.
func TestALogWithoutItsFirstFilesStops(t *testing.T) {
	s, left := rotatedOf(t, disk.OS{}, t.TempDir())
	must(t, os.Remove(left[0]))
	before, err := os.ReadFile(files(s).Audit)
	must(t, err)
	_, err = s.Lock(t.Context(), LockRequest{Operation: "apply"})
	if damaged := (*disk.DamagedError)(nil); !errors.As(err, &damaged) || !strings.Contains(err.Error(), "begins with line 3, which continues the file gdfctl.2026-11-22-2.audit.jsonl") {
		t.Fatalf("%v", err)
	}
	if after, err := os.ReadFile(files(s).Audit); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the log was written: %v", err)
	}
}

// Two rotations without a line in between are one, and a file that is there already is
// not overwritten.
func TestNothingToRotate(t *testing.T) {
	dir := t.TempDir()
	s := newTestStore(dir, disk.OS{})
	x := mustLock(t, s)
	if _, err := x.RotateAudit(); !errors.Is(err, audit.ErrNothingToRotate) {
		t.Errorf("an empty log: %v", err)
	}
	applied(t, x, 1)
	if _, err := x.RotateAudit(); err == nil {
		t.Error("rotated in the middle of a run")
	}
	must(t, x.Commit())
	taken := filepath.Join(dir, "gdfctl.2026-11-22-1.audit.jsonl")
	must(t, os.Link(files(s).Audit, taken))
	if _, err := x.RotateAudit(); err == nil {
		t.Error("a file that was there was replaced")
	}
	must(t, os.Remove(taken))
	_, err := x.RotateAudit()
	must(t, err)
	must(t, x.Close())
}

// TestEveryFailureOfRotating fails every operation of rotating, one by one: no line is
// lost, none is there twice, and the log goes on.
func TestEveryFailureOfRotating(t *testing.T) {
	base := newCrashFS()
	prepare(t, base)
	for k := 1; ; k++ {
		for _, crash := range []bool{true, false} {
			dir := t.TempDir()
			files := base.clone(dir)
			s := newTestStore(dir, files)
			x := mustLock(t, s)
			applied(t, x, 30)
			must(t, x.Commit())
			entries := linesOf(t, s)
			head := x.AuditHead()
			was := len(entries)
			if was < 4 {
				t.Fatalf("%d lines", was)
			}
			files.ops, files.failAt, files.crash = 0, k, crash
			_, err := x.RotateAudit()
			ended := files.ops < k
			_ = x.Close() // as a process that goes on after an error does
			for _, survives := range survivals[:map[bool]int{true: len(survivals), false: 1}[crash]] {
				checkRotated(t, dir, files.afterCrash(dir, survives), head, was)
				if t.Failed() {
					t.Fatalf("operation %d failed; %s; the rotation said: %v", k, survives.name, err)
				}
			}
			if ended && !crash {
				must(t, err)
				if k < 8 {
					t.Fatalf("only %d operations", k)
				}
				return
			}
		}
	}
}

func checkRotated(t *testing.T, dir string, files disk.FS, head audit.Head, was int) {
	t.Helper()
	s := newTestStore(dir, files)
	if _, err := s.VerifyAudit(head.String()); err != nil {
		t.Errorf("before the next run: %v", err)
	}
	x, err := s.Lock(t.Context(), LockRequest{Operation: "apply"})
	if err != nil {
		t.Errorf("Lock: %v", err)
		return
	}
	defer x.Close()
	applied(t, x, 31)
	must(t, x.Commit())
	if _, err := s.VerifyAudit(head.String()); err != nil {
		t.Errorf("after it: %v", err)
	}
	all := linesOf(t, s)
	switch n := len(all) - was; {
	case n == 2 && all[was].Action == audit.Rotate, n == 1:
	default:
		t.Errorf("%d lines were added", n)
	}
}
