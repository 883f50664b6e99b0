// Package words writes numbers, counts and lengths of time for people, each in
// one way wherever it stands. Forms for machines are not made here.
package words
