package state

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
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
// lines are decoded by all processors at once, a few hundred at a time. A state
// of 100,000 orders is never in memory as text, which is as large as the orders.
const ordersStart = ",\n  \"orders\": {"

// encodeOrders makes one line of each order. The entries are sorted.
func encodeOrders(w io.Writer, entries []*Entry) error {
	var text bytes.Buffer
	lines := json.NewEncoder(&text)
	lines.SetEscapeHTML(false)
	text.WriteString(ordersStart)
	var at Key
	for i, e := range entries {
		sameEndpoint := i > 0 && e.Endpoint == at.Endpoint
		sameAccount := sameEndpoint && e.Account == at.Account
		switch {
		case sameAccount:
			text.WriteString(",")
		case sameEndpoint:
			text.WriteString("\n      },")
		case i > 0:
			text.WriteString("\n      }\n    },")
		}
		if !sameEndpoint {
			fmt.Fprintf(&text, "\n    %s: {", quote(e.Endpoint))
		}
		if !sameAccount {
			fmt.Fprintf(&text, "\n      %s: {", quote(e.Account))
		}
		at = e.Key
		fmt.Fprintf(&text, "\n        %s: ", quote(e.ID))
		stored := storeEntry(e)
		if err := lines.Encode(&stored); err != nil {
			return err
		}
		text.Truncate(text.Len() - 1) // Encode ends the line, and perhaps a comma is to come
		if text.Len() >= pieceSize {
			if _, err := text.WriteTo(w); err != nil {
				return err
			}
		}
	}
	if len(entries) > 0 {
		text.WriteString("\n      }\n    }\n  ")
	}
	text.WriteString("},\n")
	_, err := text.WriteTo(w)
	return err
}

func quote(s string) []byte {
	quoted, _ := json.Marshal(s) // a string always encodes
	return quoted
}

// pieceSize is how much text of orders is dealt with at a time.
const pieceSize = 1 << 18

// piece is some orders, not decoded yet and then decoded.
type piece struct {
	lines   []orderLine
	text    []byte
	entries []*Entry
	err     error
}

func newPiece() *piece {
	const longLine, shortLine = 4 << 10, 256
	return &piece{text: make([]byte, 0, pieceSize+longLine), lines: make([]orderLine, 0, pieceSize/shortLine)}
}

// orderLine is one order of a piece; its text ends at end.
type orderLine struct {
	key Key
	end int
}

// decodeOrders reads what encodeOrders wrote, from behind ordersStart.
func decodeOrders(lines *bufio.Reader) ([]*Entry, error) {
	work := make(chan *piece)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			shared := texts{}
			for p := range work {
				p.decode(shared)
			}
		})
	}
	var pieces []*piece
	err := splitOrders(lines, func(p *piece) {
		pieces = append(pieces, p)
		work <- p
	})
	close(work)
	workers.Wait()
	var entries []*Entry
	for _, p := range pieces {
		err = errors.Join(err, p.err)
		entries = append(entries, p.entries...)
	}
	return entries, err
}

func (p *piece) decode(shared texts) {
	p.entries = make([]*Entry, 0, len(p.lines))
	begin := 0
	for _, line := range p.lines {
		var stored storedEntry
		if p.err = json.Unmarshal(p.text[begin:line.end], &stored); p.err != nil {
			p.err = fmt.Errorf("order %s: %w", line.key.ID, p.err)
			return
		}
		begin = line.end
		e := stored.entry(line.key)
		shared.share(e)
		p.entries = append(p.entries, e)
	}
	p.lines, p.text = nil, nil
}

// splitOrders cuts the orders into pieces.
func splitOrders(lines *bufio.Reader, take func(*piece)) error {
	var at Key
	p := newPiece()
	for {
		line, err := disk.ReadLine(lines)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		end := err != nil
		named := bytes.TrimLeft(line, " ")
		depth := len(line) - len(named)
		if depth >= 4 && len(named) > 0 && named[0] == '"' { // else a brace that closes
			name, rest, err := cutName(named)
			if err != nil {
				return err
			}
			switch depth {
			case 4:
				at.Endpoint = name
			case 6:
				at.Account = name
			case 8:
				at.ID = name
				p.text = append(p.text, bytes.TrimSuffix(bytes.TrimSuffix(rest, []byte("\n")), []byte(","))...)
				p.lines = append(p.lines, orderLine{at, len(p.text)})
			default:
				return fmt.Errorf("a line is indented by %d", depth)
			}
		}
		if end {
			if len(p.lines) > 0 {
				take(p)
			}
			return nil
		}
		if len(p.text) >= pieceSize {
			take(p)
			p = newPiece()
		}
	}
}

// texts holds texts that many orders have in common, each once: a third of what
// a state takes in memory.
type texts map[string]string

func (t texts) of(text string) string {
	if held, ok := t[text]; ok {
		return held
	}
	t[text] = text
	return text
}

func (t texts) share(e *Entry) {
	e.Ref.Source = t.of(e.Ref.Source)
	if a := e.Applied; a != nil {
		a.Action, a.RunID, a.ErrorBefore = order.Action(t.of(string(a.Action))), t.of(a.RunID), t.of(a.ErrorBefore)
		for _, v := range []*order.Values{&a.Before, &a.Values} {
			v.Status, v.Carrier = order.Status(t.of(string(v.Status))), t.of(v.Carrier)
		}
		a.Before.OrderNumber = sameText(a.Before.OrderNumber, a.Values.OrderNumber)
	}
	if o := e.Observed; o != nil {
		o.SourceStatus, o.Word, o.Error = order.Status(t.of(string(o.SourceStatus))), t.of(o.Word), t.of(o.Error)
		o.Values.Status, o.Values.Carrier = order.Status(t.of(string(o.Values.Status))), t.of(o.Values.Carrier)
		if a := e.Applied; a != nil { // they mostly agree
			o.Values.OrderNumber = sameText(o.Values.OrderNumber, a.Values.OrderNumber)
			o.Values.Tracking = sameText(o.Values.Tracking, a.Values.Tracking)
		}
	}
}

// sameText is text, held where other is if they are the same.
func sameText(text, other string) string {
	if text == other {
		return other
	}
	return text
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
