package shared

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Whoever can write to the place can append any record. It must not reach files of
// the machines that read it, nor bring them down.
func TestForgedRecords(t *testing.T) {
	hash := sharedlog.HashOf(nil)
	outside := []sharedlog.Value{{Hash: "../../../" + hash}}
	for name, forged := range map[string]sharedlog.Change{
		"a part outside":     {Part: "../../../outside", Do: sharedlog.Add, Text: "x"},
		"a value outside":    {Part: auditName, Do: sharedlog.Add, Values: outside},
		"a negative size":    {Part: auditName, Do: sharedlog.Truncate, Size: -1},
		"a negative drop":    {Part: auditName, Do: sharedlog.Drop, Size: -1},
		"a value's size < 0": {Part: auditName, Do: sharedlog.Add, Values: []sharedlog.Value{{Hash: hash, Size: -1}}},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := newShop(t), t.TempDir()
			s.forge(t, &sharedlog.Record{Kind: sharedlog.Late, Epoch: 1, Changes: []sharedlog.Change{{Part: auditName, Do: sharedlog.Add, Text: "x\n"}, forged}})
			b := New(s.Place("a"), Options{Dir: dir, Lineage: s.lineage})
			defer b.Close()
			damaged := (*sharedlog.DamagedError)(nil)
			if err := b.Refresh(t.Context()); !errors.As(err, &damaged) || strings.Contains(damaged.Reason, "takes a lease") {
				t.Errorf("the record is believed: %v", err)
			}
			if found, _ := filepath.Glob(filepath.Join(dir, "outside*")); len(found) > 0 {
				t.Errorf("files outside of the state's folder were written: %v", found)
			}
			if found, err := os.ReadDir(dir); err != nil || len(found) > 1 {
				t.Errorf("beside .gdfctl there is %v (%v)", found, err)
			}
		})
	}
}

// A pull request can bring links in the place of the machine's own folders. What is
// behind them is neither written to nor cleaned up.
func TestFoldersThatAreLinks(t *testing.T) {
	s := newShop(t)
	for _, link := range []string{".gdfctl", ".gdfctl/state-" + s.lineage, ".gdfctl/state-" + s.lineage + "/values"} {
		t.Run(link, func(t *testing.T) {
			dir, outside := t.TempDir(), t.TempDir()
			if err := os.WriteFile(filepath.Join(outside, "precious"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, filepath.FromSlash(link))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(outside, path); err != nil {
				t.Skip("no links here:", err)
			}
			b := New(s.Place("a"), Options{Dir: dir, Lineage: s.lineage})
			defer b.Close()
			if err := b.Refresh(t.Context()); err == nil || !strings.Contains(err.Error(), path+" is not a folder: remove it") {
				t.Errorf("the link is followed: %v", err)
				commits(t, b, 1)
			}
			if found, err := os.ReadDir(outside); err != nil || len(found) != 1 || found[0].Name() != "precious" {
				t.Errorf("behind the link there is %v (%v)", found, err)
			}
		})
	}
}

// A pull request can bring a file in the place of those in which this machine keeps
// outcomes. Nothing in it is believed, and people are told of it.
func TestOutcomesThatARepositoryBrings(t *testing.T) {
	for name, first := range map[string]string{
		"without a proof": "", "with a forged proof": `{"machine":"` + sharedlog.HashOf(nil) + `"}` + "\n", "with an empty proof": `{"machine":""}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := newShop(t), t.TempDir()
			f, err := folderFor(dir, s.lineage)
			fatal(t, err)
			path := f.unsaved("2-work-1")
			fatal(t, os.WriteFile(path, []byte(first+"head\noutcome\n"), 0o600))
			b := New(s.Place("a"), Options{Dir: dir, Lineage: s.lineage})
			defer b.Close()
			var warned []string
			l, _, err := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "a"}, Warn: func(text string) { warned = append(warned, text) }})
			fatal(t, err)
			defer l.Release()
			if n := s.kinds(sharedlog.Late); n > 0 {
				t.Errorf("%d outcomes were recorded", n)
			}
			if len(warned) != 1 || !strings.Contains(warned[0], path) {
				t.Errorf("people are told %q", warned)
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("what a person is to look at is gone: %v", err)
			}
		})
	}
}

// A record that lies about the size of a value is found out, whether this machine has
// read the value before or not: the places of all that is behind it follow from it.
func TestASizeThatIsNotTheValues(t *testing.T) {
	s, dir := newShop(t), t.TempDir()
	b := New(s.Place("a"), Options{Dir: dir, Lineage: s.lineage})
	defer b.Close()
	commits(t, b, 1)
	value, err := b.values.put(t.Context(), []byte("value"))
	fatal(t, err)
	for _, known := range []bool{true, false} {
		if !known {
			fatal(t, os.Remove(b.dir.value(value.Hash)))
		}
		if data, err := b.values.get(t.Context(), sharedlog.Value{Hash: value.Hash, Size: 3}); err == nil {
			t.Errorf("known %v: %q is taken for a value of 3 bytes", known, data)
		}
	}
}
