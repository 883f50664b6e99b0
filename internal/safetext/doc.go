// Package safetext makes foreign text fit to be shown: text from the API, from
// tables and from files ends up in terminals, logs and error messages, and must
// not be able to move a cursor, begin a CI command or carry an e-mail address.
//
// Rules: rules.md, section 5, and the section on hostile input of the
// reliability design; both are summed up in docs/safety.md.
package safetext
