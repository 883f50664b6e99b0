package local

import "strings"

// Paths are the files of one state. All of them lie in one directory.
type Paths struct {
	State    string // what was applied and seen: gdfctl.state.json
	Lockfile string // who writes: gdfctl.state.json.lock
	Journal  string // the progress of the run under way: gdfctl.state.json.journal
	Closed   string // orders that are verified and cost nothing more: gdfctl.closed.jsonl
	Audit    string // the log of every change: gdfctl.audit.jsonl
	Head     string // the signed end of that log: gdfctl.audit.head
	Feeds    string // what package memory keeps: gdfctl.feeds.json
}

// PathsFor names the files that belong to a state file. The names of those that
// are not bound to one version of it are made from its name without
// ".state.json" or ".json".
func PathsFor(statePath string) Paths {
	stem, ok := strings.CutSuffix(statePath, ".state.json")
	if !ok {
		stem = strings.TrimSuffix(statePath, ".json")
	}
	return Paths{
		State:    statePath,
		Lockfile: statePath + ".lock",
		Journal:  statePath + ".journal",
		Closed:   stem + ".closed.jsonl",
		Audit:    stem + ".audit.jsonl",
		Head:     stem + ".audit.head",
		Feeds:    stem + ".feeds.json",
	}
}

// Arriving is where the orders wait of a state that is on its way here.
func (p Paths) Arriving() string { return p.State + ".arriving" }

// Backup is where the version before the present one is kept.
func (p Paths) Backup() string { return p.State + ".backup" }
