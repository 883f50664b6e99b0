package stores

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// PostgresServer is one running server. It listens on a loopback port, where it
// asks for passwords.
type PostgresServer struct {
	Address string // host and port
	port    string
	folder  string    // its data and its socket
	life    io.Closer // the server's, kept here: if it were collected, the server would end
}

// Postgres is a database of its own, on the server that all tests of a binary
// share.
func Postgres(t testing.TB) *Database {
	t.Helper()
	needPostgres(t)
	server, err := sharedPostgres()
	if err != nil {
		t.Fatal(err)
	}
	return server.Database(t)
}

// PostgresAlone is a server of the test's own, which it can crash and configure.
func PostgresAlone(t testing.TB) *PostgresServer {
	t.Helper()
	needPostgres(t)
	server, stop, err := startPostgres(initialize)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return server
}

var sharedPostgres = sync.OnceValues(func() (*PostgresServer, error) {
	// Nobody stops it: its watchdog does when this process ends, however it does.
	server, _, err := startPostgres(initialize)
	return server, err
})

// needPostgres ends a test where there is no server to start.
func needPostgres(t testing.TB) {
	t.Helper()
	if tool("initdb") == "" {
		skip(t, "PostgreSQL is missing")
	}
}

// tool is the path of one of the server's programs. Debian has them in a folder
// for each version, out of the way.
func tool(name string) string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return found[len(found)-1]
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	return path
}

// run is the beginning of a shell's line that runs one of the server's programs.
func run(program string) string { return strings.Join(append(asPostgres(), tool(program)), " ") }

// asPostgres is the beginning of a command. Databases refuse to be run by root, so a
// user whom their package made runs them then.
func asPostgres() []string {
	if os.Geteuid() != 0 {
		return nil
	}
	return []string{"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"}
}

// ownedByPostgres gives a folder to that user.
func ownedByPostgres(folder string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	if out, err := exec.Command("chown", "-R", "postgres:", folder).CombinedOutput(); err != nil {
		return fmt.Errorf("chown: %w\n%s", err, out)
	}
	return nil
}

// settings are for tests: little memory, and nothing written later by itself that a
// test wants to see lost. What a server has written outlives its crash without fsync, and
// a busy disk keeps nobody waiting.
const settings = `
listen_addresses = '127.0.0.1'
fsync = off
shared_buffers = 16MB
max_connections = 150
wal_writer_delay = 10s
wal_retrieve_retry_interval = 100ms
wal_level = replica
max_wal_senders = 4
max_wal_size = 256MB
wal_keep_size = 128MB
lc_messages = 'C'
`

const access = `
local all all trust
local replication all trust
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
`

// initialize is the lines of a shell that make the data of a new server.
func initialize(folder string) []string {
	return []string{
		fmt.Sprintf("%s --pgdata=%s/data --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync --no-instructions", run("initdb"), folder),
		fmt.Sprintf("cat %[1]s/settings >>%[1]s/data/postgresql.conf", folder),
		fmt.Sprintf("cat %[1]s/access >%[1]s/data/pg_hba.conf", folder),
	}
}

// startPostgres starts a server on data that the lines of a shell make. That shell
// stays, and ends the server and removes its folder when the pipe from this process
// ends: so nothing is left behind, also if a test panics or is killed.
func startPostgres(lines func(folder string) []string) (server *PostgresServer, stop func(), err error) {
	for range 3 { // somebody else can take the port meanwhile
		if server, stop, err = startPostgresOnce(lines); err == nil {
			break
		}
	}
	return server, stop, err
}

func startPostgresOnce(lines func(folder string) []string) (server *PostgresServer, stop func(), err error) {
	folder, err := os.MkdirTemp("", "gdf-postgres-")
	if err != nil {
		return nil, nil, err
	}
	address, err := FreeAddress()
	if err != nil {
		return nil, nil, err
	}
	_, port, _ := net.SplitHostPort(address)
	server = &PostgresServer{Address: address, port: port, folder: folder}
	own := fmt.Sprintf("port = %s\nunix_socket_directories = '%s'\n", port, folder)
	for name, content := range map[string]string{"settings": settings, "access": access, "own": own} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			return nil, nil, err
		}
	}
	if err := ownedByPostgres(folder); err != nil {
		return nil, nil, err
	}
	script := strings.Join([]string{
		"trap '' INT HUP TERM",
		fmt.Sprintf("trap '%s; rm -rf %s' EXIT", server.control("stop", "-m", "immediate"), folder),
		"{ " + strings.Join(append(lines(folder), fmt.Sprintf("cat %[1]s/own >>%[1]s/data/postgresql.conf", folder), server.control("start", "-w")), " &&\n"),
		fmt.Sprintf("} >>%[1]s/log 2>&1 </dev/null || { cat %[1]s/log %[1]s/server.log; exit 1; }", folder),
		"echo ready",
		"read end",
	}, "\n")
	watchdog := exec.Command("sh", "-c", script)
	in, err := watchdog.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	server.life = in
	out, err := watchdog.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := watchdog.Start(); err != nil {
		return nil, nil, err
	}
	stop = func() {
		_ = in.Close()
		_, _ = io.Copy(io.Discard, out)
		_ = watchdog.Wait() // its exit code is that of the server's end
	}
	lineOut := bufio.NewReader(out)
	if line, _ := lineOut.ReadString('\n'); line != "ready\n" {
		rest, _ := io.ReadAll(lineOut)
		stop()
		return nil, nil, fmt.Errorf("PostgreSQL did not start:\n%s%s", line, rest)
	}
	return server, stop, nil
}

// control is a line of a shell that tells the server something.
func (s *PostgresServer) control(verb string, flags ...string) string {
	return fmt.Sprintf("%s %s --pgdata=%s/data --log=%s/server.log --silent %s </dev/null >/dev/null 2>&1",
		run("pg_ctl"), verb, s.folder, s.folder, strings.Join(flags, " "))
}

func (s *PostgresServer) tell(t testing.TB, verb string, flags ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", s.control(verb, flags...))
	if err := cmd.Run(); err != nil {
		log, _ := os.ReadFile(filepath.Join(s.folder, "server.log"))
		t.Fatalf("pg_ctl %s: %v\n%s", verb, err, log)
	}
}

// Crash kills the server, with all that it had still in memory, and starts it again.
func (s *PostgresServer) Crash(t testing.TB) {
	t.Helper()
	s.Stop(t)
	s.tell(t, "start", "-w")
}

// Stop ends the server at once.
func (s *PostgresServer) Stop(t testing.TB) {
	t.Helper()
	s.tell(t, "stop", "-m", "immediate")
}

// Configure sets parameters of the server that need no restart.
func (s *PostgresServer) Configure(t testing.TB, name, value string) {
	t.Helper()
	s.query(t, "postgres", fmt.Sprintf("ALTER SYSTEM SET %s = '%s'", name, value))
	s.query(t, "postgres", "SELECT pg_reload_conf()")
	// Backends take a change over when they get to it.
	waitFor(t, "the server's new "+name, func() bool {
		return len(s.query(t, "postgres", fmt.Sprintf("SELECT 1 WHERE current_setting('%s') = '%s'", name, value))) == 1
	})
}

// waitFor asks until something is so.
func waitFor(t testing.TB, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited 30 s for %s", what)
		}
	}
}
