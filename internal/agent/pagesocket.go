package agent

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// socket is a listener at a file of this machine. Its file has that name only when it is its owner's
// alone: a umask would give it to others for a moment.
type socket struct {
	net.Listener
	path string
}

// Addr implements net.Listener.
func (s *socket) Addr() net.Addr { return &net.UnixAddr{Name: s.path, Net: "unix"} }

// Close implements net.Listener.
func (s *socket) Close() error { return errors.Join(s.Listener.Close(), os.Remove(s.path)) }

// listenAlone listens at a file that only its owner can use. One that a killed agent left is replaced.
func listenAlone(ctx context.Context, path string) (net.Listener, error) {
	if err := vacate(ctx, path); err != nil {
		return nil, err
	}
	var config net.ListenConfig
	if runtime.GOOS == "windows" { // which has no modes
		return config.Listen(ctx, "unix", path)
	}
	private, err := os.MkdirTemp(filepath.Dir(path), ".g") // short: the whole path has some 100 characters at most
	if err != nil {
		return nil, fmt.Errorf("its folder can't be used: %w", disk.Cause(err))
	}
	defer func() { _ = os.RemoveAll(private) }()
	first := filepath.Join(private, "s")
	l, err := config.Listen(ctx, "unix", first)
	if err != nil {
		return nil, err
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := errors.Join(os.Chmod(first, 0o600), os.Rename(first, path)); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return &socket{l, path}, nil
}

// vacate removes a socket at which nobody listens. Anything else stays.
func vacate(ctx context.Context, path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != os.ModeSocket {
		return errors.New("there is a file that is not a socket")
	}
	dialer := net.Dialer{Timeout: time.Second}
	if c, err := dialer.DialContext(ctx, "unix", path); err == nil {
		return errors.Join(errors.New("another process listens there"), c.Close())
	}
	return os.Remove(path)
}
