package acceptance

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// binary is the program under test.
var binary string

func TestMain(m *testing.M) {
	flag.Parse()
	// Most tests wait for processes that wait for limits: far more of them than
	// there are processors can run side by side.
	parallelSet := false
	flag.Visit(func(f *flag.Flag) { parallelSet = parallelSet || f.Name == "test.parallel" })
	if !parallelSet {
		if err := flag.Set("test.parallel", "8"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	code := runWithBinary(m)
	if dir, err := hastenedDir(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

func runWithBinary(m *testing.M) int {
	if binary = os.Getenv("GDF_ACCEPTANCE_BINARY"); binary != "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "gdfctl-acceptance-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "gdfctl")
	build := exec.Command("go", "build", "-o", binary, "github.com/gdfctl/gdfctl/cmd/gdfctl")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "the program under test can't be built:", err)
		return 1
	}
	return m.Run()
}

// dependOnSources lists the directories of the program's sources, from a test:
// what TestMain reads is not noted. The program is built beside what go test
// knows of; without this, results would come from its cache though the program
// has changed.
var dependOnSources = sync.OnceValue(func() error {
	for _, root := range []string{"../../cmd", "../../internal"} {
		err := filepath.WalkDir(root, func(_ string, _ fs.DirEntry, err error) error { return err })
		if err != nil {
			return err
		}
	}
	return nil
})
