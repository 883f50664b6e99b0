package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// controlHandler serves the control side over HTTP:
//
//	GET    /_sandbox/truth          Truth
//	GET    /_sandbox/calls          CallTruth
//	GET    /_sandbox/orders/{name}  OrderTruth
//	POST   /_sandbox/orders         NewOrder → {"id": …}
//	POST   /_sandbox/arrivals       → {"id": …}
//	POST   /_sandbox/drift          Drift
//	POST   /_sandbox/drift/feed     FeedDrift
//	GET    /_sandbox/faults         the faults that can still strike, as text
//	POST   /_sandbox/faults         faults as text, one a line
//	DELETE /_sandbox/faults
//	DELETE /_sandbox/tokens         expires all tokens
//
// An error is {"error": …} with 400, or 404 for an order that is not there.
func (s *Sandbox) controlHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sandbox/truth", func(w http.ResponseWriter, _ *http.Request) {
		controlAnswer(w, http.StatusOK, s.Truth())
	})
	mux.HandleFunc("GET /_sandbox/calls", func(w http.ResponseWriter, _ *http.Request) {
		controlAnswer(w, http.StatusOK, s.callTruth())
	})
	mux.HandleFunc("GET /_sandbox/orders/{name}", func(w http.ResponseWriter, r *http.Request) {
		t, ok := s.Order(r.PathValue("name"))
		if !ok {
			controlError(w, http.StatusNotFound, fmt.Errorf("no order %q", r.PathValue("name")))
			return
		}
		controlAnswer(w, http.StatusOK, t)
	})
	mux.HandleFunc("POST /_sandbox/orders", func(w http.ResponseWriter, r *http.Request) {
		controlRead(w, r, func(n NewOrder) (any, error) {
			id, err := s.AddOrder(n)
			return map[string]string{"id": id}, err
		})
	})
	mux.HandleFunc("POST /_sandbox/arrivals", func(w http.ResponseWriter, _ *http.Request) {
		id, err := s.Arrive()
		controlResult(w, map[string]string{"id": id}, err)
	})
	mux.HandleFunc("POST /_sandbox/drift", func(w http.ResponseWriter, r *http.Request) {
		controlRead(w, r, func(d Drift) (any, error) { return struct{}{}, s.Drift(d) })
	})
	mux.HandleFunc("POST /_sandbox/drift/feed", func(w http.ResponseWriter, r *http.Request) {
		controlRead(w, r, func(d FeedDrift) (any, error) { return struct{}{}, s.DriftFeed(d) })
	})
	mux.HandleFunc("GET /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		controlAnswer(w, http.StatusOK, s.Faults())
	})
	mux.HandleFunc("POST /_sandbox/faults", s.postFaults)
	mux.HandleFunc("DELETE /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		controlResult(w, struct{}{}, nil)
	})
	mux.HandleFunc("DELETE /_sandbox/tokens", func(w http.ResponseWriter, _ *http.Request) {
		s.ExpireTokens()
		controlResult(w, struct{}{}, nil)
	})
	return mux
}

// postFaults adds all faults of a text, or none.
func (s *Sandbox) postFaults(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		controlError(w, http.StatusBadRequest, err)
		return
	}
	var faults []Fault
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		f, err := ParseFault(line)
		if err != nil {
			controlError(w, http.StatusBadRequest, err)
			return
		}
		faults = append(faults, f)
	}
	for _, f := range faults {
		if err := s.AddFault(f); err != nil {
			controlError(w, http.StatusBadRequest, err)
			return
		}
	}
	controlResult(w, struct{}{}, nil)
}

// controlRead reads a T from the body, does what is to be done with it and
// answers with the result.
func controlRead[T any](w http.ResponseWriter, r *http.Request, do func(T) (any, error)) {
	var v T
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		controlError(w, http.StatusBadRequest, err)
		return
	}
	result, err := do(v)
	controlResult(w, result, err)
}

func controlResult(w http.ResponseWriter, v any, err error) {
	if err != nil {
		controlError(w, http.StatusBadRequest, err)
		return
	}
	controlAnswer(w, http.StatusOK, v)
}

func controlError(w http.ResponseWriter, status int, err error) {
	controlAnswer(w, status, map[string]string{"error": err.Error()})
}

func controlAnswer(w http.ResponseWriter, status int, v any) {
	a := reply{status: status, value: v}
	a.write(w)
}
