package disk

import (
	"errors"
	"io/fs"
	"os"
)

// Cause is what lies below an error of a file, for messages that name the file
// themselves.
func Cause(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}
