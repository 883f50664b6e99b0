package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
)

// UI is the status page of an agent, for people.
type UI struct {
	Listen string // a loopback address, or unix:PATH; empty: there is no page
	Write  func(io.Writer, *report.AgentPage) error
	Policy string // the Content-Security-Policy of what Write writes

	Commands report.AgentCommands // that the page shows
}

// ListenError says that a page may not listen at an address.
type ListenError struct{ Address, Why string }

func (e *ListenError) Error() string {
	return fmt.Sprintf("the status page can't listen on %q: %s\nUse --ui-listen with a loopback address, such as 127.0.0.1:9190, or unix:PATH. "+
		"The page asks nobody to log in: for readers on other machines, put a proxy that logs in before it", e.Address, e.Why)
}

// PageAddress is where a status page may listen: nobody who has not logged in to this
// machine can read it.
func PageAddress(text string) (network, address string, err error) {
	if path, isSocket := strings.CutPrefix(text, "unix:"); isSocket {
		if path == "" || strings.HasPrefix(path, "@") || strings.ContainsRune(path, 0) { // those of @ have no owner
			return "", "", &ListenError{text, "it names no file"}
		}
		return "unix", path, nil
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", "", &ListenError{text, "it is not an address with a port"}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", "", &ListenError{text, "the port must be a number up to 65535"}
	} else if host == "localhost" {
		return "tcp", net.JoinHostPort("127.0.0.1", strconv.FormatUint(n, 10)), nil
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.Unmap().IsLoopback() {
		return "", "", &ListenError{text, "it is not a loopback address"}
	}
	return "tcp", text, nil
}

// listenForPage listens where a page may.
func listenForPage(ctx context.Context, text string) (l net.Listener, err error) {
	network, address, err := PageAddress(text)
	if err != nil {
		return nil, err
	}
	if network == "unix" {
		l, err = listenAlone(ctx, address)
	} else {
		l, err = (&net.ListenConfig{}).Listen(ctx, network, address)
	}
	if err != nil {
		return nil, &ListenError{text, err.Error()}
	}
	return l, nil
}

// servePage answers those who look at the page. What it returns ends that.
func (a *agent) servePage(ctx context.Context) (stop func(), err error) {
	if a.UI.Listen == "" {
		return func() {}, nil
	}
	l, err := listenForPage(ctx, a.UI.Listen)
	if err != nil {
		return nil, err
	}
	pages := &pageServer{ui: a.UI, page: a.page, turn: make(chan struct{}, 1), log: a.log}
	address := "http://" + l.Addr().String() + "/"
	if l.Addr().Network() == "unix" {
		address = "unix:" + l.Addr().String()
	}
	a.log.Info("status page", "address", address)
	return a.answer(ctx, l, pages.handler()), nil
}

// pageServer makes pages, one at a time: however many look, the database is asked for one.
type pageServer struct {
	ui   UI
	page func(context.Context, report.AgentAsked) (*report.AgentPage, error)
	turn chan struct{}
	log  *slog.Logger
}

// longestPage is how long a page may take to be made.
const longestPage = 15 * time.Second

func (s *pageServer) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, "") })
	mux.HandleFunc("GET /workspace/{name}", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, r.PathValue("name")) })
	only := ownNamesOnly(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "This page only shows. What changes something is a command.", http.StatusMethodNotAllowed)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", s.ui.Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		only.ServeHTTP(w, r)
	})
}

// ownNamesOnly keeps away who asks for another machine: a web page elsewhere whose name was
// bent to this one could read everything through the browser of somebody here.
func ownNamesOnly(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !ownHost(r.Host) {
			http.Error(w, "This address answers to the names of this machine only: localhost, or a loopback address.", http.StatusMisdirectedRequest)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// ownHost reports whether a request is for this machine, by a name that nobody else can
// give it. The port may be another one: that of a tunnel or a proxy.
func ownHost(host string) bool {
	if name, port, err := net.SplitHostPort(host); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return false
		}
		host = name
	} else if inner, ok := strings.CutPrefix(host, "["); ok {
		host = strings.TrimSuffix(inner, "]")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// asked is the page that a request is for. What nobody links to is ignored.
func asked(r *http.Request, workspace string) report.AgentAsked {
	query := r.URL.Query()
	a := report.AgentAsked{Workspace: workspace, Still: query.Get("refresh") == "0", Open: query.Get("open") == "1"}
	if day, err := time.Parse(time.DateOnly, query.Get("day")); err == nil && workspace != "" {
		a.Day = day.Format(time.DateOnly)
	}
	return a
}

func (s *pageServer) show(w http.ResponseWriter, r *http.Request, workspace string) {
	ctx, cancel := context.WithTimeout(r.Context(), longestPage)
	defer cancel()
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		http.Error(w, "Too many are looking at this page.", http.StatusServiceUnavailable)
		return
	}
	page, err := s.page(ctx, asked(r, workspace))
	var unknown *UnknownWorkspaceError
	switch {
	case errors.As(err, &unknown):
		http.Error(w, "There is no such workspace.", http.StatusNotFound)
		return
	case err != nil:
		http.Error(w, "The page can't be made.", http.StatusInternalServerError)
		return
	}
	var out bytes.Buffer
	if err := s.ui.Write(&out, page); err != nil {
		s.log.Error("the status page can't be written", "error", oneLine(err))
		http.Error(w, "The page can't be written.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(out.Len()))
	if page.Away != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(out.Bytes())
}
