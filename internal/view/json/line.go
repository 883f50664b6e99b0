package json

import (
	stdjson "encoding/json"
	"io"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Line prints one object on a line of its own.
func Line(w io.Writer, v any) error {
	e := stdjson.NewEncoder(text{w})
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// text is a writer of JSON that nothing which reads along acts on. Whole
// values are written to it.
type text struct{ w io.Writer }

func (j text) Write(p []byte) (int, error) {
	if _, err := j.w.Write(safetext.JSON(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}
