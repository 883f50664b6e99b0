// Cross type-checks all packages of a module and their tests, as they are on the
// systems that are given as arguments, such as windows/amd64. It reads everything from
// its source, what the module imports included, so nothing has to be compiled for a
// system on which nothing of it is run; of what is imported it skips the bodies.
//
// It finds what breaks on another system or with another word size: a name that is not
// there, a type that doesn't fit, a constant that overflows.
package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/tools/go/packages"
)

// most is how many faults are listed for a target: one that is missing can break the rest.
const most = 30

func main() {
	failed := false
	for _, target := range os.Args[1:] {
		began := time.Now()
		n, faults, err := check(target)
		if err != nil {
			faults = append(faults, err.Error())
		}
		for i, f := range faults {
			if i == most {
				fmt.Fprintf(os.Stderr, "%s: and %d more\n", target, len(faults)-most)
				break
			}
			fmt.Fprintf(os.Stderr, "%s: %s\n", target, f)
		}
		failed = failed || len(faults) > 0
		fmt.Printf("%-14s %4d packages, %4.1f s\n", target, n, time.Since(began).Seconds())
	}
	if failed {
		os.Exit(1)
	}
}

// check returns how many packages and tests of the module there are on a target, and
// what is wrong with them.
func check(target string) (int, []string, error) {
	system, processor, ok := strings.Cut(target, "/")
	if !ok {
		return 0, nil, fmt.Errorf("want a system and a processor, such as windows/amd64")
	}
	all, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps |
			packages.NeedTypes | packages.NeedTypesSizes | packages.NeedModule,
		Env:   append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+processor),
		Tests: true,
	}, "./...")
	if err != nil {
		return 0, nil, err
	}
	var faults []string
	seen := map[string]bool{} // a file of a package is checked with its tests again
	packages.Visit(all, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			if text := e.Error(); !seen[text] {
				seen[text] = true
				faults = append(faults, text)
			}
		}
	})
	if len(all) == 0 {
		faults = append(faults, "there are no packages")
	}
	return len(all), faults, nil
}
