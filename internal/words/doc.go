// Package words writes numbers, counts, lengths of time and hashes for people, each in
// one way wherever it stands. Forms for machines are not made here.
package words
