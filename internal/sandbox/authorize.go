package sandbox

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"net/http"
	"time"
)

// authorize hands out a token for the consumer key. Older tokens stay valid: a
// fresh one may be fetched at any time.
func (s *Sandbox) authorize(c call, now time.Time) reply {
	var request struct{ ConsumerKey string }
	if err := json.Unmarshal(c.body, &request); err != nil {
		return refuse(http.StatusBadRequest, "")
	}
	if request.ConsumerKey == "" || request.ConsumerKey != s.opts.ConsumerKey {
		return refuse(http.StatusUnauthorized, "")
	}
	var expiry time.Time
	if s.opts.TokenLifespan > 0 {
		expiry = now.Add(s.opts.TokenLifespan)
	}
	maps.DeleteFunc(s.tokens, func(_ string, t time.Time) bool { return !t.IsZero() && !t.After(now) })
	token := s.newToken()
	s.tokens[token] = expiry
	return s.style.token(token)
}

// TokenMark begins every token that a Sandbox hands out, so that one can be
// recognized where there must be none.
const TokenMark = "sBxTok"

// newToken depends on the key too: the tokens of two accounts differ.
func (s *Sandbox) newToken() string {
	key := fnv.New64a()
	key.Write([]byte(s.opts.ConsumerKey))
	s.issued++
	return TokenMark + identifier(generator{s.opts.Seed ^ key.Sum64()}.rng(streamTokens, s.issued))
}

// authorized reports whether a token was handed out and has not expired.
func (s *Sandbox) authorized(token string, now time.Time) bool {
	expiry, ok := s.tokens[token]
	return ok && (expiry.IsZero() || expiry.After(now))
}
