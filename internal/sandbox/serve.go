package sandbox

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 5 * time.Second
)

// Serve answers HTTP/1 on l until ctx is done, then finishes what is under way
// and writes the file. Requests that hang by a fault are cut at once. A regular
// stop returns nil; l is closed in any case.
func Serve(ctx context.Context, l net.Listener, s *Sandbox) error {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	server := &http.Server{
		Handler:           s,
		Protocols:         &protocols,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		// No ReadTimeout and no WriteTimeout: both would end the hangs and slow
		// bodies that faults ask for.
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    log.New(io.Discard, "", 0), // its lines may hold a token
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		if server.Shutdown(grace) != nil {
			_ = server.Close() // nothing is left to be done about it
		}
	})
	err := server.Serve(l)
	if stop() { // Serve ended by itself
		return errors.Join(err, s.Close())
	}
	<-stopped
	return s.Close()
}

// OnLoopback reports whether an address to listen on can only be reached from
// this machine. Names other than localhost are not looked up.
func OnLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
