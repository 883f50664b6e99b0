// Package machine reads the file of a machine that runs many workspaces: which they are,
// where their configurations come from, and what each of them may see and do.
//
// It promises that
//   - all mistakes are reported at once, each with its place and what to do about it;
//   - nothing in it is computed: no expression, no function, no variable. Only the
//     address of the database is taken from the environment;
//   - a workspace's variables are those of its env_file, and no message shows a value.
//
// The file is the administrator's, and never comes from git. Read machine.go first, then
// read.go, workspace.go and variables.go.
package machine
