package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"
)

// reply is an answer before it is written. Its value is encoded outside the
// lock.
type reply struct {
	status      int
	value       any              // sent as JSON, unless there is a body
	body        []byte           // sent as it is
	stream      func() io.Reader // a body that is too large to be held: from its beginning, each time
	contentType string           // of body and stream
	fileName    string           // for a download
	allow       string           // for 405
	retryAfter  string
}

// envelope begins every JSON answer.
type envelope struct {
	Success bool
	Message string
	*otherEnvelope
}

// otherEnvelope is a field that the reference does not have.
type otherEnvelope struct {
	CorrelationId string
}

// messages are the meanings of the reference's list of errors.
var messages = map[int]string{
	400: "Bad Request – Your request is invalid.",
	401: "Unauthorized – Your API key is not authorized.",
	403: "Forbidden – The endpoint requested is hidden for administrators only.",
	404: "Not Found – The specified endpoint could not be found.",
	405: "Method Not Allowed – You tried to access an endpoint with an invalid method.",
	406: "Not Acceptable – You requested a format that isn’t json.",
	410: "Gone – The endpoint requested has been removed from our servers.",
	429: "Too Many Requests – Slow down!",
	500: "Internal Server Error – We had a problem with our server. Try again later.",
	503: "Service Unavailable – We’re temporarily offline for maintenance. Please try again later.",
}

// refuse is an answer without success. An empty message means the reference's
// own for that status.
func refuse(status int, message string) reply {
	if message == "" {
		message = messages[status]
	}
	if message == "" {
		message = http.StatusText(status)
	}
	return reply{status: status, value: envelope{Message: message}}
}

// render encodes the answer. Names with & stay readable.
func (a reply) render() (contentType string, body []byte) {
	if a.value == nil {
		return a.contentType, a.body
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(a.value); err != nil {
		panic(err) // the values are this package's own
	}
	return "application/json; charset=utf-8", b.Bytes()
}

// header sets the header fields of the answer and returns its body.
func (a reply) header(w http.ResponseWriter) io.Reader {
	contentType, body := a.render()
	h := w.Header()
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	if a.stream == nil {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	if a.fileName != "" {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.fileName}))
	}
	if a.allow != "" {
		h.Set("Allow", a.allow)
	}
	if a.retryAfter != "" {
		h.Set("Retry-After", a.retryAfter)
	}
	if a.stream != nil {
		return a.stream()
	}
	return bytes.NewReader(body)
}

// size is the length of the body, in bytes.
func (a reply) size() int64 {
	if a.stream != nil {
		n, _ := io.Copy(io.Discard, a.stream()) // neither fails
		return n
	}
	_, body := a.render()
	return int64(len(body))
}

// write sends the answer whole.
func (a reply) write(w http.ResponseWriter) {
	body := a.header(w)
	w.WriteHeader(a.status)
	_, _ = io.Copy(w, body) // the client may be gone
}
