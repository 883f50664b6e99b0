package s3log

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// act is what a request was for.
type act string

const (
	reading  act = "reading"
	writing  act = "writing"
	removing act = "removing"
)

// statusOf is the status of the answer that an error is made of, or 0.
func statusOf(err error) int {
	if answer := (*awshttp.ResponseError)(nil); errors.As(err, &answer) {
		return answer.HTTPStatusCode()
	}
	return 0
}

// codeOf is what the store calls an error: a word.
func codeOf(err error) string {
	if said := smithy.APIError(nil); errors.As(err, &said) && errorCode.MatchString(said.ErrorCode()) && len(said.ErrorCode()) <= maxWord {
		return said.ErrorCode()
	}
	return ""
}

var errorCode = regexp.MustCompile(`^[A-Za-z0-9.]+$`)

// refusal is an answer by which the store says that it did not do what it was asked
// for, and what to do about it.
type refusal struct {
	codes  []string
	status int // with any other code
	reason string
	remedy string
}

var refusals = []refusal{
	{
		codes:  []string{"NoSuchBucket"},
		reason: "there is no such bucket",
		remedy: "Look for a typing error in bucket, region and endpoint, or create the bucket. gdfctl creates none by itself.",
	},
	{
		codes:  []string{"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "TemporaryRedirect"},
		status: http.StatusMovedPermanently,
		reason: "the bucket is in another region",
		remedy: "Write the bucket's region into the backend block.",
	},
	{
		codes:  []string{"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"},
		reason: "the credentials have expired",
		remedy: "Log in again, and run the command again. In a CI job, ask for credentials that are valid for longer than the run.",
	},
	{
		codes:  []string{"InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch"},
		reason: "the credentials are not valid",
		remedy: "Look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_PROFILE: they must be those of the endpoint's own service.",
	},
	{
		codes:  []string{"RequestTimeTooSkewed"},
		reason: "this machine's clock is wrong",
		remedy: "Set the clock: the store refuses requests that are dated more than 15 minutes off.",
	},
	{
		codes:  []string{"NotImplemented"},
		status: http.StatusNotImplemented,
		reason: "the store does not know conditional writes",
		remedy: "A state needs a store that refuses a second write with If-None-Match: AWS S3, Cloudflare R2, Ceph, or a newer version of this one. Or store the state in git or PostgreSQL.",
	},
	{
		codes:  []string{"AccessDenied", "AllAccessDisabled", "AccountProblem"},
		status: http.StatusForbidden,
		reason: "access is denied",
		remedy: "The credentials need s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject on what is below the prefix: docs/state.md has the policy.",
	},
	{
		status: http.StatusUnauthorized,
		reason: "the credentials are not valid",
		remedy: "Look at the variables that begin with AWS_.",
	},
}

// passing are codes of answers with a status of 4xx that say nothing of the request,
// but of how it arrived, or of what else was going on.
var (
	passing       = []string{"RequestTimeout", "RequestTimeoutException", "IncompleteBody", "SlowDown", "Throttling", "ThrottlingException", "OperationAborted"}
	passingStatus = []int{http.StatusRequestTimeout, http.StatusConflict, http.StatusPreconditionFailed, http.StatusTooEarly, http.StatusTooManyRequests}
)

// failure is the error for a request that failed. It shows nothing of the request:
// neither its address with its query, nor its headers, which hold credentials.
func (p *Place) failure(ctx context.Context, what act, err error) error {
	status, code := statusOf(err), codeOf(err)
	if status == 0 {
		if ctx.Err() != nil {
			return fmt.Errorf("%s: %s: no answer came: %w", p, what, ctx.Err())
		}
		return fmt.Errorf("%s: %s: %s", p, what, onTheWay(err))
	}
	answer := fmt.Sprintf("the store answers %d", status)
	if code != "" {
		answer += " " + code
	}
	for _, r := range refusals {
		if slices.Contains(r.codes, code) || r.status == status && !slices.Contains(passing, code) {
			return &sharedlog.RefusedError{Place: p.String(), Read: what == reading, Reason: r.reason + " (" + answer + ")", Remedy: r.remedy + p.regionOf(err)}
		}
	}
	if status/100 == 4 && !slices.Contains(passingStatus, status) && !slices.Contains(passing, code) {
		return &sharedlog.RefusedError{Place: p.String(), Read: what == reading, Reason: answer, Remedy: "Look at bucket, prefix, region and endpoint of the backend block, and at the store's own log."}
	}
	return fmt.Errorf("%s: %s: %s", p, what, answer)
}

// regionOf says in which region the store has the bucket, if it said so.
func (p *Place) regionOf(err error) string {
	if answer := (*awshttp.ResponseError)(nil); errors.As(err, &answer) && answer.Response != nil {
		if region := answer.Response.Header.Get("X-Amz-Bucket-Region"); regionName.MatchString(region) && len(region) <= maxWord && region != p.region {
			return fmt.Sprintf(" The store says: %q.", region)
		}
	}
	return ""
}

// onTheWay is an error between here and the store: the innermost one, since those
// around it show what was sent.
func onTheWay(err error) string {
	if said := endpoint.Network(err); said != "" {
		return safetext.Message(said)
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			break
		}
		err = inner
	}
	return safetext.Message(err.Error())
}

func (p *Place) withoutCredentials(what act) error {
	if p.tenant != nil {
		return &sharedlog.RefusedError{
			Place: p.String(), Read: what == reading, Reason: "the workspace's env_file has no key for it",
			Remedy: "Write AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN if the key has one, into its env_file: profiles and roles of the machine are not for its workspaces.",
		}
	}
	return &sharedlog.RefusedError{
		Place: p.String(), Read: what == reading, Reason: "no credentials were found, or they can't be renewed",
		Remedy: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or log in as usual with the AWS command line. CI systems get them for a role with OpenID Connect.",
	}
}
