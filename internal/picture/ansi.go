package picture

import (
	"fmt"
	"strings"
)

// style is how a piece of text looks. The zero style is plain.
type style struct {
	color       string // a name in a scheme's colors; empty: the foreground
	bold, faint bool
}

// span is a piece of a line in one style.
type span struct {
	text string
	style
}

var colorNames = map[string]string{"31": "red", "32": "green", "33": "yellow", "34": "blue", "35": "magenta", "36": "cyan"}

// spans splits a line at its escape sequences. Styles end with the line.
func spans(line string) ([]span, error) {
	var all []span
	var now style
	for line != "" {
		text, rest, found := strings.Cut(line, "\x1b")
		if text != "" {
			all = append(all, span{text, now})
		}
		if line = rest; !found {
			break
		}
		codes, rest, found := strings.Cut(strings.TrimPrefix(line, "["), "m")
		if !found || !strings.HasPrefix(line, "[") {
			return nil, fmt.Errorf("an escape sequence that sets no color: %q", line)
		}
		for code := range strings.SplitSeq(codes, ";") {
			if err := now.set(code); err != nil {
				return nil, err
			}
		}
		line = rest
	}
	return all, nil
}

func (s *style) set(code string) error {
	switch code {
	case "", "0":
		*s = style{}
	case "1":
		s.bold = true
	case "2":
		s.faint = true
	case "22":
		s.bold, s.faint = false, false
	case "39":
		s.color = ""
	default:
		name, ok := colorNames[code]
		if !ok {
			return fmt.Errorf("the display attribute %q is unknown", code)
		}
		s.color = name
	}
	return nil
}
