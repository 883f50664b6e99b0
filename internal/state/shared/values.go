package shared

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// valueError says that a value is not there or is not what its hash says.
type valueError struct {
	place, hash string
	err         error
}

func (e *valueError) Error() string {
	return fmt.Sprintf("the value %.12s of %s is damaged: %v", e.hash, e.place, e.err)
}

func (e *valueError) Unwrap() error { return e.err }

// values are the values of a place, with those that this machine has read.
type values struct {
	place sharedlog.Place
	dir   folder
}

// get returns a value whose bytes have its hash.
func (v *values) get(ctx context.Context, want sharedlog.Value) ([]byte, error) {
	path := v.dir.value(want.Hash)
	if data, err := os.ReadFile(path); err == nil && sharedlog.HashOf(data) == want.Hash {
		return data, nil
	}
	data, err := v.place.Get(ctx, want.Hash)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &valueError{v.place.String(), want.Hash, err}
		}
		return nil, err
	}
	if sharedlog.HashOf(data) != want.Hash || int64(len(data)) != want.Size {
		return nil, &valueError{v.place.String(), want.Hash, fmt.Errorf("it has other bytes")}
	}
	v.keep(want.Hash, data)
	return data, nil
}

// put keeps a value in the place, whether it is there or not.
func (v *values) put(ctx context.Context, data []byte) (sharedlog.Value, error) {
	named := sharedlog.Value{Hash: sharedlog.HashOf(data), Size: int64(len(data))}
	if err := v.place.Put(ctx, named.Hash, data); err != nil {
		return named, err
	}
	v.keep(named.Hash, data)
	return named, nil
}

// keep keeps a value on this machine. One that can't be kept is read again.
func (v *values) keep(hash string, data []byte) {
	path := v.dir.value(hash)
	staged := fmt.Sprintf("%s.%d", path, os.Getpid())
	_ = os.Remove(staged)
	err := writeFile(staged, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err == nil {
		err = disk.OS{}.Rename(staged, path)
	}
	if err != nil {
		_ = os.Remove(staged)
	}
}

// forget removes the values of this machine that nothing names any more.
func (v *values) forget(named map[string]bool) {
	entries, err := os.ReadDir(v.dir.value(""))
	if err != nil {
		return
	}
	for _, e := range entries {
		if !named[e.Name()] {
			_ = os.Remove(v.dir.value(e.Name()))
		}
	}
}

// copyTo writes values one after the other.
func (v *values) copyTo(ctx context.Context, w io.Writer, list []sharedlog.Value) error {
	for _, want := range list {
		data, err := v.get(ctx, want)
		if err != nil {
			return err
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
	return nil
}
