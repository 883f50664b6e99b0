package memory

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// file is the path of a file in which all of it is kept.
type file string

// File is the memory in a file of this machine.
func File(path string) Memory { return Memory{file(path)} }

func (f file) String() string { return string(f) }

// lockTimeout bounds the wait for another process that changes the file:
// it only reads and writes it.
const lockTimeout = 10 * time.Second

// read returns the file's members; nil if there is no file.
func (f file) read() (members, error) {
	data, there, err := disk.ReadAll(disk.OS{}.Open(string(f)))
	if err != nil || !there {
		return nil, err
	}
	var m members
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, err
	}
	return m, nil
}

// update hands the file's members to change and replaces the file as a whole. A
// check and an apply may do so at the same moment: a lock lets one after the
// other, so that nobody's members are lost. A file that is missing or damaged is
// as good as an empty one; nothing in it is a fact of orders.
func (f file) update(change func(members) error) error {
	l, err := f.lock()
	if err != nil {
		return err
	}
	defer l.Release() //nolint:errcheck // the kernel frees the lock of a process that ends
	before, _, err := disk.ReadAll(disk.OS{}.Open(string(f)))
	if err != nil {
		return err
	}
	m := members{}
	if json.Unmarshal(before, &m) != nil || m == nil {
		m = members{}
	}
	if err := change(m); err != nil {
		return err
	}
	after, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if after = append(after, '\n'); bytes.Equal(before, after) {
		return nil
	}
	return disk.Replace(disk.OS{}, string(f), after)
}

func (f file) lock() (*disk.Lock, error) {
	l, err := disk.WaitLock(context.Background(), string(f)+".lock", lockTimeout, 20*time.Millisecond)
	if l == nil && err == nil {
		err = fmt.Errorf("another process has held %s.lock for %s", f, lockTimeout)
	}
	return l, err
}
