package gitsource

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// exportsOf is where the commits of a workspace are.
func (s *Store) exportsOf(name string) string { return filepath.Join(s.dir, "commits", name) }

// Exported is the folder of a commit of a workspace, if it was exported. What is not a commit
// has none: whoever says which one is in force must not choose another folder.
func (s *Store) Exported(name, commit string) (dir string, is bool) {
	if !checkout.IsCommit(commit) {
		return "", false
	}
	dir = filepath.Join(s.exportsOf(name), commit)
	info, err := os.Lstat(dir)
	return dir, err == nil && info.IsDir()
}

// Export writes the files that a commit has below a folder, for a workspace. They can't be
// changed by mistake, and they are whole: the folder gets its name last.
func (r *Repository) Export(ctx context.Context, commit, folder, name string) (dir string, err error) {
	if !checkout.IsCommit(commit) {
		return "", errNoCommit
	}
	dir, is := r.home.Exported(name, commit)
	if is {
		return dir, nil
	}
	files, err := r.files(ctx, commit, folder)
	if err != nil {
		return "", err
	}
	if err := r.home.roomFor(name, files); err != nil {
		return "", err
	}
	if err := r.Keep(ctx, commit); err != nil {
		return "", err
	}
	if err := disk.MakeFolder(filepath.Dir(dir)); err != nil {
		return "", err
	}
	staged, err := os.MkdirTemp(filepath.Dir(dir), stagedPrefix)
	if err != nil {
		return "", err
	}
	err = r.write(ctx, staged, files)
	if err == nil {
		err = seal(staged)
	}
	if err == nil {
		err = os.Rename(staged, dir)
		if _, there := r.home.Exported(name, commit); err != nil && there {
			err = removeSealed(staged) // another process was first, and wrote the same
		}
	}
	if err != nil {
		return "", errors.Join(err, removeSealed(staged))
	}
	return dir, errors.Join(os.Chmod(dir, 0o500), disk.OS{}.SyncDir(filepath.Dir(dir)))
}

// stagedPrefix is how folders are called that are not whole yet.
const stagedPrefix = ".new-"

// write writes files below a folder, through one process of git.
func (r *Repository) write(ctx context.Context, dir string, files []file) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	bounded, cancel := context.WithTimeout(ctx, networkLimit)
	defer cancel()
	var asked strings.Builder
	for _, f := range files {
		asked.WriteString(f.object + "\n")
	}
	cmd := r.command(bounded, nil, "cat-file", "--batch")
	cmd.Stdin = strings.NewReader(asked.String())
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return r.failed(ctx, bounded, "cat-file", err, "")
	}
	reader := bufio.NewReader(out)
	for _, f := range files {
		if err = writeOne(root, f, reader); err != nil {
			break
		}
	}
	if err != nil {
		cancel()
	}
	if ended := cmd.Wait(); err == nil && ended != nil {
		err = r.failed(ctx, bounded, "cat-file", ended, said.String())
	}
	return err
}

// writeOne writes the file that git hands out next.
func writeOne(root *os.Root, f file, from *bufio.Reader) error {
	header, err := from.ReadString('\n')
	if err != nil || header != fmt.Sprintf("%s blob %d\n", f.object, f.size) {
		return fmt.Errorf("git does not hand out %s", safetext.Line(f.path))
	}
	if folder := path.Dir(f.path); folder != "." {
		if err := root.MkdirAll(filepath.FromSlash(folder), 0o700); err != nil {
			return err
		}
	}
	to, err := root.OpenFile(filepath.FromSlash(f.path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
	if errors.Is(err, fs.ErrExist) {
		return refused("Rename one of the two.", "%s has a name that this machine's disk takes for that of another file", safetext.Line(f.path))
	}
	if err != nil {
		return disk.Cause(err)
	}
	pointer := &head{most: len(lfsPointer)}
	_, err = io.CopyN(io.MultiWriter(to, pointer), from, f.size)
	if err == nil {
		err = to.Sync() // after a power cut, an empty table would say something
	}
	err = errors.Join(err, to.Close())
	if err == nil && pointer.text.String() == lfsPointer {
		return refused("Commit the file itself.", "%s is kept in LFS", safetext.Line(f.path))
	}
	if err == nil {
		_, err = from.Discard(1) // the end of its line
	}
	return err
}

// lfsPointer begins what git has instead of a file that is kept in LFS.
const lfsPointer = "version https://git-lfs.github.com/spec/"

// head keeps the beginning of what is written to it.
type head struct {
	text bytes.Buffer
	most int
}

// Write implements io.Writer.
func (h *head) Write(p []byte) (int, error) {
	h.text.Write(p[:min(len(p), h.most-h.text.Len())])
	return len(p), nil
}

// seal makes folders ones in which nothing can be changed by mistake.
func seal(dir string) error {
	var folders []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			folders = append(folders, path)
		}
		return err
	})
	for _, folder := range folders {
		err = errors.Join(err, disk.OS{}.SyncDir(folder))
	}
	for i := len(folders) - 1; i > 0; i-- {
		err = errors.Join(err, os.Chmod(folders[i], 0o500))
	}
	return err // the folder itself is renamed first: some systems refuse that for one that is sealed
}

// Latest is the commit of a workspace that was exported last; empty: there is none.
func (s *Store) Latest(name string) (latest string) {
	entries, _ := os.ReadDir(s.exportsOf(name))
	var at time.Time
	for _, e := range entries {
		if info, err := e.Info(); err == nil && e.IsDir() && checkout.IsCommit(e.Name()) && info.ModTime().After(at) {
			latest, at = e.Name(), info.ModTime()
		}
	}
	return latest
}
