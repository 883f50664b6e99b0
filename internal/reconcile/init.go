package reconcile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/starter"
)

// InitReport is what was written. Names have slashes.
type InitReport struct {
	Written []string
	Kept    []string // were there already
	Next    []string // what a person does next, in order; nil: nothing but to look
}

// Init writes a configuration to start from into a directory that has none, or
// that doesn't exist yet. It never overwrites a file. If it fails halfway, the
// report says what was written before, and it can be run again.
func Init(_ context.Context, s Source, d Deps, _ Observer) (*InitReport, error) {
	if err := os.MkdirAll(s.dir(), 0o755); err != nil {
		return nil, fmt.Errorf("the directory %s can't be created: %w", s.dir(), disk.Cause(err))
	}
	root, err := os.OpenRoot(s.dir())
	if err != nil {
		return nil, fmt.Errorf("the directory %s can't be opened: %w", s.dir(), disk.Cause(err))
	}
	defer root.Close()
	there, err := config.ConfigFiles(root)
	if err != nil {
		return nil, fmt.Errorf("the directory %s can't be read: %w", s.dir(), disk.Cause(err))
	}
	if len(there) > 0 {
		return nil, fmt.Errorf("there is already a configuration: %s; nothing was written\nRun init in a directory without .hcl files. `%s` shows what this configuration would change",
			strings.Join(there, ", "), d.command("plan"))
	}
	files, err := starter.Files()
	if err != nil {
		return nil, err
	}
	report := &InitReport{}
	for _, f := range files {
		if err := report.write(root, f, false); err != nil {
			return report, fmt.Errorf("%s can't be written: %w", f.Name, disk.Cause(err))
		}
	}
	return report, nil
}

// writeNew creates a file that must not exist. If it can't be written
// completely, it is removed again.
func writeNew(root *os.Root, f starter.File) error {
	if dir := path.Dir(f.Name); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	file, err := root.OpenFile(f.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(f.Content)
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, root.Remove(f.Name))
	}
	return nil
}
