//go:build unix

package postgres

import (
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// peek is what the kernel has of a connection that nobody has read. It waits for nothing,
// so what it sees does not depend on when this process gets its turn.
func peek(c net.Conn) heard {
	if secure, is := c.(interface{ NetConn() net.Conn }); is {
		c = secure.NetConn()
	}
	socket, is := c.(syscall.Conn)
	if !is {
		return notAsked
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return itsEnd
	}
	h := notAsked
	err = raw.Control(func(fd uintptr) {
		var one [1]byte
		n, _, err := unix.Recvfrom(int(fd), one[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		switch {
		case errors.Is(err, unix.EAGAIN):
			h = nothing
		case errors.Is(err, unix.EINTR):
		case err != nil, n == 0:
			h = itsEnd
		default:
			h = something
		}
	})
	if err != nil { // it was closed here
		return itsEnd
	}
	return h
}
