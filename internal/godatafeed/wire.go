package godatafeed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// The wire types read what servers are known to send where the reference shows
// something else: numbers as strings and the reverse, null for absent, times
// without a zone. They never guess a value, and their errors quote none.

// envelope is in every answer.
type envelope struct {
	Success flag
	Message text
}

func (e *envelope) head() *envelope { return e }

// decodeJSON decodes one JSON value. Names match without case, unknown fields
// are ignored, a byte order mark is dropped. The error quotes nothing.
func decodeJSON(body []byte, into any) error {
	err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), into)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("no valid JSON from byte %d on", syntax.Offset)
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s, byte %d, is of another type", cmp.Or(wrong.Field, "the value"), wrong.Offset)
	}
	return err
}

// marshal is json.Marshal without the escaping of <, > and & that only pages
// need.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// flag is a bool that may be absent, or a string.
type flag struct{ said, yes bool }

func (f *flag) UnmarshalJSON(b []byte) error {
	switch strings.ToLower(strings.Trim(string(b), `"`)) {
	case "true":
		*f = flag{said: true, yes: true}
	case "false":
		*f = flag{said: true}
	default:
		*f = flag{}
	}
	return nil
}

// text is a string, or a number where a server took digits for one; null is
// empty.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return errors.New("a text is not valid")
		}
		*t = text(s)
	case '{', '[':
		return errors.New("an object or list stands where a text belongs")
	case 'n':
		*t = ""
	default:
		*t = text(b)
	}
	return nil
}

// trimmed is t without outer white space, which no name or number of an order
// has a use for.
func (t text) trimmed() string { return strings.TrimSpace(string(t)) }

// moment is a time in UTC. One without a zone is taken as UTC; null and what
// can't be read are the zero time.
type moment struct{ time.Time }

var momentLayouts = []string{
	time.RFC3339, // takes any number of fractional digits, as do the others
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05",
	"2006-01-02T15:04",
	time.DateOnly,
}

func (m *moment) UnmarshalJSON(b []byte) error {
	m.Time = time.Time{}
	var s string
	if json.Unmarshal(b, &s) != nil {
		return nil
	}
	s = strings.TrimSpace(s)
	for _, layout := range momentLayouts {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		// A zone can push a year out of what can be written again.
		if t = t.UTC(); t.Year() >= 1 && t.Year() <= 9999 {
			m.Time = t
		}
		return nil
	}
	return nil
}

// wireTime writes a time in UTC and whole seconds; the zero time is empty.
func wireTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// money is a decimal amount, a JSON number or a numeric string; null and an
// empty string are zero.
type money struct{ decimal.Decimal }

// Bounds of amounts: a decimal of a few bytes, like 1e999999999, would
// otherwise be gigabytes of digits.
const (
	maxMoneyLen = 40
	maxExponent = 20
)

var errNumber = errors.New("a number is not valid or out of range")

func (m *money) UnmarshalJSON(b []byte) error {
	m.Decimal = decimal.Zero
	s := strings.TrimSpace(strings.Trim(string(b), `"`))
	if s == "null" || s == "" {
		return nil
	}
	if len(s) > maxMoneyLen {
		return errNumber
	}
	d, err := decimal.NewFromString(s)
	if err != nil || d.Exponent() > maxExponent || d.Exponent() < -maxExponent {
		return errNumber
	}
	m.Decimal = d
	return nil
}

// whole is a count: a JSON number or a numeric string without a fraction; said
// is false for null.
type whole struct {
	n    int
	said bool
}

func (w *whole) UnmarshalJSON(b []byte) error {
	*w = whole{}
	s := strings.TrimSpace(strings.Trim(string(b), `"`))
	if s == "null" || s == "" {
		return nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || f < 0 || f > 1<<50 {
		return errNumber
	}
	*w = whole{n: int(f), said: true}
	return nil
}
