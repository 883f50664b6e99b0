package state

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// feedsMembers are the members of gdfctl.feeds.json, each of which belongs to
// one file of this package.
type feedsMembers map[string]json.RawMessage

// feedsLockTimeout bounds the wait for another process that changes the file:
// it only reads and writes it.
const feedsLockTimeout = 10 * time.Second

// readFeeds returns the file's members; nil if there is no file.
func readFeeds(files FS, path string) (feedsMembers, error) {
	data, there, err := readAll(files, path)
	if err != nil || !there {
		return nil, err
	}
	var members feedsMembers
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	return members, nil
}

// loadMember returns one member as it stands in the file; nil if it isn't there,
// or the file can't be read.
func loadMember(path, name string) json.RawMessage {
	members, _ := readFeeds(OS{}, path)
	return members[name]
}

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
	return replaceFile(files, path, after)
}

func lockFeeds(path string) (*lock, error) {
	l, err := waitLock(context.Background(), path+".lock", feedsLockTimeout, 20*time.Millisecond)
	if l == nil && err == nil {
		err = fmt.Errorf("another process has held %s.lock for %s", path, feedsLockTimeout)
	}
	return l, err
}
