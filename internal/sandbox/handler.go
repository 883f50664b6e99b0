package sandbox

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// maxBody is the largest request that is read.
const maxBody = 1 << 20

const controlPrefix = "/_sandbox/"

// ServeHTTP answers one call of the API or, with Options.Control, of the
// control side.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.opts.Control && strings.HasPrefix(r.URL.Path, controlPrefix) {
		s.control.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Date", s.now().Format(http.TimeFormat)) // by the clock of this world, not the machine's
	c := route(r)
	var tooLarge bool
	c.body, tooLarge = readBody(w, r)

	var answer reply
	var fault *Fault
	err := s.locked(func(now time.Time) {
		s.calls[c.op]++
		if !s.bucket.take(now) {
			s.throttled++
			answer = refuse(http.StatusTooManyRequests, "")
			return
		}
		switch {
		case c.op == OpUnknown:
			answer = refuse(http.StatusNotFound, "")
			return
		case c.method != c.op.method():
			answer = refuse(http.StatusMethodNotAllowed, "")
			answer.allow = c.op.method()
			return
		case tooLarge:
			answer = refuse(http.StatusBadRequest, "The request is too large.")
			return
		}
		fault = s.faults.pick(c.op)
		if fault == nil || fault.takesEffect() {
			answer = s.answer(c, now)
		}
	})
	if err != nil {
		answer, fault = refuse(http.StatusInternalServerError, err.Error()), nil
	}
	s.deliver(w, r, answer, fault)
}

// answer does what a call asks for.
func (s *Sandbox) answer(c call, now time.Time) reply {
	if c.op != OpAuthorize && !s.authorized(c.token, now) {
		return refuse(http.StatusUnauthorized, "")
	}
	if c.op != OpDownload && !c.json {
		return refuse(http.StatusNotAcceptable, "")
	}
	switch c.op {
	case OpAuthorize:
		return s.authorize(c, now)
	case OpCountOrders:
		return s.countOrders(c)
	case OpListOrders:
		return s.listOrders(c, now)
	case OpGetOrder:
		return s.getOrder(c)
	case OpUpdateStatus:
		return s.updateStatus(c, now)
	case OpAcknowledge:
		return s.acknowledge(c, now)
	case OpInsert:
		return s.insertOrder(c, now)
	case OpCountFeeds:
		return s.countFeeds(c)
	case OpListFeeds:
		return s.listFeeds(c, now)
	case OpGetFeed:
		return s.getFeed(c, now)
	case OpDownload:
		return s.download(c)
	}
	return refuse(http.StatusNotFound, "")
}

// readBody reads the whole body before anything happens: a request that never
// arrived whole has no effect, and net/http notices a client that hangs up only
// when the body has been read.
func readBody(w http.ResponseWriter, r *http.Request) (body []byte, tooLarge bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, true
		}
		panic(http.ErrAbortHandler)
	}
	return body, false
}
