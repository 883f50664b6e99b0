package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/screen"
)

// withoutJSON are the commands that have no result for programs, and why.
var withoutJSON = map[string]string{
	"gdfctl completion":   "its output is a script of the shell",
	"gdfctl state pull":   "its output is JSON, which push reads",
	"gdfctl sandbox":      "it serves until it is interrupted, and has no result",
	"gdfctl audit keygen": "it prints a private key, once, and no program should keep its output as a document",
}

// Every command that prints a result prints it as JSON too.
func TestEveryCommandHasJSON(t *testing.T) {
	p := &program{Screen: screen.Screen{Env: func(string) string { return "" }}}
	seen := map[string]bool{}
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, child := range cmd.Commands() {
			walk(child)
		}
		path := cmd.CommandPath()
		if strings.HasPrefix(path, "gdfctl completion ") { // one for each shell
			path = "gdfctl completion"
		}
		if cmd.HasSubCommands() || cmd.Hidden {
			return
		}
		has := cmd.Flags().Lookup("json") != nil && cmd.Flags().Lookup("format") != nil
		_, without := withoutJSON[path]
		if seen[path] = true; has == without {
			t.Errorf("%s: JSON %v, on the list of those without %v", path, has, without)
		}
	}
	walk(newRoot(p))
	for path := range withoutJSON {
		if !seen[path] {
			t.Errorf("%s does not exist", path)
		}
	}
}
