package disk

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
)

// Stage writes a file beside path, whole and synced, under the name that it
// returns. publish then puts it in place.
func Stage(files FS, path string, write func(io.Writer) error) (string, error) {
	name := path + ".tmp"
	if err := RemoveIfThere(files, name); err != nil {
		return "", err
	}
	f, err := files.Create(name)
	if err != nil {
		return "", err
	}
	buffered := bufio.NewWriterSize(f, 1<<16)
	err = write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		// What is left of it is in nobody's way; the first error matters.
		_ = files.Remove(name)
		return "", err
	}
	return name, nil
}

// Publish puts a staged file instead of path, durably.
func Publish(files FS, staged, path string) error {
	if err := files.Rename(staged, path); err != nil {
		_ = files.Remove(staged)
		return err
	}
	return files.SyncDir(filepath.Dir(path))
}

// Replace puts data instead of path, durably.
func Replace(files FS, path string, data []byte) error {
	staged, err := Stage(files, path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		return err
	}
	return Publish(files, staged, path)
}

// KeepBackup makes backup the present version of path, without a moment in
// which either is missing. A path that does not exist has no backup.
func KeepBackup(files FS, path, backup string) error {
	name := backup + ".tmp"
	if err := RemoveIfThere(files, name); err != nil {
		return err
	}
	if err := files.Link(path, name); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		// Some file systems have no hard links.
		if name, err = Stage(files, backup, func(w io.Writer) error { return copyTo(w, files, path) }); err != nil {
			return err
		}
	}
	if err := files.Rename(name, backup); err != nil {
		return err
	}
	// Renaming one name of a file to another name of it does nothing.
	return RemoveIfThere(files, name)
}

func copyTo(w io.Writer, files FS, path string) error {
	r, _, err := files.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, r.Close())
}

// ReadAll returns the content of a file that was opened like that, and whether it
// is there at all.
func ReadAll(r Reader, size int64, err error) ([]byte, bool, error) {
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	data := make([]byte, size)
	n, err := io.ReadFull(r, data)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // it shrank meanwhile; what it holds is checked by its reader
	}
	return data[:n], true, errors.Join(err, r.Close())
}

// Exists reports whether a file is there and can be opened.
func Exists(files FS, path string) bool {
	r, _, err := files.Open(path)
	if err != nil {
		return false
	}
	_ = r.Close()
	return true
}

// RemoveIfThere removes a file; one that is missing is not an error.
func RemoveIfThere(files FS, name string) error {
	if err := files.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
