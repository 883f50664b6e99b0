// Package provenance finds out who runs gdfctl and on whose behalf: the person or
// job, the commit, its author and approver, the pull request and the page of
// the run, as far as the environment says so.
//
// It reads environment variables, and the file in which GitHub describes the event
// of a job: no program is started. What it returns goes into the audit log, so every value is
// escaped, and URLs lose their credentials. Read detect.go first; ci.go has the
// variables of each CI system, review.go what a forge knows of a pull request.
package provenance
