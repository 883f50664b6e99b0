package shared

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// The quiet time of a recovery is in the log from its first record on: neither a kill of
// the one that recovers, nor one of who comes next, makes it shorter. Until it was
// accepted, commands stop.
func TestTheQuietTimeOfARecoveryIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		dir := t.TempDir()
		open := func(machine string, recovering bool) *Backend {
			b := New(s.Place(machine), Options{
				Dir: filepath.Join(dir, machine), Lineage: s.lineage, Recovering: recovering, ReadLag: 20 * time.Minute, Clock: newClocks().clock(),
			})
			t.Cleanup(func() { _ = b.Close() })
			return b
		}
		commits(t, open("a", false), 2)
		unsaved := folder(filepath.Join(dir, "a", ".gdfctl", "state-"+s.lineage)).unsaved("1-work-gone")
		first, err := open("a", false).prove(unsaved)
		fatal(t, err)
		fatal(t, os.WriteFile(unsaved, append(first, "head\noutcome\n"...), 0o600))
		s.Rollback(4)
		log := open("a", true)
		if r, err := log.RolledBack(t.Context()); err != nil || r == nil {
			t.Fatal(r, err)
		}
		const least = 3*time.Minute + 20*time.Minute
		lock := func(b *Backend, id string) {
			t.Helper()
			l, _, err := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: id}, Wait: 10 * time.Minute, Settle: time.Second})
			fatal(t, err)
			if quiet := l.Terms().Quiet; quiet < least {
				t.Errorf("%s is quiet for %s", id, quiet)
			}
			if settle := l.Terms().Settle; settle > defaultSettle {
				t.Errorf("%s settles for %s", id, settle)
			}
			l.(*lease).abort() // killed
		}
		lock(log, "recovers")
		if late := content(t, log, backend.Late); !strings.Contains(late, "outcome") {
			t.Errorf("what this machine kept is not recorded: %q", late)
		}
		if err := open("a", false).Refresh(t.Context()); err == nil {
			t.Error("a recovery that was cut off is accepted")
		}
		lock(open("b", false), "next")
		lock(open("c", false), "after")
	})
}
