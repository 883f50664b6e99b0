package console

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// oneInterrupt is how long a further signal counts as the first one: make, npm,
// docker and terragrunt forward the terminal's signal to a process that got it
// already.
const oneInterrupt = time.Second

// Interruptible returns a context that the first SIGINT, SIGTERM or SIGHUP ends;
// a second SIGINT or SIGTERM calls insisted, see heed. Where SIGHUP is ignored,
// as under nohup, it stays so.
func Interruptible(insisted func()) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	go heed(ctx, signals, cancel, insisted)
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}

// heed calls first at the first signal, unless ctx ends before, and insisted
// when somebody sends another one later than oneInterrupt. Nobody insists by a
// SIGHUP: a terminal was closed after Ctrl-C.
func heed(ctx context.Context, signals <-chan os.Signal, first, insisted func()) {
	select {
	case <-signals:
	case <-ctx.Done():
		return
	}
	began := time.Now()
	first()
	for s := range signals {
		if s != syscall.SIGHUP && time.Since(began) >= oneInterrupt {
			insisted()
			return
		}
	}
}
