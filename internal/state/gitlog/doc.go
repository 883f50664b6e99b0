// Package gitlog keeps a log that several machines share on a branch of a git
// repository: a sharedlog.Place over the git program, which people have, with the
// credentials that it knows.
//
// It promises what sharedlog.Place asks, and:
//   - Each append is one commit whose parent is the commit before. It is pushed on
//     the condition that the branch still ends there, so the server decides who of
//     two is first.
//   - The user's clone is only asked for its configuration. Commands that make
//     something run in a repository below .gdfctl/git, with that configuration:
//     HEAD, index, worktree, references, reflogs, shallow file and objects of the
//     clone stay as they are, and none of its hooks runs.
//   - Nobody is asked for a password, every command ends within 30 s together with
//     all that it started, and no message shows a credential.
//   - A push is refused, and that is final, only where git or the server said so
//     before anything took effect. Everything else is unknown, and repeating it is
//     safe.
//
// Read gitlog.go first; layout.go for what is on the branch, append.go for how a
// record gets there, remote.go for which repository that is.
package gitlog
