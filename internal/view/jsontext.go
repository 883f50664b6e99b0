package view

import (
	"encoding/json"
	"io"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// JSONLine prints one object on a line of its own.
func JSONLine(w io.Writer, v any) error {
	e := json.NewEncoder(jsonText{w})
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// jsonText is a writer of JSON that nothing which reads along acts on. Whole
// values are written to it.
type jsonText struct{ w io.Writer }

func (j jsonText) Write(p []byte) (int, error) {
	if _, err := j.w.Write(safetext.JSON(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}
