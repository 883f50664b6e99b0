package agent

import (
	"context"
	"encoding/binary"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What happens in a folder while an agent begins to listen: a socket that is made under its name, and gets its
// mode afterwards, would be everybody's in between where the umask is 0.
func TestTheSocketIsNeverAnybodysElse(t *testing.T) {
	dir := t.TempDir()
	watch, err := syscall.InotifyInit1(syscall.IN_NONBLOCK | syscall.IN_CLOEXEC)
	if err != nil {
		t.Skip(err)
	}
	defer func() { _ = syscall.Close(watch) }()
	if _, err := syscall.InotifyAddWatch(watch, dir, syscall.IN_CREATE|syscall.IN_ATTRIB|syscall.IN_MOVED_TO); err != nil {
		t.Skip(err)
	}
	l, err := listenForPage(context.Background(), "unix:"+filepath.Join(dir, "ui.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var buffer [1 << 14]byte
	n, err := syscall.Read(watch, buffer[:])
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for at := 0; at < n; { // wd, mask, cookie, length of the name, name
		mask, length := binary.NativeEndian.Uint32(buffer[at+4:]), int(binary.NativeEndian.Uint32(buffer[at+12:]))
		name := strings.TrimRight(string(buffer[at+16:at+16+length]), "\x00")
		at += 16 + length
		if name == "ui.sock" {
			seen++
			if mask&syscall.IN_MOVED_TO == 0 {
				t.Errorf("the socket is there before it is its owner's alone: event %#x", mask)
			}
		}
	}
	if seen == 0 {
		t.Error("no socket was seen")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".g*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
