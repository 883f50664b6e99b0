package disk

import (
	"fmt"
	"os"
)

// AppendLines adds lines to a file that other programs add to as well, below what
// is there. A file that would have more than most bytes stays as it is.
func AppendLines(path string, lines []byte, most int64) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return Cause(err)
	}
	defer func() { _ = f.Close() }() // what was written is written
	there, err := f.Stat()
	if err != nil {
		return Cause(err)
	}
	if there.Size() > 0 {
		lines = append([]byte{'\n'}, lines...) // somebody may have left a line open
	}
	if there.Size()+int64(len(lines)) > most {
		return fmt.Errorf("it has room for %d bytes", most)
	}
	_, err = f.Write(lines)
	return Cause(err)
}
