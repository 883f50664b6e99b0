// Package safetext makes foreign text fit to be shown: text from the API, from
// tables and from files ends up in terminals, logs and error messages, and must
// not be able to move a cursor, begin a CI command or carry an e-mail address.
//
// docs/safety.md says what is shown of foreign text, and why.
package safetext
