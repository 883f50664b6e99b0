package disk

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
)

// LineEndsChanged says that something turned the line ends of a file here into CR
// LF, as git does with core.autocrlf: nothing that gdfctl writes holds a carriage
// return.
const LineEndsChanged = "its line ends were changed to CR LF, as git's autocrlf does"

// PutLineEndsBack is the way back, for a file that is whole otherwise.
func PutLineEndsBack(path string) string {
	return fmt.Sprintf(`put them back with: sed -i 's/\r$//' %s and keep git from it with the line "%s -text" in .gitattributes`, path, filepath.Base(path))
}

// HasOtherLineEnds looks for CR LF where a file begins.
func HasOtherLineEnds(r io.Reader) bool {
	begin, _ := io.ReadAll(io.LimitReader(r, 1<<16))
	return bytes.Contains(begin, []byte("\r\n"))
}
