package layout

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/table"
)

// Search is where to look for files.
type Search struct {
	Dir       string           // of the configuration
	Recursive bool             // in directories below, too
	Empty     func(dir string) // called for each directory without a file
}

// Files are the files that the targets name, each once: files, and the
// configuration files in directories. Without targets, these are those of the
// configuration directory.
func (s Search) Files(targets []string) ([]File, error) {
	if len(targets) == 0 {
		return s.filesIn(s.Dir, "")
	}
	var files []File
	seen := map[string]bool{}
	for _, target := range targets {
		found := []File{{Name: filepath.ToSlash(target), Path: target}} // what is not there is reported when it is read
		if info, err := os.Stat(target); err == nil && info.IsDir() {
			if found, err = s.filesIn(target, target); err != nil {
				return nil, err
			}
		}
		for _, f := range found {
			if key := filepath.Clean(f.Path); !seen[key] {
				seen[key] = true
				files = append(files, f)
			}
		}
	}
	return files, nil
}

// filesIn are the configuration files in a directory, named with the prefix. A
// link that leads out of the directory is an error.
func (s Search) filesIn(dir, prefix string) ([]File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("the directory %s can't be opened: %w", dir, disk.Cause(err))
	}
	defer root.Close()
	folders := []string{"."}
	if s.Recursive {
		if folders, err = foldersIn(root); err != nil {
			return nil, fmt.Errorf("the directories below %s can't be read: %w", dir, disk.Cause(err))
		}
	}
	var files []File
	for _, folder := range folders {
		names, err := configFilesIn(root, folder)
		if err != nil {
			return nil, fmt.Errorf("the directory %s can't be read: %w", filepath.Join(dir, folder), disk.Cause(err))
		}
		for _, name := range names {
			name = path.Join(folder, name)
			shown := path.Join(filepath.ToSlash(prefix), name)
			if _, err := root.Stat(name); err != nil {
				return nil, fmt.Errorf("%s can't be read: %w", shown, disk.Cause(err))
			}
			if err := table.Reserved(root, name); err != nil {
				return nil, fmt.Errorf("%s can't be read: %w", shown, err)
			}
			files = append(files, File{shown, filepath.Join(dir, name)})
		}
	}
	if len(files) == 0 {
		s.Empty(dir)
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
