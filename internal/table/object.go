package table

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

const (
	maxDepth    = 100  // of objects and arrays in one line
	maxDigits   = 400  // of a number as it is written
	maxExponent = 1100 // of a number, to base 2: about 1e±331
)

// decodeObject is the one JSON object of a line. Unlike encoding/json it refuses
// a name that stands twice in an object, of which one would silently win, and
// numbers that take minutes to print. Its errors quote no values.
func decodeObject(line []byte) (cty.Value, error) {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	token, err := dec.Token()
	if err != nil {
		return cty.NilVal, notJSON(dec, err)
	}
	if token != json.Delim('{') {
		return cty.NilVal, errors.New("the line is not a JSON object: write {\"name\": \"value\", …}")
	}
	v, err := decodeMembers(dec, 1)
	if err != nil {
		return cty.NilVal, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return cty.NilVal, fmt.Errorf("something follows the object at column %d: write one object a line", dec.InputOffset())
	}
	return v, nil
}

func decodeMembers(dec *json.Decoder, depth int) (cty.Value, error) {
	members := map[string]cty.Value{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return cty.NilVal, notJSON(dec, err)
		}
		name, ok := token.(string)
		if !ok {
			return cty.NilVal, notJSON(dec, nil)
		}
		name = cty.NormalizeString(name)
		if _, twice := members[name]; twice {
			return cty.NilVal, fmt.Errorf("the object names %s twice", strconv.Quote(safetext.Line(name)))
		}
		if members[name], err = decodeValue(dec, depth); err != nil {
			return cty.NilVal, err
		}
	}
	if _, err := dec.Token(); err != nil {
		return cty.NilVal, notJSON(dec, err)
	}
	return cty.ObjectVal(members), nil
}

func decodeElements(dec *json.Decoder, depth int) (cty.Value, error) {
	var elements []cty.Value
	for dec.More() {
		v, err := decodeValue(dec, depth)
		if err != nil {
			return cty.NilVal, err
		}
		elements = append(elements, v)
	}
	if _, err := dec.Token(); err != nil {
		return cty.NilVal, notJSON(dec, err)
	}
	return cty.TupleVal(elements), nil
}

func decodeValue(dec *json.Decoder, depth int) (cty.Value, error) {
	token, err := dec.Token()
	if err != nil {
		return cty.NilVal, notJSON(dec, err)
	}
	switch t := token.(type) {
	case string:
		return cty.StringVal(t), nil
	case bool:
		return cty.BoolVal(t), nil
	case json.Number:
		return decodeNumber(t)
	case json.Delim:
		if depth >= maxDepth {
			return cty.NilVal, fmt.Errorf("objects and arrays are nested more than %d deep", maxDepth)
		}
		if t == '{' {
			return decodeMembers(dec, depth+1)
		}
		return decodeElements(dec, depth+1)
	}
	return cty.NullVal(cty.DynamicPseudoType), nil
}

func decodeNumber(n json.Number) (cty.Value, error) {
	if len(n) <= maxDigits {
		v, err := cty.ParseNumberVal(n.String())
		if err == nil {
			if exponent := v.AsBigFloat().MantExp(nil); exponent <= maxExponent && exponent >= -maxExponent {
				return v, nil
			}
		}
	}
	return cty.NilVal, errors.New("a number is beyond what gdfctl calculates with: write it as a string")
}

// notJSON gives the place instead of encoding/json's words, which quote.
func notJSON(dec *json.Decoder, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("not JSON near column %d", max(syntax.Offset, 1))
	}
	return fmt.Errorf("not JSON: it breaks off or goes wrong near column %d", dec.InputOffset()+1)
}
