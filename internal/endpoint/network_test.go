package endpoint

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"
)

// A network's error is said in words for people, without those of the programming
// language.
func TestNetwork(t *testing.T) {
	at := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}
	dial := func(errno error) error {
		return fmt.Errorf("get: %w", &net.OpError{Op: "dial", Net: "tcp", Addr: at, Err: os.NewSyscallError("connect", errno)})
	}
	for want, err := range map[string]error{
		"connection refused by 127.0.0.1:1":    dial(syscall.ECONNREFUSED),
		"connection closed by 127.0.0.1:1":     dial(syscall.ECONNRESET),
		"no network route leads there":         dial(syscall.EHOSTUNREACH),
		"the host name is not known":           &net.OpError{Op: "dial", Err: &net.DNSError{Name: "x.invalid", IsNotFound: true}},
		"the host name could not be looked up": &net.DNSError{Name: "x.invalid", IsTemporary: true},
		"no answer in time":                    &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded},
		"":                                     errors.New("something else"),
	} {
		if got := Network(err); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}
