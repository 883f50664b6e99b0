// Package jsonformat has the version of all JSON documents for programs:
// reports, the events of an apply and messages to webhooks. docs/json.md
// describes them.
//
// What it promises: there is one version, so that a program that reads two
// documents has one number to check.
package jsonformat

// Version is the documents' format_version. The number before the dot changes
// when something is removed or gets a different meaning, the one after it when
// something is added.
const Version = "2.0"
