package pglog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Each obstacle is named, with its remedy, and nothing of the url is.
func TestObstacles(t *testing.T) {
	t.Parallel()
	db := stores.Postgres(t)
	begun(t, db.URL, 1)
	_, stranger := db.Role(t)
	changed := func(change func(u *url.URL)) string {
		u, err := url.Parse(db.URL)
		must(t, err)
		change(u)
		return u.String()
	}
	nobody, err := url.Parse(db.URL)
	must(t, err)
	for name, test := range map[string]struct {
		url     string
		refused bool
		says    []string
	}{
		"password":  {changed(func(u *url.URL) { u.User = url.UserPassword(u.User.Username(), "canary/wrong") }), true, []string{"refused the login", "PGPASSWORD"}},
		"user":      {changed(func(u *url.URL) { u.User = url.UserPassword("canaryuser", "canary/wrong") }), true, []string{"refused the login"}},
		"database":  {changed(func(u *url.URL) { u.Path = "/canarydb" }), true, []string{"database does not exist", "PGDATABASE"}},
		"no right":  {stranger, true, []string{"permission denied for schema gdfctl", "GRANT USAGE ON SCHEMA gdfctl", "ON ALL TABLES IN SCHEMA gdfctl"}},
		"no server": {changed(func(u *url.URL) { u.Host = "127.0.0.1:1" }), false, []string{"refused"}},
		"no host":   {changed(func(u *url.URL) { u.Host = "canary.invalid:5432" }), false, []string{"host name was not found"}},
		"no TLS":    {changed(func(u *url.URL) { u.RawQuery = "sslmode=require" }), true, []string{"does not offer TLS", "sslmode=disable"}},
		"no url":    {"postgres://canary:canary@secret:port/canary?", true, []string{"url can't be used"}},
		"no option": {"postgres://canary:canary@127.0.0.1/canary?sslmode=canary", true, []string{"url can't be used"}},
		"no file":   {changed(func(u *url.URL) { u.RawQuery = "sslmode=verify-full&sslrootcert=/canary" }), true, []string{"url can't be used"}},
		"unset":     {"", true, []string{"url is empty", "environment variable"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := &writer{Place: open(t, test.url), end: sharedlog.Before}
			_, read := w.Read(t.Context(), -1)
			_, start := w.Start(t.Context())
			_, got := w.Get(t.Context(), "hash")
			_, proof := w.Prove(t.Context())
			for what, err := range map[string]error{
				"append": w.push(t, w.next()), "read": read, "start": start, "get": got, "put": w.Put(t.Context(), "hash", nil),
				"prove": proof, "trim": w.Trim(t.Context(), 3),
			} {
				if err == nil {
					t.Errorf("%s: no error", what)
					continue
				}
				var refused *sharedlog.RefusedError
				if errors.As(err, &refused) != test.refused {
					t.Errorf("%s: error %#v, expected one that refuses: %t", what, err, test.refused)
				}
				for _, word := range test.says {
					if !strings.Contains(err.Error(), word) {
						t.Errorf("%s: error %v, expected %q", what, err, word)
					}
				}
				wantNoSecret(t, err, nobody)
			}
		})
	}
}

// wantNoSecret checks that an error, with all that it wraps, names nothing of a url.
func wantNoSecret(t *testing.T, err error, u *url.URL) {
	t.Helper()
	password, _ := u.User.Password()
	for _, secret := range []string{"canary", "127.0.0.1", u.Port(), u.User.Username(), password, strings.TrimPrefix(u.Path, "/")} {
		if all := fmt.Sprintf("%v %+v %#v", err, err, errors.Unwrap(err)); strings.Contains(all, secret) {
			t.Errorf("%q is in the error %s", secret, all)
		}
	}
}

// Without tables there is no state, whoever asks, and nothing is made on the way.
func TestNothingWasBegun(t *testing.T) {
	t.Parallel()
	db := stores.Postgres(t)
	_, stranger := db.Role(t)
	for name, url := range map[string]string{"the owner": db.URL, "somebody": stranger} {
		w := &writer{Place: open(t, url), end: sharedlog.Before}
		_, read := w.Read(t.Context(), -1)
		_, start := w.Start(t.Context())
		if !errors.Is(read, sharedlog.ErrNoLog) || !errors.Is(start, sharedlog.ErrNoLog) {
			t.Errorf("%s: errors %v and %v, expected %v", name, read, start, sharedlog.ErrNoLog)
		}
		var refused *sharedlog.RefusedError
		if err := w.push(t, w.next()); !errors.As(err, &refused) || !strings.Contains(refused.Remedy, "state init") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	var refused *sharedlog.RefusedError
	if err := open(t, stranger).Prepare(t.Context()); !errors.As(err, &refused) || !strings.Contains(refused.Remedy, "CREATE SCHEMA gdfctl") {
		t.Errorf("preparing without a right: error %v", err)
	}

	// Of two who prepare at once, the second one finds all made.
	results := make(chan error)
	for range 4 {
		p := open(t, db.URL)
		go func() { results <- p.Prepare(context.WithoutCancel(t.Context())) }()
	}
	for range 4 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}

	// Who may use the tables needs no right to make them.
	role, url := db.Role(t)
	db.Query(t, fmt.Sprintf("GRANT USAGE ON SCHEMA gdfctl TO %[1]s; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA gdfctl TO %[1]s", role))
	w := begun(t, url, 2)
	proven(t, w.Place)
	must(t, w.Trim(t.Context(), 1))
}

// The roles as the documentation sets them up: the job that plans reads the state and
// publishes, and can't write the state.
func TestRoles(t *testing.T) {
	t.Parallel()
	db := stores.Postgres(t)
	states, stateURL := db.Role(t)
	plans, plansURL := db.Role(t)
	statements, look := documented(t)
	for _, statement := range statements {
		db.Query(t, strings.NewReplacer("gdf_apply", states, "gdf_plan", plans).Replace(statement))
	}
	of := func(url string, log sharedlog.Log) *writer {
		place, mistake := Configured(sharedlog.Block{Attributes: map[string]string{"url": url}, Log: log})
		if mistake != nil {
			t.Fatal(mistake.Detail)
		}
		t.Cleanup(func() { _ = place.Close() })
		return &writer{Place: place.(*Place), end: sharedlog.Before}
	}
	state, published := of(stateURL, sharedlog.State), of(plansURL, sharedlog.Plans)
	for _, w := range []*writer{state, published} {
		must(t, w.Prepare(t.Context()))
		_, err := w.Prove(t.Context())
		must(t, err)
		must(t, w.push(t, w.next()))
		must(t, w.Put(t.Context(), "hash", []byte("value")))
	}

	if seen := db.Query(t, look); len(seen) != 1 {
		t.Errorf("the documented query shows %d records, expected 1", len(seen))
	}

	reader := of(plansURL, sharedlog.State)
	page, err := reader.Read(t.Context(), -1)
	must(t, err)
	if diff := cmp.Diff(1, len(page.Records)); diff != "" {
		t.Errorf("records of the state that the plans' role reads (-expected +found)\n%s", diff)
	}
	_, err = reader.Get(t.Context(), "hash")
	must(t, err)
	if _, err := reader.Get(t.Context(), "another"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a value that is not there: error %v", err)
	}
	reader.end = state.end
	for what, err := range map[string]error{
		"append": reader.push(t, reader.next()), "put": reader.Put(t.Context(), "hash", nil), "trim": reader.Trim(t.Context(), 1),
	} {
		var refused *sharedlog.RefusedError
		if !errors.As(err, &refused) || !strings.Contains(refused.Remedy, "GRANT") {
			t.Errorf("%s by the plans' role: error %v", what, err)
		}
	}

	// The job that applies reads what was published.
	page, err = of(stateURL, sharedlog.Plans).Read(t.Context(), -1)
	must(t, err)
	if diff := cmp.Diff(1, len(page.Records)); diff != "" {
		t.Errorf("published records that the state's role reads (-expected +found)\n%s", diff)
	}
}

// documented are the statements that set up a database, without those that make
// roles, and the query that shows what is stored.
func documented(t *testing.T) (statements []string, look string) {
	t.Helper()
	text, err := os.ReadFile("../../../docs/state.md")
	must(t, err)
	blocks := regexp.MustCompile("(?ms)^```sql\n(.*?)^```").FindAllSubmatch(text, -1)
	if len(blocks) != 2 {
		t.Fatalf("the documentation has %d blocks of SQL, expected 2", len(blocks))
	}
	for statement := range strings.SplitSeq(string(blocks[0][1]), ";") {
		if statement = strings.TrimSpace(statement); statement != "" && !strings.HasPrefix(statement, "CREATE ROLE") {
			statements = append(statements, statement)
		}
	}
	if len(statements) != 6 {
		t.Fatalf("the documentation has %d statements: %q", len(statements), statements)
	}
	return statements, string(blocks[1][1])
}

// A place is known by its database, and neither by who uses it nor by a secret.
func TestTwoDatabasesAreTwoPlaces(t *testing.T) {
	t.Parallel()
	name := func(url string) string {
		place, mistake := Configured(sharedlog.Block{Attributes: map[string]string{"url": url}, Log: sharedlog.State})
		if mistake != nil {
			t.Fatal(mistake.Detail)
		}
		return place.String()
	}
	same := name("postgres://ann:one@db.example.com/shop")
	for url, want := range map[string]bool{
		"postgres://ben:two@db.example.com/shop?sslmode=verify-full": true,
		"postgres://ann:one@db.example.com/other":                    false,
		"postgres://ann:one@db2.example.com/shop":                    false,
		"postgres://ann:one@db.example.com:6432/shop":                false,
		"postgres://ann:one@/shop?host=/run/postgresql":              false,
		"host=db.example.com dbname=shop password=one":               false,
	} {
		if got := name(url) == same; got != want {
			t.Errorf("%s is %s: the same place as %s: %t, expected %t", url, name(url), same, got, want)
		}
	}
	if a, b := name("host=a dbname=shop password=one"), name("password=two host=a user=ann dbname=shop"); a != b || a == name("host=b dbname=shop") {
		t.Errorf("%s and %s", a, b)
	}
	if got := name(""); got != `the PostgreSQL log "main" in schema gdfctl` {
		t.Errorf("without a url: %s", got)
	}
}
