package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// The orders of the state file stand one a line, under their endpoint and
// account:
//
//	"orders": {
//	  "https://api.godatafeed.com": {
//	    "main": {
//	      "tHbuSCBLMHNXP0VIYiycumodmWyfG6pj": {…},
//	      …
//	    }
//	  }
//	},
//
// The file's checksum covers its line ends, so that they may be relied on: the
// lines are decoded by all processors at once, which is what opening a large
// state costs.
const ordersStart = ",\n  \"orders\": {"

// encodeOrders makes one line of each order. The entries are sorted.
func encodeOrders(entries []*Entry) ([]byte, error) {
	var w bytes.Buffer
	w.Grow(640 * len(entries))
	lines := json.NewEncoder(&w)
	lines.SetEscapeHTML(false)
	w.WriteString(ordersStart)
	var at Key
	for i, e := range entries {
		sameEndpoint := i > 0 && e.Endpoint == at.Endpoint
		sameAccount := sameEndpoint && e.Account == at.Account
		switch {
		case sameAccount:
			w.WriteString(",")
		case sameEndpoint:
			w.WriteString("\n      },")
		case i > 0:
			w.WriteString("\n      }\n    },")
		}
		if !sameEndpoint {
			fmt.Fprintf(&w, "\n    %s: {", quote(e.Endpoint))
		}
		if !sameAccount {
			fmt.Fprintf(&w, "\n      %s: {", quote(e.Account))
		}
		at = e.Key
		fmt.Fprintf(&w, "\n        %s: ", quote(e.ID))
		stored := storeEntry(e)
		if err := lines.Encode(&stored); err != nil {
			return nil, err
		}
		w.Truncate(w.Len() - 1) // Encode ends the line, and perhaps a comma is to come
	}
	if len(entries) > 0 {
		w.WriteString("\n      }\n    }\n  ")
	}
	w.WriteString("},\n")
	return w.Bytes(), nil
}

func quote(s string) []byte {
	quoted, _ := json.Marshal(s) // a string always encodes
	return quoted
}

// orderLine is one order, not decoded yet.
type orderLine struct {
	key  Key
	text []byte
}

// decodeOrders reads what encodeOrders wrote, from behind ordersStart.
func decodeOrders(text []byte) ([]*Entry, error) {
	lines, err := splitOrders(text)
	if err != nil {
		return nil, err
	}
	entries := make([]*Entry, len(lines))
	share := len(lines)/runtime.GOMAXPROCS(0) + 1
	var work sync.WaitGroup
	errs := make([]error, len(lines)/share+1)
	for i := range errs {
		from, to := min(i*share, len(lines)), min((i+1)*share, len(lines))
		work.Go(func() { errs[i] = decodeLines(entries[from:to], lines[from:to]) })
	}
	work.Wait()
	return entries, errors.Join(errs...)
}

func decodeLines(entries []*Entry, lines []orderLine) error {
	for i, line := range lines {
		var stored storedEntry
		if err := json.Unmarshal(line.text, &stored); err != nil {
			return fmt.Errorf("order %s: %w", line.key.ID, err)
		}
		entries[i] = stored.entry(line.key)
	}
	return nil
}

func splitOrders(text []byte) ([]orderLine, error) {
	var lines []orderLine
	var at Key
	for line := range bytes.Lines(text) {
		named := bytes.TrimLeft(line, " ")
		depth := len(line) - len(named)
		if depth < 4 || len(named) == 0 || named[0] != '"' {
			continue // a brace that closes
		}
		name, rest, err := cutName(named)
		if err != nil {
			return nil, err
		}
		switch depth {
		case 4:
			at.Endpoint = name
		case 6:
			at.Account = name
		case 8:
			at.ID = name
			lines = append(lines, orderLine{at, bytes.TrimSuffix(bytes.TrimSuffix(rest, []byte("\n")), []byte(","))})
		default:
			return nil, fmt.Errorf("a line is indented by %d", depth)
		}
	}
	return lines, nil
}

// cutName cuts a member into its name and its value.
func cutName(member []byte) (string, []byte, error) {
	for i := 1; i < len(member); i++ {
		switch member[i] {
		case '\\':
			i++
		case '"':
			var name string
			err := json.Unmarshal(member[:i+1], &name)
			value, ok := bytes.CutPrefix(member[i+1:], []byte(": "))
			if !ok {
				err = errors.Join(err, errors.New("a member has no value"))
			}
			return name, value, err
		}
	}
	return "", nil, errors.New("a name has no end")
}
