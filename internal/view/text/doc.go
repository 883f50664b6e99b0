// Package text prints reports for people, at a terminal or in a log.
//
// What it promises:
//   - results go to standard output, words about them to standard error;
//   - foreign text is escaped before it is printed (package safetext);
//   - color and width are parameters, never globals;
//   - an error says where, what is wrong, and what to do.
//
// style.go has colors and marks, plantext.go and diff.go the plan, progress.go
// the course of an apply, diagnostics.go what is wrong with a configuration.
// table.go is the form of everything that is listed.
package text
