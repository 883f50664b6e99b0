// Package screen is where commands show what use cases report: on standard
// output in the format that was chosen, on standard error, in files of reports, where a
// CI system looks; and where they ask a person.
//
// It chooses the view and decides nothing: what a command is to do, and with which code
// it exits, its caller says. Begin with screen.go; apply.go shows an apply from its
// events, feedscheck.go a check of feeds.
package screen
