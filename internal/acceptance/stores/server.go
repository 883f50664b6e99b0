package stores

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// skip leaves a test out, whose server is missing, unless all servers must be there.
func skip(t testing.TB, format string, args ...any) {
	t.Helper()
	text := fmt.Sprintf(format, args...) + ": run `make prepare`"
	if os.Getenv("GDF_REQUIRE_STORES") != "" {
		t.Fatal(text)
	}
	t.Skip(text)
}

// built is the program of this name that `make prepare` built: in GDF_STORES, or in
// bin of the module.
func built(name string) (string, error) {
	dir := os.Getenv("GDF_STORES")
	if dir == "" {
		root, err := ModuleRoot()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(root, "bin")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		return "", err
	}
	return path, nil
}

// Tool is a program that `make prepare` built and that a test is run with.
func Tool(t testing.TB, name string) string {
	t.Helper()
	path, err := built(name)
	if err != nil {
		skip(t, "%s is missing", name)
	}
	return path
}

// ModuleRoot is the folder of go.mod above the one in which tests run.
func ModuleRoot() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod is above the test's folder")
		}
	}
	return "", err
}

// pipes are what keeps servers alive: the garbage collector closes those that nobody
// holds.
var pipes sync.Map

// start starts a server that listens on an address of loopback, and waits until it
// does. When the test program ends, however it does, the server is killed and its
// folder removed: a shell waits for the end of a pipe that only this process holds.
func start(address, folder string, env []string, program string, args ...string) error {
	const wait = `"$@" & server=$!; cat >/dev/null; kill -9 $server; rm -rf "$FOLDER"`
	cmd := exec.Command("sh", append([]string{"-c", wait, "sh", program}, args...)...)
	cmd.Env = append(append(os.Environ(), "FOLDER="+folder), env...)
	log, err := os.CreateTemp(folder, "server-*.log")
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	pipes.Store(pipe, true) // never closed by us
	for range 200 {
		if c, err := net.Dial("tcp", address); err == nil {
			return c.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
	said, _ := os.ReadFile(log.Name())
	return fmt.Errorf("%s does not listen on %s:\n%s", filepath.Base(program), address, said)
}

// FreeAddress is an address of loopback on which nobody listens now.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
