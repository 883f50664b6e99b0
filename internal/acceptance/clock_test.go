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
	path := binary + "-clock"
	if err := os.WriteFile(path+".json", overlay, 0o600); err != nil {
		return "", err
	}
	out, err := exec.Command("go", "build", "-overlay", path+".json", "-o", path, "github.com/gdfctl/gdfctl/cmd/gdfctl").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("the program with a wrong clock can't be built: %w\n%s", err, out)
	}
	return path, nil
})

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
