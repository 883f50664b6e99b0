package sandbox

import (
	"io"
	"net/http"
	"path"
	"time"
)

const (
	slowPieces  = 8
	slowDefault = 5 * time.Second
)

const htmlPage = `<!DOCTYPE html>
<html><head><title>Service temporarily unavailable</title></head>
<body><h1>We'll be back soon</h1><p>Reference #18.4f2b1c17</p></body></html>
`

// deliver sends an answer, in the way that a fault says. A handler that panics
// with http.ErrAbortHandler has its connection cut.
func (s *Sandbox) deliver(w http.ResponseWriter, r *http.Request, a reply, f *Fault) {
	if f == nil {
		a.write(w)
		return
	}
	ctx := r.Context()
	if f.Delay > 0 && f.Kind != FaultSlowBody && s.opts.Sleep(ctx, f.Delay) != nil {
		panic(http.ErrAbortHandler)
	}
	switch f.Kind {
	case FaultCutBefore, FaultCutAfter:
		panic(http.ErrAbortHandler)
	case FaultHang:
		if f.Delay == 0 {
			<-ctx.Done()
		}
		panic(http.ErrAbortHandler)
	case FaultHalfBody:
		a.retryAfter = f.RetryAfter
		body := a.header(w)
		w.WriteHeader(a.status)
		_, _ = io.CopyN(w, body, a.size()/2)
		flush(w)
		panic(http.ErrAbortHandler)
	case FaultSlowBody:
		s.drip(w, r, a, f)
		return
	case FaultStatus:
		a = refuse(f.Status, "")
	case FaultHTML:
		a = reply{status: f.Status, contentType: "text/html; charset=utf-8", body: []byte(htmlPage)}
	case FaultSuccessFalse:
		a = refuse(f.Status, "The request could not be processed.")
	case FaultEmpty:
		a = reply{status: f.Status}
	case FaultRedirect:
		w.Header().Set("Location", redirectTarget(r))
		a = reply{status: f.Status}
	}
	a.retryAfter = f.RetryAfter
	a.write(w)
}

// drip sends the body in pieces over the time of the fault.
func (s *Sandbox) drip(w http.ResponseWriter, r *http.Request, a reply, f *Fault) {
	total := f.Delay
	if total == 0 {
		total = slowDefault
	}
	a.retryAfter = f.RetryAfter
	size, body := a.size(), a.header(w)
	w.WriteHeader(a.status)
	for n := range int64(slowPieces) {
		flush(w)
		if s.opts.Sleep(r.Context(), total/slowPieces) != nil {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.CopyN(w, body, size*(n+1)/slowPieces-size*n/slowPieces)
	}
}

// redirectTarget is a place where a GET is answered with 200: a client that
// follows a redirected write would take the order it reads for a success.
func redirectTarget(r *http.Request) string {
	escaped := r.URL.EscapedPath()
	switch route(r).op {
	case OpUpdateStatus, OpAcknowledge:
		return path.Dir(escaped)
	case OpInsert:
		return path.Dir(path.Dir(escaped)) + "/feeds/count"
	}
	return r.URL.RequestURI()
}

func flush(w http.ResponseWriter) {
	_ = http.NewResponseController(w).Flush() // the client may be gone
}
