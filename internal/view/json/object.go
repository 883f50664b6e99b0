package json

import (
	"bufio"
	"bytes"
	stdjson "encoding/json"
	"io"
	"reflect"
	"strings"
)

// Object prints one indented object. Its lists are encoded element by element, so
// that a plan of 100,000 changes costs no more memory than one of ten, and its
// beginning can be read at once. Every member has a name in a tag.
func Object(w io.Writer, v any) error {
	out := newObject(w)
	for field, value := range reflect.Indirect(reflect.ValueOf(v)).Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case strings.HasPrefix(options, "omit") && value.IsZero():
		case value.Kind() == reflect.Slice && !value.IsNil():
			out.list(name, value)
		default:
			out.member(name, value.Interface())
		}
	}
	return out.end()
}

// object prints the members of one object, as encoding/json would with an
// indent of two spaces.
type object struct {
	w       *bufio.Writer
	text    text
	encoder *stdjson.Encoder
	encoded bytes.Buffer // one value at a time
	members int
	err     error
}

func newObject(w io.Writer) *object {
	buffered := bufio.NewWriterSize(w, 1<<15)
	o := &object{w: buffered, text: text{buffered}}
	o.encoder = stdjson.NewEncoder(&o.encoded)
	o.encoder.SetEscapeHTML(false)
	return o
}

func (o *object) member(name string, value any) {
	o.name(name)
	o.value(value, "  ")
}

func (o *object) list(name string, list reflect.Value) {
	o.name(name)
	o.raw("[")
	for i := range list.Len() {
		if i > 0 {
			o.raw(",")
		}
		o.raw("\n    ")
		o.value(list.Index(i).Addr().Interface(), "    ")
	}
	if list.Len() > 0 {
		o.raw("\n  ")
	}
	o.raw("]")
}

func (o *object) name(name string) {
	if o.members++; o.members == 1 {
		o.raw("{\n  ")
	} else {
		o.raw(",\n  ")
	}
	o.value(name, "")
	o.raw(": ")
}

func (o *object) value(v any, prefix string) {
	if o.err != nil {
		return
	}
	o.encoded.Reset()
	o.encoder.SetIndent(prefix, "  ")
	if o.err = o.encoder.Encode(v); o.err == nil {
		// Whole values are escaped, since a character must not be cut in two.
		_, o.err = o.text.Write(bytes.TrimSuffix(o.encoded.Bytes(), []byte("\n")))
	}
}

func (o *object) raw(text string) {
	if o.err == nil {
		_, o.err = o.w.WriteString(text)
	}
}

func (o *object) end() error {
	o.raw("\n}\n")
	if o.err != nil {
		return o.err
	}
	return o.w.Flush()
}
