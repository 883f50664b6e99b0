package endpoint

import (
	"errors"
	"net"
	"syscall"
)

// Network says what an error of the network means, in words for people. It is empty for
// an error that is no such one.
func Network(err error) string {
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		if name.IsNotFound {
			return "the host name is not known"
		}
		return "the host name could not be looked up"
	}
	op, ok := errors.AsType[*net.OpError](err)
	if !ok {
		return ""
	}
	by := ""
	if op.Addr != nil {
		by = " by " + op.Addr.String()
	}
	switch {
	case op.Timeout():
		return "no answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused" + by
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection closed" + by
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "no network route leads there"
	}
	return op.Error()
}
