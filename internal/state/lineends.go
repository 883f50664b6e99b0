package state

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
)

// lineEndsChanged says that something turned the line ends of a file here into CR
// LF, as git does with core.autocrlf: nothing that gdfctl writes holds a carriage
// return.
const lineEndsChanged = "its line ends were changed to CR LF, as git's autocrlf does"

// putLineEndsBack is the way back, for a file that is whole otherwise.
func putLineEndsBack(path string) string {
	return fmt.Sprintf(`put them back with: sed -i 's/\r$//' %s and keep git from it with the line "%s -text" in .gitattributes`, path, filepath.Base(path))
}

// hasOtherLineEnds looks for CR LF where a file begins.
func hasOtherLineEnds(files FS, path string) bool {
	r, size, err := files.Open(path)
	if err != nil {
		return false
	}
	defer r.Close() //nolint:errcheck // only read
	begin, _ := io.ReadAll(io.LimitReader(r, min(size, 1<<16)))
	return bytes.Contains(begin, []byte("\r\n"))
}
