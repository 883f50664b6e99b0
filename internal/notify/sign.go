package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// SignatureHeader carries the time of sending and the signature:
// "t=1790000000,v1=HEX".
const SignatureHeader = "X-Gdfctl-Signature"

// sign makes the header's value: HMAC-SHA256 over the time in seconds, a dot,
// and the body. With the time in it, an old message can't be sent again by
// somebody who has seen it.
func sign(secret string, at time.Time, body []byte) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(seconds + "."))
	mac.Write(body)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
