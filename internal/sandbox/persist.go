package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// loadWorld reads the file. No file, or none wanted, is no world and no error.
func loadWorld(file string) (*world, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	var w world
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, fmt.Errorf("sandbox: %s is not a sandbox's file (%w); remove it to start with a new world", file, err)
	}
	if w.Version != worldVersion {
		return nil, fmt.Errorf("sandbox: %s has format version %d, this program reads %d; remove it to start with a new world", file, w.Version, worldVersion)
	}
	for _, o := range w.Orders {
		if o == nil || o.ID == "" {
			return nil, fmt.Errorf("sandbox: %s holds an order without an id; remove it to start with a new world", file)
		}
	}
	return &w, nil
}

// persist writes the world if it changed since it was last written. After a
// failure the next call tries again.
func (s *Sandbox) persist() error {
	if !s.dirty {
		return nil
	}
	if s.opts.File != "" {
		data, err := json.MarshalIndent(s.world, "", " ")
		if err != nil {
			return fmt.Errorf("sandbox: %w", err)
		}
		if err := replaceFile(s.opts.File, append(data, '\n')); err != nil {
			return fmt.Errorf("sandbox: the world could not be kept: %w", err)
		}
	}
	s.dirty = false
	return nil
}

// replaceFile puts data in the place of a file: a reader, or a process that is
// killed, leaves a whole old or a whole new one. It does not sync: a world that
// a power failure takes can be made again.
func replaceFile(file string, data []byte) (err error) {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, "."+filepath.Base(file)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name()) // what failed before is what matters
		}
	}()
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), file)
}
