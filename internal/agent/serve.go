package agent

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// serve answers those who watch the agent. What it returns ends that.
func (a *agent) serve(ctx context.Context) (stop func(), err error) {
	if a.Listen == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", a.Listen)
	if err != nil {
		return nil, fmt.Errorf("the agent can't listen on %s for metrics: %w\nChoose another address with --metrics-listen, or none with --metrics-listen ''", a.Listen, err)
	}
	a.exposed(l.Addr())
	scheme := "http"
	if a.Guard.Encrypts() {
		scheme = "https"
	}
	a.log.Info("metrics", "address", scheme+"://"+l.Addr().String()+"/metrics")
	return a.answer(ctx, a.Guard.Listener(l), a.handler(l.Addr())), nil
}

// answer answers whoever connects, until what it returns is called. No reader, however slow,
// holds anything up.
func (a *agent) answer(ctx context.Context, l net.Listener, h http.Handler) (stop func()) {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute,
		MaxHeaderBytes: 1 << 14, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug), // whoever knocks fills no log
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	go func() { _ = server.Serve(l) }() // it ends when it is closed
	return func() { _ = server.Close() }
}

// ofThisMachine reports whether only this machine can reach an address.
func ofThisMachine(at net.Addr) bool {
	tcp, is := at.(*net.TCPAddr)
	return is && tcp.IP.IsLoopback()
}

// exposed says who can read the metrics.
func (a *agent) exposed(at net.Addr) {
	switch {
	case ofThisMachine(at):
	case !a.Guard.Asks():
		a.log.Warn("anybody who reaches this address can read the metrics: the names of workspaces, schedules, accounts and marketplaces, and how many orders there are. "+
			"--metrics-web-config guards it", "address", at.String())
	case !a.Guard.Encrypts():
		a.log.Warn("passwords for the metrics go over the network in clear text. tls_server_config encrypts them", "address", at.String())
	}
}

func (a *agent) handler(at net.Addr) http.Handler {
	mux := http.NewServeMux()
	metrics := http.Handler(http.HandlerFunc(a.metrics))
	if ofThisMachine(at) && !a.Guard.Asks() { // elsewhere people scrape by any name
		metrics = ownNamesOnly(metrics)
	}
	mux.Handle("GET /metrics", a.Guard.Handler(metrics))
	// The process alone: an outage of anything else must not restart it.
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", a.ready)
	return mux
}

// ready says whether due times are looked at.
func (a *agent) ready(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	looked := a.looked
	a.mu.Unlock()
	switch {
	case a.drain.Err() != nil:
		http.Error(w, "the agent stops", http.StatusServiceUnavailable)
	case a.isTooOld():
		http.Error(w, "the program is too old for the database", http.StatusServiceUnavailable)
	case a.db.Ping(r.Context()) != nil:
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
	case a.now().Sub(looked) > 6*a.timing.look+time.Second:
		http.Error(w, "the schedules were not looked at", http.StatusServiceUnavailable)
	default:
		fmt.Fprintln(w, "ok")
	}
}
