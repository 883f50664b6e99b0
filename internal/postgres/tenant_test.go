package postgres

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
)

// What is the agent's own, in its environment and its home, reaches no server that a
// tenant names.
func TestATenantsServerGetsNothingOfTheProcess(t *testing.T) {
	home := t.TempDir()
	for name, value := range map[string]string{
		"HOME": home, "PGHOST": "db.agent.example", "PGPORT": "6543", "PGUSER": "agent", "PGPASSWORD": "agents-secret", "PGDATABASE": "agents",
		"PGOPTIONS": "-c role=agent", "PGAPPNAME": "agent", "PGSSLMODE": "disable", "PGTARGETSESSIONATTRS": "standby", "PGTZ": "Asia/Tokyo",
		"PGCONNECT_TIMEOUT": "1", "PGREQUIREAUTH": "none", "PGCHANNELBINDING": "disable", "PGMAXPROTOCOLVERSION": "3.2",
	} {
		t.Setenv(name, value)
	}
	if err := os.WriteFile(filepath.Join(home, ".pgpass"), []byte("*:*:*:*:agents-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		url                                string
		own                                map[string]string
		host, user, password, database, is string
	}{
		"all in the url":       {url: "postgres://u:p@db.example/shop?sslmode=require", host: "db.example", user: "u", password: "p", database: "shop"},
		"without a password":   {url: "postgres://u@db.example/shop", host: "db.example", user: "u", database: "shop"},
		"without a database":   {url: "postgres://u@db.example", host: "db.example", user: "u"},
		"in words":             {url: "host=db.example user=u dbname=shop", host: "db.example", user: "u", database: "shop"},
		"words and a password": {url: "host=db.example user=u", own: map[string]string{"PGPASSWORD": `it's \ own`, "PGDATABASE": "shop"}, host: "db.example", user: "u", password: `it's \ own`, database: "shop"},
		"variables":            {own: map[string]string{"PGHOST": "db.example", "PGUSER": "u", "PGPASSWORD": "p"}, host: "db.example", user: "u", password: "p"},
		"a url and variables":  {url: "postgres://db.example/shop", own: map[string]string{"PGUSER": "u", "PGPASSWORD": "p&=", "PGHOST": "other"}, host: "db.example", user: "u", password: "p&=", database: "shop"},
		"no host":              {url: "postgres:///shop?user=u", is: "it has no host, and the workspace's env_file has no PGHOST"},
		"no user":              {url: "host=db.example", is: "it has no user, and the workspace's env_file has no PGUSER"},
		"nothing":              {is: "it has no host, and the workspace's env_file has no PGHOST"},
		"a service":            {own: map[string]string{"PGSERVICE": "x"}, is: "PGSERVICE does not work in an env_file"},
	} {
		t.Run(name, func(t *testing.T) {
			s := At(c.url, "url", false)
			s.Only(func(name string) string { return c.own[name] })
			config, err := s.parsed()
			if c.is != "" {
				if err == nil || err.Error() != c.is {
					t.Errorf("%+v, %v; want %s", config, err, c.is)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := pgconn.Config{Host: c.host, Port: 5432, User: c.user, Password: c.password, Database: c.database}
			got := pgconn.Config{Host: config.Host, Port: config.Port, User: config.User, Password: config.Password, Database: config.Database}
			if diff := cmp.Diff(&want, &got, cmp.Comparer(func(a, b *pgconn.Config) bool {
				return a.Host == b.Host && a.Port == b.Port && a.User == b.User && a.Password == b.Password && a.Database == b.Database
			})); diff != "" {
				t.Error(diff)
			}
			if params := config.RuntimeParams; params["application_name"] != "gdfctl" || params["options"] != "" || params["timezone"] == "Asia/Tokyo" {
				t.Errorf("%v", params)
			}
			if config.TLSConfig == nil || config.ValidateConnect != nil {
				t.Errorf("TLS %v, which server: %v", config.TLSConfig != nil, config.ValidateConnect != nil)
			}
		})
	}
}

// A service of the process can't be kept away from a tenant, so it is refused.
func TestAServiceOfTheProcess(t *testing.T) {
	t.Setenv("PGSERVICE", "agents")
	s := At("postgres://u:p@db.example/shop", "url", true)
	s.Only(func(string) string { return "" })
	if _, err := s.parsed(); err == nil {
		t.Error("the process's service would choose the server")
	}
}
