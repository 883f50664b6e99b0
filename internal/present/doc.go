// Package present turns what use cases return into the reports that views show. The
// use cases and the reports do not know each other: here alone both are named.
//
// job.go has what a report says about the pull request and the CI job that it is for.
package present
