package state

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// feedsMembers are the members of gdfctl.feeds.json, each of which belongs to
// one file of this package.
type feedsMembers map[string]json.RawMessage

// feedsLockTimeout bounds the wait for another process that changes the file:
// it only reads and writes it.
const feedsLockTimeout = 10 * time.Second

// updateFeeds hands the file's members to change and replaces the file as a
// whole. A check and an apply may do so at the same moment: a lock lets one
// after the other, so that nobody's members are lost. A file that is missing or
// damaged is as good as an empty one; nothing in it is a fact of orders.
func updateFeeds(files FS, path string, change func(feedsMembers) error) error {
	l, err := lockFeeds(path)
	if err != nil {
		return err
	}
	defer l.release() //nolint:errcheck // the kernel frees the lock of a process that ends
	before, _, err := readAll(files, path)
	if err != nil {
		return err
	}
	members := feedsMembers{}
	if json.Unmarshal(before, &members) != nil || members == nil {
		members = feedsMembers{}
	}
	if err := change(members); err != nil {
		return err
	}
	after, err := json.MarshalIndent(members, "", "  ")
	if err != nil {
		return err
	}
	if after = append(after, '\n'); bytes.Equal(before, after) {
		return nil
	}
	staged, err := stage(files, path, func(w io.Writer) error {
		_, err := w.Write(after)
		return err
	})
	if err != nil {
		return err
	}
	return publish(files, staged, path)
}

func lockFeeds(path string) (*lock, error) {
	ctx, cancel := context.WithTimeout(context.Background(), feedsLockTimeout)
	defer cancel()
	for {
		l, err := tryLock(path + ".lock")
		if err != nil || l != nil {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("another process has held %s.lock for %s", path, feedsLockTimeout)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
