// Package markdown prints reports for summaries of CI jobs and comments on pull
// requests.
//
// What it promises:
//   - foreign text is shown as it is and makes no markup, no link, no mention
//     and no reference to an issue;
//   - a report fits into a comment: what is left out, whole rows at a time, is
//     counted.
//
// Read escape.go first.
package markdown
