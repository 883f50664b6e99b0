package pglimit

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
)

// BenchmarkWait is what the room for one call costs one caller after the other, who need
// not wait for the limit: so calls are taken five at a time.
func BenchmarkWait(b *testing.B) {
	db := database(b)
	for name, trip := range map[string]time.Duration{"here": 0, "1ms": time.Millisecond, "500ms": 500 * time.Millisecond} {
		b.Run(name, func(b *testing.B) {
			proxy := stores.NewProxy(b, db.Address)
			proxy.Filter(func() (up, down stores.Filter) { return delayed(trip / 2), delayed(trip / 2) })
			limits := open(b, db.Through(proxy.Address))
			l := godatafeed.NewLimiter(godatafeed.LimiterOptions{Burst: 1e9, PerSecond: 1e6, Shared: limits.Of(b.Name())})
			for b.Loop() {
				if _, err := l.Wait(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			l.Close()
		})
	}
}

// delayed passes on what comes, that much later.
func delayed(by time.Duration) stores.Filter {
	return func(from io.Reader, to io.Writer) error {
		buf := make([]byte, 64<<10)
		for {
			n, err := from.Read(buf)
			if by > 0 {
				<-time.After(by)
			}
			if _, failed := to.Write(buf[:n]); failed != nil || err != nil {
				return errors.Join(failed, err)
			}
		}
	}
}
