package agentdb

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// A machine that vanishes in the middle of a transaction would keep the rows that it changed
// for as long as the server believes in its connection: for hours.
func TestATransactionOfAMachineThatVanishesEnds(t *testing.T) {
	t.Parallel()
	d := sharedDB(t, stores.Postgres(t).URL)
	limit := ""
	must(t, d.In(context.Background(), func(tx *Tx) error {
		return tx.each(context.Background(), func(rows *sql.Rows) error { return rows.Scan(&limit) }, `SELECT current_setting('idle_in_transaction_session_timeout')`)
	}))
	if limit != "10s" {
		t.Errorf("the server ends it after %s", limit)
	}
}

// A server that vanishes leaves connections open on which nothing comes any more. Who asks
// without a limit of his own, as River does, gets to know.
func TestAServerThatVanishes(t *testing.T) {
	t.Parallel()
	db := stores.Postgres(t)
	o := sharedDB(t, db.URL).Options
	proxy := stores.NewProxy(t, db.Address)
	var vanished atomic.Bool
	proxy.Filter(func() (up, down stores.Filter) { return unless(&vanished), unless(&vanished) })
	o.URL = db.Through(proxy.Address)
	d := &DB{Options: o, program: thisProgram()}
	must(t, d.connectPostgres(300*time.Millisecond))
	t.Cleanup(func() { d.Close() })
	var n int
	// A busy machine can be silent for as long as that, and whoever asks asks again.
	answered := func() (err error) {
		for range 100 {
			if err = d.sql.QueryRowContext(context.Background(), `SELECT 1`).Scan(&n); err == nil {
				break
			}
		}
		return err
	}
	must(t, answered())
	vanished.Store(true)
	failed := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		failed <- errors.Join(d.sql.QueryRowContext(ctx, `SELECT 1`).Scan(&n), ctx.Err())
	}()
	if err := <-failed; err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	vanished.Store(false)
	must(t, answered())
}

// unless passes on what comes, unless it is to be lost.
func unless(lost *atomic.Bool) stores.Filter {
	return func(from io.Reader, to io.Writer) error {
		buf := make([]byte, 64<<10)
		for {
			n, err := from.Read(buf)
			if err == nil && !lost.Load() {
				_, err = to.Write(buf[:n])
			}
			if err != nil {
				return err
			}
		}
	}
}
