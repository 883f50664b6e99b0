package stores

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Pooled is the URL of a database behind a pooler that hands each transaction to one
// of two connections.
func Pooled(t testing.TB, db *Database) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer" // in Debian's folder for administrators
	}
	if _, err := os.Stat(program); err != nil {
		skip(t, "PgBouncer is missing")
	}
	folder, err := os.MkdirTemp("", "gdf-pgbouncer-") //nolint:usetesting // another user has to get there
	if err != nil {
		t.Fatal(err)
	}
	address, err := FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(address)
	u, err := url.Parse(db.URL)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	for name, content := range map[string]string{
		"users": fmt.Sprintf("%q %q\n", u.User.Username(), password),
		"settings": strings.Join([]string{
			"[databases]", fmt.Sprintf("* = host=%s port=%s", db.folder, db.port),
			"[pgbouncer]", "listen_addr = 127.0.0.1", "listen_port = " + port, "unix_socket_dir =",
			"auth_type = scram-sha-256", "auth_file = " + folder + "/users",
			"pool_mode = transaction", "default_pool_size = 2", "",
		}, "\n"),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := ownedByPostgres(folder); err != nil {
		t.Fatal(err)
	}
	command := append(asPostgres(), program, folder+"/settings")
	if err := start(address, folder, nil, command[0], command[1:]...); err != nil {
		t.Fatal(err)
	}
	return db.Through(address)
}
