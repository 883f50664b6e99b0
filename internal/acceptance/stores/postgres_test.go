package stores

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPostgres(t *testing.T) {
	db := Postgres(t)
	if diff := cmp.Diff([]string{"t"}, db.Query(t, "SELECT current_database() = '"+db.Name+"'")); diff != "" {
		t.Error(diff)
	}
}

func TestPostgresCrash(t *testing.T) {
	server := PostgresAlone(t)
	db := server.Database(t)
	db.Query(t, "CREATE TABLE t (n int)")
	db.Query(t, "INSERT INTO t VALUES (1)")
	db.Query(t, "SET synchronous_commit = off; INSERT INTO t VALUES (2)")
	server.Crash(t)
	if diff := cmp.Diff([]string{"1"}, db.Query(t, "SELECT n FROM t")); diff != "" {
		t.Errorf("after a crash (-expected +found)\n%s", diff)
	}
}

func TestPostgresPair(t *testing.T) {
	pair := PostgresPair(t)
	db := pair.Database(t)
	db.Query(t, "CREATE TABLE t (n int)")
	db.Query(t, "INSERT INTO t VALUES (1)")
	pair.Disconnect(t)
	db.Query(t, "INSERT INTO t VALUES (2)")
	pair.Promote(t)
	got := pair.Standby.query(t, db.Name, "SELECT n FROM t")
	if diff := cmp.Diff([]string{"1"}, got); diff != "" {
		t.Errorf("after a failover (-expected +found)\n%s", diff)
	}
}
