package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/table"
)

// layoutFile is a file to be formatted: name is what people call it.
type layoutFile struct{ name, path string }

// layoutFiles are the files that the targets name, each once: files, and the
// configuration files in directories. Without targets, these are those of the
// configuration directory.
func (p *program) layoutFiles(targets []string, recursive bool) ([]layoutFile, error) {
	if len(targets) == 0 {
		return p.filesIn(p.chdir, "", recursive)
	}
	var files []layoutFile
	seen := map[string]bool{}
	for _, target := range targets {
		found := []layoutFile{{name: target, path: target}} // what is not there is reported when it is read
		if info, err := os.Stat(target); err == nil && info.IsDir() {
			if found, err = p.filesIn(target, target, recursive); err != nil {
				return nil, err
			}
		}
		for _, f := range found {
			if key := filepath.Clean(f.path); !seen[key] {
				seen[key] = true
				files = append(files, f)
			}
		}
	}
	return files, nil
}

// filesIn are the configuration files in a directory, named with the prefix. A
// link that leads out of the directory is an error.
func (p *program) filesIn(dir, prefix string, recursive bool) ([]layoutFile, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("the directory %s can't be opened: %w", dir, bare(err))
	}
	defer root.Close()
	folders := []string{"."}
	if recursive {
		if folders, err = foldersIn(root); err != nil {
			return nil, fmt.Errorf("the directories below %s can't be read: %w", dir, bare(err))
		}
	}
	var files []layoutFile
	for _, folder := range folders {
		names, err := configFilesIn(root, folder)
		if err != nil {
			return nil, fmt.Errorf("the directory %s can't be read: %w", filepath.Join(dir, folder), bare(err))
		}
		for _, name := range names {
			name = path.Join(folder, name)
			if _, err := root.Stat(name); err != nil {
				return nil, fmt.Errorf("%s can't be read: %w", filepath.Join(prefix, name), bare(err))
			}
			if err := table.Reserved(root, name); err != nil {
				return nil, fmt.Errorf("%s can't be read: %w", filepath.Join(prefix, name), err)
			}
			files = append(files, layoutFile{filepath.Join(prefix, name), filepath.Join(dir, name)})
		}
	}
	if len(files) == 0 {
		fmt.Fprintf(p.stderr, "There is no .hcl file in %s.\n", safetext.Line(dir))
	}
	return files, nil
}

// foldersIn are the root and the directories below it. Hidden ones are left out,
// as hidden files are, and links are not followed.
func foldersIn(root *os.Root) ([]string, error) {
	var folders []string
	err := fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !entry.IsDir():
			return nil
		case name != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		}
		folders = append(folders, name)
		return nil
	})
	return folders, err
}

func configFilesIn(root *os.Root, folder string) ([]string, error) {
	inner, err := root.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer inner.Close()
	return config.ConfigFiles(inner)
}
