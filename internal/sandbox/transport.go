package sandbox

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
)

// errCut is what a client sees of a connection that was cut.
var errCut = fmt.Errorf("sandbox: connection cut: %w", io.ErrUnexpectedEOF)

// Transport serves requests to any host in this process, without sockets. It
// blocks only on channels and timers, so it works in bubbles of
// testing/synctest, and it respects the context of a request at every moment. A
// connection that a fault cuts is an error that wraps io.ErrUnexpectedEOF,
// from RoundTrip or from the body.
func (s *Sandbox) Transport() http.RoundTripper { return transport{s} }

type transport struct{ sandbox *Sandbox }

// RoundTrip runs the handler in a goroutine of its own, so that an answer can
// be read while it is written, and a handler that hangs can be left behind.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	body := req.Body
	if body == nil {
		body = http.NoBody
	}
	if err := req.Context().Err(); err != nil {
		body.Close()
		return nil, err
	}
	ctx, cancel := context.WithCancel(req.Context())
	in, err := serverRequest(req.WithContext(ctx), body)
	if err != nil {
		cancel()
		body.Close()
		return nil, err
	}
	reader, writer := io.Pipe()
	w := &pipeResponse{header: http.Header{}, body: writer, ready: make(chan struct{}), head: req.Method == http.MethodHead}
	go func() {
		defer body.Close()
		err := serve(t.sandbox, w, in)
		if err != nil && ctx.Err() != nil {
			err = ctx.Err() // the client ended it, not the server
		}
		w.finish(err)
	}()
	select {
	case <-ctx.Done():
		reader.CloseWithError(ctx.Err())
		cancel()
		return nil, req.Context().Err()
	case <-w.ready:
	}
	if w.failed != nil {
		cancel()
		return nil, w.failed
	}
	context.AfterFunc(ctx, func() { writer.CloseWithError(ctx.Err()) })
	return w.response(req, &pipeBody{PipeReader: reader, cancel: cancel}), nil
}

// serve runs the handler and turns its way of cutting a connection into an
// error.
func serve(h http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		if v := recover(); v == http.ErrAbortHandler { //nolint:errorlint // the handler panics with this very value
			err = errCut
		} else if v != nil {
			panic(v)
		}
	}()
	h.ServeHTTP(w, r)
	return nil
}

// serverRequest is the request as a server reads it from a connection.
func serverRequest(req *http.Request, body io.ReadCloser) (*http.Request, error) {
	in := req.Clone(req.Context())
	in.Body = body
	in.RequestURI = req.URL.RequestURI()
	in.RemoteAddr = "127.0.0.1:0"
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	if in.Host == "" {
		in.Host = req.URL.Host
	}
	var err error
	if in.URL, err = url.ParseRequestURI(in.RequestURI); err != nil {
		return nil, fmt.Errorf("sandbox: the request has an invalid address") // the address holds the token
	}
	return in, nil
}

// pipeResponse is the handler's side of an answer.
type pipeResponse struct {
	header http.Header
	body   *io.PipeWriter
	head   bool // the request is a HEAD: no body
	once   sync.Once
	ready  chan struct{} // closed when status, sent and failed are set

	status int
	sent   http.Header
	failed error // the connection was cut before the header was sent
}

func (w *pipeResponse) Header() http.Header { return w.header }

func (w *pipeResponse) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.ready)
	})
}

func (w *pipeResponse) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.head || len(b) == 0 {
		return len(b), nil
	}
	return w.body.Write(b)
}

// Flush sends the header; what is written is never held back.
func (w *pipeResponse) Flush() { w.WriteHeader(http.StatusOK) }

// finish ends the answer: whole, or cut by err.
func (w *pipeResponse) finish(err error) {
	w.once.Do(func() {
		if w.failed = err; err == nil {
			w.status, w.sent = http.StatusOK, w.header.Clone()
		}
		close(w.ready)
	})
	w.body.CloseWithError(err) // nil is io.EOF
}

func (w *pipeResponse) response(req *http.Request, body io.ReadCloser) *http.Response {
	res := &http.Response{
		Status:     fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)),
		StatusCode: w.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: body, ContentLength: -1, Request: req,
	}
	if n, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64); err == nil {
		res.ContentLength = n
	}
	return res
}

// pipeBody is the client's side of an answer. Closing it lets the handler go.
type pipeBody struct {
	*io.PipeReader
	cancel context.CancelFunc
}

func (b *pipeBody) Close() error {
	err := b.PipeReader.Close()
	b.cancel()
	return err
}
