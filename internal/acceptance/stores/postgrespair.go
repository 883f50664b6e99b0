package stores

import (
	"fmt"
	"testing"
)

// PostgresWithStandby is a server and a standby that follows it, asynchronously.
type PostgresWithStandby struct {
	*PostgresServer
	Standby *PostgresServer
	// Proxy leads to the one that is the primary, as a host name does that follows a
	// failover.
	Proxy *Proxy
}

// PostgresPair starts two servers of the test's own.
func PostgresPair(t testing.TB) *PostgresWithStandby {
	t.Helper()
	primary := PostgresAlone(t)
	standby, stop, err := startPostgres(func(folder string) []string {
		return []string{fmt.Sprintf("%s --pgdata=%s/data --write-recovery-conf --wal-method=stream --checkpoint=fast --no-sync --dbname='%s'",
			run("pg_basebackup"), folder, primary.socketURL("postgres"))}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return &PostgresWithStandby{primary, standby, NewProxy(t, primary.Address)}
}

// CatchUp waits until the standby has all that the primary has.
func (p *PostgresWithStandby) CatchUp(t testing.TB) {
	t.Helper()
	end := p.query(t, "postgres", "SELECT pg_current_wal_lsn()")[0]
	waitFor(t, "the standby to catch up", func() bool {
		return p.Standby.query(t, "postgres", fmt.Sprintf("SELECT pg_last_wal_replay_lsn() >= '%s'", end))[0] == "t"
	})
}

// Disconnect has the standby lose what the primary commits from now on.
func (p *PostgresWithStandby) Disconnect(t testing.TB) {
	t.Helper()
	p.CatchUp(t)
	p.Standby.query(t, "postgres", "ALTER SYSTEM SET primary_conninfo = ''")
	p.Standby.query(t, "postgres", "SELECT pg_reload_conf()")
	waitFor(t, "the standby to stop receiving", func() bool {
		return len(p.Standby.query(t, "postgres", "SELECT pid FROM pg_stat_wal_receiver")) == 0
	})
}

// Promote makes the standby the primary, to which the proxy leads from now on. The
// former primary goes on: it doesn't know.
func (p *PostgresWithStandby) Promote(t testing.TB) {
	t.Helper()
	p.Standby.tell(t, "promote", "-w")
	p.Proxy.Lead(p.Standby.Address)
}
