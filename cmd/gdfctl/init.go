package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/config"
)

func newInit(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Write an example configuration",
		Long: `init writes a commented configuration that runs on the built-in sandbox, a small
table of shipments, a .gitignore and a .gitattributes. It never overwrites a
file, and writes nothing into a directory that has a configuration.`,
		Example: `  gdfctl init
  gdfctl --chdir orders init`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return p.runInit() },
	}
}

func (p *program) runInit() error {
	root, err := os.OpenRoot(p.chdir)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no directory %s: make it first", p.chdir)
	}
	if err != nil {
		return fmt.Errorf("the directory %s can't be opened: %w", p.chdir, bare(err))
	}
	defer root.Close()
	there, err := config.ConfigFiles(root)
	if err != nil {
		return fmt.Errorf("the directory %s can't be read: %w", p.chdir, bare(err))
	}
	if len(there) > 0 {
		return fmt.Errorf("there is a configuration already: %s; nothing was written\ninit begins one in a directory without .hcl files. `%s` shows what this one would change",
			strings.Join(there, ", "), p.command("plan"))
	}
	files, err := starterFiles()
	if err != nil {
		return err
	}
	for _, f := range files {
		switch err := writeNew(root, f); {
		case errors.Is(err, fs.ErrExist):
			fmt.Fprintf(p.stdout, "Left as it is: %s\n", f.name)
		case err != nil:
			return fmt.Errorf("%s can't be written: %w", f.name, bare(err))
		default:
			fmt.Fprintf(p.stdout, "Wrote %s\n", f.name)
		}
	}
	fmt.Fprintf(p.stdout, "\nIt runs on the built-in sandbox: nothing reaches a marketplace. See what it would change:\n  %s\n", p.command("plan"))
	return nil
}

// writeNew makes a file that must not be there. One that can't be written to
// its end is taken away again.
func writeNew(root *os.Root, f starterFile) error {
	if dir := path.Dir(f.name); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	file, err := root.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(f.content)
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, root.Remove(f.name))
	}
	return nil
}
