// Package view turns values into text for people and JSON for programs. Every
// view of a thing takes the same value; none of them knows how the value came
// to be.
//
// The rules of the interface, held by the functions here:
//   - results go to standard output, talk about them to standard error;
//   - foreign text is escaped before it is printed (package safetext);
//   - colour and width are parameters, never globals;
//   - an error says where, what is wrong, and what to do.
//
// style.go has colours and marks, plan.go and diff.go the plan, progress.go
// the course of an apply, diagnostics.go what is wrong with a configuration.
// table.go, csv.go and jsontext.go are the forms of everything that is listed.
package view
