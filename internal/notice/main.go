package main

import (
	"fmt"
	"os"
	"strings"
)

const path = "NOTICE"

func main() {
	text, err := notice()
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o644) //nolint:gosec // everybody may read it
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "notice:", err)
		os.Exit(1)
	}
}

const preface = `gdfctl
Copyright (c) 2026 The gdfctl authors

gdfctl is under the MIT license, see LICENSE. A built program also contains the
code below. ` + "`make notice`" + ` writes this file.

`

// notice is the text of the file: a list of what is linked, then each license,
// once for all that have it word for word.
func notice() (string, error) {
	modules, err := linked()
	if err != nil {
		return "", err
	}
	var list, texts strings.Builder
	users := map[string][]string{}
	var order []string
	for _, m := range modules {
		l, err := licenseOf(m)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&list, "%s\n    License: %s\n", m.name(), strings.Join(l.kinds, ", "))
		for _, line := range l.copyrights {
			fmt.Fprintf(&list, "    %s\n", line)
		}
		if m.path != goItself {
			fmt.Fprintf(&list, "    Source: https://pkg.go.dev/%s\n", m.path)
		}
		for _, text := range l.texts {
			if users[text] == nil {
				order = append(order, text)
			}
			users[text] = append(users[text], m.path)
		}
	}
	for _, text := range order {
		fmt.Fprintf(&texts, "\n%s\n%s:\n\n%s\n", strings.Repeat("-", 80), strings.Join(users[text], "\n"), text)
	}
	return preface + list.String() + texts.String(), nil
}
