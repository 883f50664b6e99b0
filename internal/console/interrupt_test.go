package console

import (
	"context"
	"os"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestSignals(t *testing.T) {
	type sent struct {
		after  time.Duration // since the one before
		signal os.Signal
	}
	const ms = time.Millisecond
	for name, c := range map[string]struct {
		signals []sent
		want    []string
	}{
		"one":                            {[]sent{{0, syscall.SIGINT}}, []string{"0s stopping"}},
		"the terminal's, forwarded":      {[]sent{{0, syscall.SIGINT}, {100 * ms, syscall.SIGINT}}, []string{"0s stopping"}},
		"forwarded three times":          {[]sent{{0, syscall.SIGINT}, {0, syscall.SIGINT}, {999 * ms, syscall.SIGTERM}}, []string{"0s stopping"}},
		"a person insists":               {[]sent{{0, syscall.SIGINT}, {1000 * ms, syscall.SIGINT}}, []string{"0s stopping", "1s ended"}},
		"forwarded, then a person":       {[]sent{{0, syscall.SIGINT}, {10 * ms, syscall.SIGINT}, {2990 * ms, syscall.SIGINT}}, []string{"0s stopping", "3s ended"}},
		"a job that is cancelled":        {[]sent{{0, syscall.SIGINT}, {7500 * ms, syscall.SIGTERM}}, []string{"0s stopping", "7.5s ended"}},
		"a terminal that is closed":      {[]sent{{5000 * ms, syscall.SIGHUP}, {10 * ms, syscall.SIGHUP}}, []string{"5s stopping"}},
		"a terminal closed after Ctrl-C": {[]sent{{0, syscall.SIGINT}, {3000 * ms, syscall.SIGHUP}}, []string{"0s stopping"}},
		"Ctrl-C in vain after a hangup":  {[]sent{{0, syscall.SIGHUP}, {3000 * ms, syscall.SIGTERM}}, []string{"0s stopping", "3s ended"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				began := time.Now()
				var got []string
				note := func(what string) func() {
					return func() { got = append(got, time.Since(began).String()+" "+what) }
				}
				signals := make(chan os.Signal, len(c.signals))
				go heed(ctx, signals, note("stopping"), note("ended"))
				for _, s := range c.signals {
					time.Sleep(s.after)
					signals <- s.signal
					synctest.Wait()
				}
				close(signals)
				synctest.Wait()
				if !slices.Equal(got, c.want) {
					t.Errorf("%q, want %q", got, c.want)
				}
			})
		})
	}
}

// A command that ends by itself leaves nobody waiting for signals.
func TestNoSignal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		go heed(ctx, make(chan os.Signal), func() { t.Error("stopped") }, func() { t.Error("ended") })
		cancel()
	})
}
