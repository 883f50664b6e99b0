package pglog

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/postgres"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// alone is a log on a server of the test's own, with the roles of all databases set
// to lose what they commit.
func alone(t *testing.T) (*stores.Database, *writer) {
	t.Helper()
	db := stores.PostgresAlone(t).Database(t)
	db.Configure(t, "fsync", "on")
	db.Query(t, "ALTER DATABASE "+db.Name+" SET synchronous_commit = off")
	return db, begun(t, db.URL, 0)
}

func TestARecordSurvivesACrash(t *testing.T) {
	t.Parallel()
	db, w := alone(t)
	first := w.next()
	must(t, w.push(t, first))
	value := []byte("a value")
	must(t, w.Put(t.Context(), sharedlog.HashOf(value), value))
	second := w.next()
	must(t, w.push(t, second))
	db.Crash(t)
	wantRecords(t, db, first, second)
	if got, err := w.Get(t.Context(), sharedlog.HashOf(value)); err != nil || string(got) != string(value) {
		t.Errorf("the value is %q, %v", got, err)
	}

	// The connections from before the crash are gone. Nothing is sent on them, and
	// so nobody has to find out what became of it.
	db.Crash(t)
	third := w.next()
	must(t, w.push(t, third))
	wantRecords(t, db, first, second, third)
	if warnings := proven(t, w.Place); len(warnings) > 0 {
		t.Errorf("warnings %q, although what the role's settings say doesn't matter", warnings)
	}
}

// The server commits, and then waits for a synchronous standby that isn't there. The
// record can be seen, and isn't counted as appended before a standby has it, or
// nobody asks for one any more.
func TestARecordThatNoStandbyConfirms(t *testing.T) {
	t.Parallel()
	db, w := alone(t)
	first := w.next()
	must(t, w.push(t, first))
	db.Configure(t, "synchronous_standby_names", "nobody")
	r := w.next()
	waiting := func() bool {
		return len(db.Query(t, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'")) > 0
	}
	for range 2 { // to append it, and to find it there
		ctx, giveUp := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() { result <- w.Append(ctx, w.end, r) }()
		for !waiting() && len(result) == 0 {
		}
		giveUp()
		wantUnclear(t, <-result)
		for waiting() || len(db.Query(t, "SELECT n FROM gdfctl.record")) < 2 { // then it can be seen
		}
		wantRecords(t, db, first, r)
	}

	// An administrator ends the waiting.
	result := make(chan error, 1)
	go func() { result <- w.Append(context.WithoutCancel(t.Context()), w.end, r) }()
	for !waiting() && len(result) == 0 {
	}
	db.Query(t, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
	err := <-result
	wantUnclear(t, err)
	if err == nil || !strings.Contains(err.Error(), "no synchronous standby has confirmed it") {
		t.Errorf("error %v", err)
	}
	db.Configure(t, "synchronous_standby_names", "")
	must(t, w.push(t, r))
	wantRecords(t, db, first, r)
}

// Somebody keeps the row of the log locked.
func TestALogThatIsLocked(t *testing.T) {
	t.Parallel()
	db := stores.Postgres(t)
	w := begun(t, db.URL, 0)
	first := w.next()
	must(t, w.push(t, first))
	unlock := make(chan bool)
	locked, unlocked := make(chan bool), make(chan error)
	other := open(t, db.URL)
	go func() {
		unlocked <- other.pool.Use(context.WithoutCancel(t.Context()), func(s *postgres.Session) error {
			_, err := s.Exec(t.Context(), "BEGIN; UPDATE gdfctl.head SET n = n").ReadAll()
			close(locked)
			<-unlock
			return errors.Join(err, s.Exec(context.WithoutCancel(t.Context()), "ROLLBACK").Close())
		})
	}()
	<-locked
	limit := w.limit
	w.limit = time.Second
	r := w.next()
	err := w.push(t, r)
	wantUnclear(t, err)
	if err == nil || !strings.Contains(err.Error(), "locked for 1s") {
		t.Errorf("error %v", err)
	}
	if _, err := w.Read(t.Context(), -1); err != nil { // readers wait for nobody
		t.Error(err)
	}
	close(unlock)
	must(t, <-unlocked)
	w.limit = limit
	must(t, w.push(t, r))
	wantRecords(t, db, first, r)
}

// What a server is warned of.
func TestWarnings(t *testing.T) {
	t.Parallel()
	pair := stores.PostgresPair(t)
	pair.Configure(t, "fsync", "on")
	db := pair.Database(t)
	p := begun(t, db.URL, 0).Place
	want := func(words ...string) {
		t.Helper()
		warnings := proven(t, p)
		if len(warnings) != len(words) {
			t.Fatalf("warnings %q, expected %d", warnings, len(words))
		}
		for i, w := range words {
			if !strings.Contains(warnings[i], w) {
				t.Errorf("warning %q, expected one of %s", warnings[i], w)
			}
		}
	}
	want("no synchronous one")
	pair.Configure(t, "synchronous_standby_names", "*")
	want()
	pair.Configure(t, "fsync", "off")
	pair.Configure(t, "full_page_writes", "off")
	want("fsync", "full_page_writes")
}

// proven is what a proof warns of. It leaves nothing behind.
func proven(t *testing.T, p *Place) []string {
	t.Helper()
	warnings, err := p.Prove(t.Context())
	must(t, err)
	for _, table := range p.tables.all() {
		err := p.pool.Use(t.Context(), func(s *postgres.Session) error {
			left, err := s.Query(t.Context(), "SELECT name FROM "+table.name+" WHERE name LIKE 'probe%'")
			if diff := cmp.Diff(0, len(left)); diff != "" {
				t.Errorf("the proof left rows in %s", table.name)
			}
			return err
		})
		must(t, err)
	}
	return warnings
}
