// Package view has no code: below it is one package for each form in which
// reports are printed. text is for people at a terminal, json for programs, csv
// for spreadsheets, markdown for pull requests, html for browsers, junit for the test pages of CI
// systems, and prometheus for metrics.
//
// Each takes a report of package report and an io.Writer, and decides nothing:
// what is counted, grouped, sorted or worded for all of them is in the report.
// What each does by itself is escaping, since every form has its own markup.
//
// The tests here print one report in every form and compare what they say.
package view
