package pglimit

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
)

// database is a database with the table.
func database(t testing.TB) *stores.Database {
	t.Helper()
	return prepared(t, stores.Postgres(t))
}

func prepared(t testing.TB, db *stores.Database) *stores.Database {
	t.Helper()
	db.Query(t, "CREATE SCHEMA gdfctl_agent; "+DDL+"; GRANT USAGE ON SCHEMA gdfctl_agent TO PUBLIC; GRANT SELECT, INSERT, UPDATE ON "+Table+" TO PUBLIC")
	return db
}

func open(t testing.TB, url string) *Limits {
	t.Helper()
	l := Open(url, "GDF_DATABASE_URL")
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// What is computed on the server is what godatafeed computes, whatever happens and
// however its clock goes.
func TestTheServerComputesTheSame(t *testing.T) {
	db := database(t)
	limits := open(t, db.URL)
	accounts := 0
	rapid.Check(t, func(t *rapid.T) {
		accounts++
		shape := godatafeed.Shape{Size: rapid.Float64Range(1, 60).Draw(t, "size"), Rate: rapid.Float64Range(0.1, 50).Draw(t, "rate")}
		now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
		model := godatafeed.NewPlace(func() time.Time { return now })
		p := &place{Limits: limits, account: fmt.Sprint(accounts)}
		taken := now
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			pass := rapid.OneOf(rapid.Int64Range(0, 3e6), rapid.Int64Range(-3e6, 4e8), rapid.Just(int64(-3600e6))).Draw(t, "µs")
			now = now.Add(time.Duration(pass) * time.Microsecond)
			p.clock = moment(now)
			var errs [2]error
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				retry := time.Duration(rapid.Int64Range(0, 400).Draw(t, "retry")) * time.Second
				errs[0], errs[1] = model.Refuse(t.Context(), shape, min(retry, godatafeed.MaxRetryAfter)), p.Refuse(t.Context(), shape, retry)
			case 1:
				n := rapid.IntRange(1, 5).Draw(t, "unused")
				errs[0], errs[1] = model.Return(t.Context(), shape, taken, n), p.Return(t.Context(), shape, taken, n)
			default:
				a := godatafeed.Ask{
					Shape: shape, Usable: rapid.Float64Range(0.5, shape.Size).Draw(t, "usable"),
					Ahead: rapid.Float64Range(0, 5).Draw(t, "ahead"), Want: rapid.IntRange(1, 5).Draw(t, "want"),
				}
				n, want, err := model.Take(t.Context(), a)
				m, got, failed := p.Take(t.Context(), a)
				taken, errs = now, [2]error{err, failed}
				if n != m {
					t.Fatalf("%d calls taken, expected %d", m, n)
				}
				same(t, want, got)
			}
			if errs != [2]error{} {
				t.Fatal(errs)
			}
			want, _ := model.Look(t.Context(), shape)
			got, err := p.Look(t.Context(), shape)
			if err != nil {
				t.Fatal(err)
			}
			same(t, want, got)
		}
	})
}

func same(t *rapid.T, want, got godatafeed.Bucket) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-6, 1e-6), cmpopts.EquateApproxTime(2*time.Microsecond)); diff != "" {
		t.Fatalf("(-expected +found)\n%s", diff)
	}
}
