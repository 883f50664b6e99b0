package acceptance

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// fallsIll has the place answer slowly, and lose an answer or a request now and then:
// what was asked for was done, or not. That ends when well is called.
func (h home) fallsIll(t *testing.T, random *rand.Rand) (well func()) {
	t.Helper()
	if h.proxy == nil {
		for _, hook := range []string{"pre-receive", "post-receive"} { // the server of a folder dies before a push, or behind it
			h.repository.Hook(hook, `n=$(od -An -N1 -tu1 /dev/urandom); sleep 0.$((n % 3)); [ $n -ge 20 ] || kill -9 $PPID`)
		}
		return func() {
			for _, hook := range []string{"pre-receive", "post-receive"} {
				h.repository.RemoveHook(hook)
			}
			h.repository.Unlock()
		}
	}
	lots := lockedDelay(rand.New(rand.NewPCG(random.Uint64(), 6)), 1<<40)
	passes := func(most time.Duration, cuts int64) stores.Filter {
		return func(from io.Reader, to io.Writer) error {
			b := make([]byte, 32<<10)
			for {
				n, err := from.Read(b)
				if n > 0 {
					lot := int64(lots())
					time.Sleep(time.Duration(lot) % most) // the slowness of the place
					if lot%cuts == 0 {
						return fmt.Errorf("the connection is cut")
					}
					if _, err := to.Write(b[:n]); err != nil {
						return err
					}
				}
				switch err {
				case nil:
				case io.EOF:
					return nil
				default:
					return err
				}
			}
		}
	}
	h.proxy.Filter(func() (up, down stores.Filter) {
		return passes(80*time.Millisecond, 200), passes(80*time.Millisecond, 100)
	})
	h.proxy.Cut()
	return func() {
		h.proxy.Filter(nil)
		h.proxy.Cut()
	}
}
