// Package annotate prints reports as the commands with which a job of GitHub
// Actions marks lines of files: ::error file=main.hcl,line=3::What is wrong.
//
// What it promises:
//   - at most Most errors and Most warnings, which is what GitHub shows of a step;
//     the others are counted in a notice;
//   - each is one line, and nothing in it but what this package writes begins a
//     command, or another property of one.
//
// Read list.go first; reports.go says what becomes an annotation.
package annotate
