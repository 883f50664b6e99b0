// Package gitsource brings commits of git repositories to this machine, as plain files.
//
// It promises that
//   - nothing that a repository brings is run or followed: no hook, no filter, no
//     submodule, no link, nothing of LFS. There is never a work tree;
//   - a commit is exported whole or not at all, and never changed later;
//   - what is wrong with a commit (RefusedError) differs from a repository that
//     can't be reached: only the first one is a reason to report the commit;
//   - a name that can mean several commits is none: a branch is asked for by its full
//     name, and everything else goes by the commit itself.
//
// There is one bare repository per URL, for all that read it. Read source.go first, then
// fetch.go, verify.go and export.go.
package gitsource
