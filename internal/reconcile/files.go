package reconcile

import (
	"fmt"
	"io/fs"
	"os"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// ReplaceFile puts a file in place as a whole, see disk.Swap. What write returns
// is returned as it is.
func ReplaceFile(path string, mode fs.FileMode, write func(*os.File) error) error {
	var wrote error
	err := disk.Swap(path, mode, func(f *os.File) error {
		wrote = write(f)
		return wrote
	})
	if wrote != nil || err == nil {
		return wrote
	}
	return fmt.Errorf("%s can't be written: %w", path, disk.Cause(err))
}
