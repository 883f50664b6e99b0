package apiserver

import (
	"io"
	"net/http"
	"time"
)

// Fault is what happens to a call instead of the right answer.
type Fault struct {
	Execute bool            // a write takes effect first
	Wait    <-chan struct{} // answered only when this is closed
	Hang    time.Duration   // … or after so long
	Then    bool            // after the wait, all goes its right way

	Cut         bool   // the connection is closed without an answer
	Half        bool   // the answer is cut in the middle
	Status      int    // 0: 200
	ContentType string // empty: JSON
	Body        string

	quit <-chan struct{} // the server's end
}

// refuses reports whether a write has no effect.
func (f *Fault) refuses() bool { return f != nil && !f.Execute }

func (f *Fault) wait() {
	if f.Wait == nil && f.Hang == 0 {
		return
	}
	var timer <-chan time.Time
	if f.Hang > 0 {
		timer = time.After(f.Hang)
	}
	select {
	case <-f.Wait:
	case <-timer:
	case <-f.quit:
	}
}

// answer gives the fault's answer; false means that the right one is due.
func (f *Fault) answer(w http.ResponseWriter) bool {
	if f == nil {
		return false
	}
	f.wait()
	if f.Cut {
		cut(w)
		return true
	}
	contentType, body := f.ContentType, f.Body
	if contentType == "" {
		contentType = "application/json"
	}
	if body == "" {
		body = `{"Success": false, "Message": "We had a problem with our server. Try again later."}`
	}
	w.Header().Set("Content-Type", contentType)
	if f.Half {
		w.Header().Set("Content-Length", "4096")
	}
	if f.Status != 0 {
		w.WriteHeader(f.Status)
	}
	io.WriteString(w, body)
	if f.Half {
		w.(http.Flusher).Flush()
		cut(w)
	}
	return true
}

func cut(w http.ResponseWriter) {
	if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
		conn.Close()
		return
	}
	panic(http.ErrAbortHandler)
}
