package gitlog

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// notInside refuses a repository that the configuration names by its path and that
// comes with the configuration: git runs the hooks of a repository that it pushes to on
// this machine, and a pull request must not bring any.
func (p *Place) notInside(t *target) error {
	path, ok := pathIn(t.url)
	if !ok {
		return p.refusedRead("git would take another path out of it than the one that is written", `Write the absolute path as it is, without file:// and "@[".`)
	}
	for _, tried := range []string{path, strings.TrimRight(path, "/") + ".git"} {
		inside, err := contains(t.dir, tried)
		if err != nil {
			return p.says("%w", err)
		}
		if inside {
			return p.refusedRead("it is a folder of the configuration's own repository, which can hold hooks that git would run",
				"Use a repository outside of it.")
		}
		if p.premises == "" {
			continue
		}
		if inside, err = contains(p.premises, tried); err != nil {
			return p.says("%w", err)
		}
		if inside {
			return p.refusedRead("it is in the agent's own directory, where a repository could have come with a configuration", "Use a repository outside of it.")
		}
	}
	return nil
}

// pathIn is the path of a file:// URL, or a path, as long as git takes the same one out
// of it. In URLs, it decodes what is behind a percent sign and passes over a host. In
// both, brackets behind an @ are the end of a host to it, whatever is before them.
func pathIn(remote string) (path string, ok bool) {
	path, isURL := strings.CutPrefix(remote, "file://")
	if isURL && (strings.Contains(path, "%") || !strings.HasPrefix(path, "/") && !filepath.IsAbs(path)) {
		return "", false
	}
	return path, !strings.Contains(path, "@[")
}

// contains reports whether a path is a folder or something in it, whatever links and
// spellings lead there. A path that is nowhere is in none.
func contains(folder, path string) (bool, error) {
	real, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	outer, err := os.Stat(folder)
	if err != nil {
		return false, err
	}
	for {
		at, err := os.Stat(real)
		if err != nil || os.SameFile(outer, at) {
			return err == nil, err
		}
		above := filepath.Dir(real)
		if above == real {
			return false, nil
		}
		real = above
	}
}
