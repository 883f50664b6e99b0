package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// replaceFile puts a file in place as a whole: whoever reads it in between, as
// a collector of metrics does, reads the one before. A file that is there keeps
// its permissions; a new one gets these. What write returns is returned as it
// is.
func replaceFile(path string, permissions os.FileMode, write func(*os.File) error) error {
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(permissions), renameio.WithExistingPermissions())
	if err != nil {
		return fmt.Errorf("%s can't be written: %w", path, bare(err))
	}
	defer f.Cleanup()
	if err := write(f.File); err != nil {
		return err
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("%s can't be written: %w", path, bare(err))
	}
	return nil
}
