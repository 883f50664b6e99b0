package apiserver

import (
	"encoding/json"
	"fmt"
	"net/http"
)

func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	fault := s.begin(Authorize, "", "")
	var body struct{ ConsumerKey string }
	if r.Method != http.MethodPut || json.NewDecoder(r.Body).Decode(&body) != nil {
		s.complain("authorization by %s, or without a JSON body", r.Method)
		refuse(w, http.StatusBadRequest, "Your request is invalid.")
		return
	}
	if fault.answer(w) {
		return
	}
	s.mu.Lock()
	right := body.ConsumerKey == s.o.ConsumerKey
	token := fmt.Sprintf("%s%04d", s.o.TokenPrefix, s.calls[Authorize]) // never one that was given out before
	if right {
		s.tokens[token] = true
	}
	s.mu.Unlock()
	if !right {
		refuse(w, http.StatusUnauthorized, "Your API key is not authorized.")
		return
	}
	reply(w, map[string]any{"Success": true, "Message": "", "Token": token})
}
