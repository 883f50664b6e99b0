package main

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// goItself stands for the standard library.
const goItself = "Go standard library"

// systems have all code between them that some system alone links.
var systems = []string{"linux", "darwin", "windows", "freebsd"}

type module struct{ path, version, dir string }

func (m module) name() string { return strings.TrimSpace(m.path + " " + m.version) }

// linked are the modules of the program on all systems, by path, and the standard
// library before them.
func linked() ([]module, error) {
	root, err := goCommand("", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	modules := []module{{path: goItself, dir: strings.TrimSpace(root)}}
	for _, system := range systems {
		out, err := goCommand(system, "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "github.com/gdfctl/gdfctl/cmd/gdfctl")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(out) {
			if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) == 3 {
				modules = append(modules, module{fields[0], fields[1], fields[2]})
			}
		}
	}
	slices.SortFunc(modules[1:], func(a, b module) int { return cmp.Compare(a.path, b.path) })
	return slices.Compact(modules), nil
}

func goCommand(system string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if system != "" {
		cmd.Env = append(cmd.Env, "GOOS="+system, "GOARCH=amd64")
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w", args[0], err)
	}
	return string(out), nil
}
