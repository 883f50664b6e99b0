package main

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// line leads to a store that is far away: each round trip takes a time, that of
// connecting too. As much as one likes is under way at once.
type line struct {
	*stores.Proxy
	trips atomic.Int64 // connecting is one
	bytes atomic.Int64 // in both directions
}

// newLine leads to an address.
func newLine(t testing.TB, target string, roundTrip time.Duration) *line {
	l := &line{Proxy: stores.NewProxy(t, target)}
	l.Filter(func() (up, down stores.Filter) {
		l.trips.Add(1)
		connected := time.Now().Add(roundTrip)
		var asked atomic.Bool // the last bytes were the client's
		up = func(from io.Reader, to io.Writer) error {
			return carry(from, to, roundTrip/2, connected, func(n int) {
				if l.bytes.Add(int64(n)); !asked.Swap(true) {
					l.trips.Add(1)
				}
			})
		}
		down = func(from io.Reader, to io.Writer) error {
			return carry(from, to, roundTrip/2, connected, func(n int) {
				l.bytes.Add(int64(n))
				asked.Store(false)
			})
		}
		return up, down
	})
	return l
}

// carry passes on what comes, each piece a while later, and none of it earlier than
// that after connected.
func carry(from io.Reader, to io.Writer, delay time.Duration, connected time.Time, seen func(int)) error {
	type piece struct {
		data []byte
		due  time.Time
	}
	pieces := make(chan piece, 4096)
	var failed error
	var wg sync.WaitGroup
	wg.Go(func() {
		for p := range pieces {
			if failed != nil {
				continue
			}
			<-time.After(time.Until(p.due))
			if _, failed = to.Write(p.data); failed != nil {
				if c, ok := from.(io.Closer); ok {
					_ = c.Close() // nothing more is to be read
				}
			}
		}
	})
	err := error(nil)
	for err == nil {
		var n int
		data := make([]byte, 64<<10)
		if n, err = from.Read(data); n > 0 {
			now := time.Now()
			if now.Before(connected) {
				now = connected
			}
			seen(n)
			pieces <- piece{data[:n], now.Add(delay)}
		}
	}
	close(pieces)
	wg.Wait()
	if failed != nil {
		return failed
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
