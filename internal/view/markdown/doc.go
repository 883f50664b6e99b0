// Package markdown prints reports for summaries of CI jobs and comments on pull
// requests.
//
// What it promises:
//   - foreign text is shown as it is and makes no markup, no link, no mention
//     and no reference to an issue;
//   - a report fits into a comment: it says what is left out, and what can't be
//     undone never is;
//   - a phone can show it: tables have two columns.
//
// Read escape.go first.
package markdown
