// Package ci holds the pipelines to start from, for GitHub and for GitLab. People
// copy them from here, and `gdfctl init --ci` writes them from here: there is one
// text of each.
//
// The tests check what can be checked without a forge: GitHub's with actionlint, also
// against action.yml, and GitLab's against the schema that GitLab publishes.
package ci
