package table

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

const (
	maxDepth    = 100  // of objects and arrays in one line
	maxDigits   = 400  // of a number as it is written
	maxExponent = 1100 // of a number, to base 2: about 1e±331
)

var errNoObject = errors.New("the line is not a JSON object: write {\"name\": \"value\", …}")

// decodeObject is the one JSON object of a line that is not blank and has no
// outer space. Unlike encoding/json it refuses a name that is twice in an
// object, of which one would silently win, and numbers that take minutes to
// print. Its errors quote no values.
//
// encoding/json says whether the line is JSON at all; making the values of what is
// known to be JSON is then a short walk. json.Decoder's tokens took four times as
// long: it makes the text of an error for each.
func decodeObject(line []byte) (cty.Value, error) {
	if line[0] != '{' {
		return cty.NilVal, errNoObject
	}
	if !json.Valid(line) {
		return cty.NilVal, notJSON(line)
	}
	w := walk{text: line}
	return w.object(1)
}

// walk makes values of JSON that is known to be valid.
type walk struct {
	text []byte
	at   int
}

// next is the first byte of what comes next: a value, a name or a closing
// bracket.
func (w *walk) next() byte {
	for {
		switch b := w.text[w.at]; b {
		case ' ', '\t', '\r', '\n', ',', ':':
			w.at++
		default:
			return b
		}
	}
}

func (w *walk) value(depth int) (cty.Value, error) {
	switch first := w.next(); first {
	case '"':
		s, err := w.string()
		return cty.StringVal(Clean(s)), err
	case '{', '[':
		if depth >= maxDepth {
			return cty.NilVal, fmt.Errorf("objects and arrays are nested more than %d levels deep", maxDepth)
		}
		if first == '{' {
			return w.object(depth + 1)
		}
		return w.array(depth + 1)
	case 't':
		w.at += len("true")
		return cty.True, nil
	case 'f':
		w.at += len("false")
		return cty.False, nil
	case 'n':
		w.at += len("null")
		return cty.NullVal(cty.DynamicPseudoType), nil
	}
	return w.number()
}

func (w *walk) object(depth int) (cty.Value, error) {
	w.at++
	members := map[string]cty.Value{}
	for w.next() != '}' {
		name, err := w.string()
		if err != nil {
			return cty.NilVal, err
		}
		name = cty.NormalizeString(Clean(name))
		if _, twice := members[name]; twice {
			return cty.NilVal, fmt.Errorf("the object has %s twice", strconv.Quote(safetext.Line(name)))
		}
		if members[name], err = w.value(depth); err != nil {
			return cty.NilVal, err
		}
	}
	w.at++
	return cty.ObjectVal(members), nil
}

func (w *walk) array(depth int) (cty.Value, error) {
	w.at++
	var elements []cty.Value
	for w.next() != ']' {
		v, err := w.value(depth)
		if err != nil {
			return cty.NilVal, err
		}
		elements = append(elements, v)
	}
	w.at++
	return cty.TupleVal(elements), nil
}

func (w *walk) string() (string, error) {
	begin, escaped := w.at, false
	for w.at++; w.text[w.at] != '"'; w.at++ {
		if w.text[w.at] == '\\' {
			w.at++
			escaped = true
		}
	}
	w.at++
	if !escaped {
		return string(w.text[begin+1 : w.at-1]), nil
	}
	var s string
	err := json.Unmarshal(w.text[begin:w.at], &s)
	return s, err
}

func (w *walk) number() (cty.Value, error) {
	rest := w.text[w.at:]
	if end := bytes.IndexAny(rest, ",]} \t\r\n"); end >= 0 {
		rest = rest[:end]
	}
	w.at += len(rest)
	if len(rest) <= maxDigits {
		v, err := cty.ParseNumberVal(string(rest))
		if err == nil {
			if exponent := v.AsBigFloat().MantExp(nil); exponent <= maxExponent && exponent >= -maxExponent {
				return v, nil
			}
		}
	}
	return cty.NilVal, errors.New("a number is out of range: write it as a string")
}

// notJSON gives the place instead of encoding/json's words, which quote.
func notJSON(line []byte) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	var first json.RawMessage
	err := dec.Decode(&first)
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		rest := bytes.TrimSpace(line[dec.InputOffset():])
		return fmt.Errorf("something follows the object at column %d: write one object per line", len(line)-len(rest)+1)
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON near column %d", syntax.Offset)
	}
	return fmt.Errorf("not JSON: the line ends too early, at column %d", len(line)+1)
}
