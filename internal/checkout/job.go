package checkout

import (
	"cmp"
	"os"
	"path/filepath"
)

// jobFolder is where a CI job works; empty elsewhere.
func jobFolder(env func(string) string) string {
	return cmp.Or(env("GITHUB_WORKSPACE"), env("CI_PROJECT_DIR"))
}

// JobRoot is the root of the repository that a file or a directory of a CI job is in;
// empty elsewhere. That is where the job works, or a folder of it with a repository:
// there, a job keeps a pull request that it only looks at.
func JobRoot(abs string, env func(string) string) string {
	job := jobFolder(env)
	if job == "" {
		return ""
	}
	for at := abs; ; at = filepath.Dir(at) {
		below, err := filepath.Rel(job, at)
		if err != nil || below == "." || !filepath.IsLocal(below) {
			return job
		}
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
	}
}

// NameInJob is what people call the configuration in a directory: its path from the root
// of the repository, where a CI system says where that is, since two configurations of
// a repository have two names.
func NameInJob(dir string, env func(string) string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	if root := JobRoot(abs, env); root != "" {
		if below, err := filepath.Rel(root, abs); err == nil && below == "." {
			return filepath.Base(jobFolder(env))
		} else if err == nil && filepath.IsLocal(below) {
			return filepath.ToSlash(below)
		}
	}
	return filepath.Base(abs)
}
