package pglimit

import (
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/postgres"
)

// api is the API's side of a bucket, strict to the call.
type api struct {
	burst, perSecond float64
	mu               sync.Mutex
	level            float64
	at               time.Time
	calls, refused   int
}

func (a *api) call() (calls int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	a.level = math.Max(0, a.level-a.perSecond*now.Sub(a.at).Seconds())
	a.at = now
	if a.level++; a.level > a.burst {
		a.level--
		a.refused++
	}
	a.calls++
	return a.calls
}

// Machines with wrong clocks use one database, over connections that are cut. One of
// them vanishes with what it took, and the server crashes. Not one call is too many, and
// hardly any that could be made is not.
func TestMachinesShareTheLimit(t *testing.T) {
	t.Parallel()
	db := prepared(t, stores.PostgresAlone(t).Database(t))
	proxy := stores.NewProxy(t, db.Address)
	server := &api{burst: 50, perSecond: 20, at: time.Now()}
	const total = 220
	began := time.Now()
	var wg sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	vanishes, vanish := context.WithCancel(ctx)
	defer vanish()
	var crash sync.Once
	var crashed time.Duration
	for i, ahead := range []time.Duration{0, time.Hour, -time.Hour, 0, 0} {
		life := ctx
		if i == 4 {
			life = vanishes
		}
		url := db.URL
		if i%2 == 0 {
			url = db.Through(proxy.Address)
		}
		l := godatafeed.NewLimiter(godatafeed.LimiterOptions{
			PerSecond: server.perSecond, Shared: open(t, url).Of("account"),
			Now: func() time.Time { return time.Now().Add(ahead) },
		})
		l.Large(i == 3)
		for range 8 {
			wg.Go(func() {
				for life.Err() == nil {
					if _, err := l.Wait(life); err != nil {
						if life.Err() == nil {
							t.Error(err)
							stop()
						}
						return
					}
					switch n := server.call(); {
					case n >= total:
						stop()
					case n > total/2:
						crash.Do(func() {
							from := time.Now()
							db.Crash(t)
							crashed = time.Since(from)
						})
					case n == total/4:
						vanish()
					case rand.IntN(20) == 0:
						proxy.Cut()
					}
				}
			})
		}
	}
	wg.Wait()
	took := time.Since(began)
	if server.refused > 0 {
		t.Errorf("%d of %d calls were refused", server.refused, server.calls)
	}
	ideal := time.Duration((total - server.burst) / server.perSecond * float64(time.Second))
	t.Logf("%d calls took %s, with a crash of %s; without any loss, they take %s", server.calls, took, crashed, ideal)
}

// A pooler hands each transaction to another connection.
func TestBehindAPooler(t *testing.T) {
	t.Parallel()
	db := database(t)
	url := stores.Pooled(t, db)
	var wg sync.WaitGroup
	var taken atomic.Int64
	for range 3 {
		p := open(t, url).Of("account")
		for range 3 {
			wg.Go(func() {
				for range 5 {
					n, _, err := p.Take(t.Context(), godatafeed.Ask{Shape: godatafeed.Shape{Size: 20, Rate: 1e-9}, Usable: 20, Want: 1})
					if err != nil {
						t.Error(err)
					}
					taken.Add(int64(n))
				}
			})
		}
	}
	wg.Wait()
	if n := taken.Load(); n != 20 {
		t.Errorf("%d calls of 20 were taken", n)
	}
}

var anyAsk = godatafeed.Ask{Shape: godatafeed.Shape{Size: 50, Rate: 2}, Usable: 43, Want: 1}

// What can be wrong with a database is said without a word of its url.
func TestObstacles(t *testing.T) {
	t.Parallel()
	db := database(t)
	stranger, url := db.Role(t)
	for name, test := range map[string]struct {
		url, prepare  string
		says, remedy  string
		absent, final bool
	}{
		"no tables":     {url: stores.Postgres(t).URL, says: "the database of GDF_DATABASE_URL has no tables of an agent", absent: true},
		"no right":      {url: url, prepare: "REVOKE ALL ON " + Table + " FROM PUBLIC", says: "permission denied for table gdfctl_limits", remedy: "GRANT SELECT, INSERT, UPDATE ON gdfctl_agent.gdfctl_limits", absent: true},
		"not a url":     {url: "postgres://canary:canary@[", says: "its url can't be used", final: true},
		"no password":   {url: strings.Replace(url, "canary", "wrong", 1), says: "the server refused the login", final: true},
		"nobody there":  {url: "postgres://canary:canary@127.0.0.1:1/canary?sslmode=disable", says: "the connection failed: connection refused"},
		"not encrypted": {url: strings.Replace(url, "sslmode=disable", "sslmode=require", 1), says: "the server does not offer TLS", final: true},
	} {
		if test.prepare != "" {
			db.Query(t, test.prepare)
		}
		_, _, err := open(t, test.url).Of("account").Take(t.Context(), anyAsk)
		failed, ok := errors.AsType[*godatafeed.PlaceError](err)
		if !ok || failed.Absent != test.absent || failed.Final != test.final || !strings.Contains(failed.Reason, test.says) || !strings.Contains(failed.Remedy, test.remedy) {
			t.Errorf("%s: %#v", name, err)
			continue
		}
		for _, secret := range []string{"canary", stranger, db.Name, "127.0.0.1"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: error %q says %q", name, err, secret)
			}
		}
	}
}

// A database that is away, or says nothing, may come back.
func TestADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	db := database(t)
	proxy := stores.NewProxy(t, db.Address)
	p := open(t, db.Through(proxy.Address)).Of("account")
	if n, b, err := p.Take(t.Context(), anyAsk); n != 1 || b.Level != 1 || err != nil {
		t.Fatal(n, b, err)
	}
	proxy.Lead("127.0.0.1:1")
	_, _, err := p.Take(t.Context(), anyAsk)
	if failed, ok := errors.AsType[*godatafeed.PlaceError](err); !ok || failed.Final || failed.Absent || !failed.Known {
		t.Errorf("error %#v", err)
	}
	// One that takes connections and says nothing is given up.
	proxy.Lead(db.Address)
	proxy.Filter(func() (up, down stores.Filter) { return silent, silent })
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, _, err = p.Take(ctx, anyAsk)
	if failed, ok := errors.AsType[*godatafeed.PlaceError](err); !ok || failed.Final || failed.Reason != "the server did not answer in time" {
		t.Errorf("error %#v", err)
	}
}

// silent passes nothing on.
func silent(from io.Reader, _ io.Writer) error {
	_, err := io.Copy(io.Discard, from)
	return err
}

// A taking that waits for the row goes by the time at which it has it.
func TestWhoWaitsForTheRowGoesByTheTimeAfterwards(t *testing.T) {
	t.Parallel()
	db := database(t)
	p := open(t, db.URL).Of("account")
	if _, _, err := p.Take(t.Context(), anyAsk); err != nil {
		t.Fatal(err)
	}
	released := make(chan int64, 1)
	other := open(t, db.URL)
	go func() {
		_ = other.pool.Use(t.Context(), func(s *postgres.Session) error {
			results, err := s.Exec(t.Context(), "BEGIN; SELECT FROM "+Table+" FOR UPDATE; SELECT pg_sleep(0.3); UPDATE "+Table+
				" SET at = clock_timestamp() RETURNING (extract(epoch FROM at) * 1000000)::bigint; COMMIT").ReadAll()
			if err != nil {
				t.Error(err)
				released <- 0
				return err
			}
			at, err := strconv.ParseInt(string(results[3].Rows[0][0]), 10, 64)
			released <- at
			return err
		})
	}()
	for len(db.Query(t, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()")) == 0 && len(released) == 0 {
	}
	_, after, err := p.Take(t.Context(), anyAsk)
	if at := <-released; err != nil || after.At.UnixMicro() < at {
		t.Errorf("%v, taken at %s, before the row was free", err, after.At)
	}
}
