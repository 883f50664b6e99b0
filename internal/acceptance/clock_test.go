package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// wrongClock is the program with a main function that takes its clock to be
// wrong by what the environment says. Nothing else of it differs, and the
// program under test knows of no such variable. It is empty where
// GDF_ACCEPTANCE_BINARY names the program: then its sources are not known.
var wrongClock = sync.OnceValues(func() (string, error) {
	if os.Getenv("GDF_ACCEPTANCE_BINARY") != "" {
		return "", nil
	}
	overlay, err := clockOverlay(binary + "-clock.json")
	if err != nil {
		return "", err
	}
	path := binary + "-clock"
	out, err := exec.Command("go", "build", overlay, "-o", path, "github.com/gdfctl/gdfctl/cmd/gdfctl").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("the program with a wrong clock can't be built: %w\n%s", err, out)
	}
	return path, nil
})

// clockOverlay is the flag that builds a program with that main function, which is
// written down in a file of this name.
func clockOverlay(path string) (flag string, err error) {
	replaced, err := filepath.Abs("../../cmd/gdfctl/main.go")
	if err != nil {
		return "", err
	}
	with, err := filepath.Abs("testdata/clock/main.go")
	if err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{replaced: with}})
	if err != nil {
		return "", err
	}
	return "-overlay=" + path, os.WriteFile(path, overlay, 0o600)
}

// atClock makes a run of the program take its clock to be wrong by so much.
func atClock(wrong time.Duration) (func(*exec.Cmd), error) {
	if wrong == 0 {
		return func(*exec.Cmd) {}, nil
	}
	path, err := wrongClock()
	if err != nil || path == "" {
		return func(*exec.Cmd) {}, err
	}
	return func(cmd *exec.Cmd) {
		cmd.Path = path
		cmd.Env = append(cmd.Env, "GDF_TEST_CLOCK="+wrong.String())
	}, nil
}

// runAt runs the program at another time than now.
func (w *world) runAt(wrong time.Duration, args ...string) result {
	w.t.Helper()
	adjust, err := atClock(wrong)
	if err != nil {
		w.t.Fatal(err)
	}
	if path, _ := wrongClock(); path == "" {
		w.t.Skip("GDF_ACCEPTANCE_BINARY names a program whose clock is right")
	}
	return w.startWith(adjust, args...).wait()
}
