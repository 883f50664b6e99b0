package endpoint

import (
	"context"
	"crypto/tls"
	"errors"
)

// Failure says what a transport's error means, and whether it will be the same at
// the next attempt. What net/http quotes of an answer or of the address, which may be
// secret, is left out.
func Failure(ctx context.Context, err error) (cause string, permanent bool) {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "its certificate is not valid", true
	}
	if ctx.Err() != nil {
		return "no answer in time", false
	}
	if said := Network(err); said != "" {
		return "no connection: " + said, false
	}
	return "the connection broke before an answer came", false
}
