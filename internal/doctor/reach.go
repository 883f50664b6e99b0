package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
)

// hasKey reports whether tokens are fetched. A token alone is tried by the
// calls that are made with it.
func (e *examination) hasKey() bool { return e.Account.ConsumerKey != "" || e.Account.Sandbox() }

// authorised finds out whether the API can be reached and gives a token.
func (e *examination) authorised(ctx context.Context) bool {
	if err := e.api.CheckCredentials(ctx); err != nil {
		e.failed(ctx, Credentials, err)
		return false
	}
	e.reached()
	e.add(Credentials, OK, "the consumer key gives tokens", "")
	return true
}

// reached takes note that the API answers.
func (e *examination) reached() {
	switch at := e.Account.Endpoint; {
	case e.Account.Sandbox():
		e.add(Endpoint, OK, "the built-in simulator: nothing reaches a marketplace", "")
	case strings.HasPrefix(at, "http:"):
		e.add(Endpoint, OK, "plain http, to this machine only", "")
	case at == endpoint.Default:
		e.add(Endpoint, OK, "https, the host that the API's documents name", "")
	default:
		e.add(Endpoint, OK, "https, to another host than the API's documents name", "")
	}
}

// failed tells why a check could not be made. It reports whether others may go
// better.
func (e *examination) failed(ctx context.Context, check Check, err error) bool {
	status, brief := 0, err.Error()
	if failed, ok := errors.AsType[*godatafeed.Error](err); ok {
		status, brief = failed.Status, failed.Brief()
	}
	if unlimited, ok := errors.AsType[*godatafeed.UnlimitedError](err); ok {
		e.ended = errUnlimited
		e.add(CallLimit, Problem, "it is shared with other machines, and can't be kept: "+unlimited.Reason, cmp.Or(unlimited.Remedy, "No call is made while it is not known how many others make. Bring the database back"))
		return false
	}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errTooSlow):
		e.ended = cause
		e.add(Endpoint, Problem, brief+"; "+cause.Error(), "Try again later; other clients of the account, or a small rate_limit, make it wait too")
	case cause != nil:
		e.ended = cause
	case status == 0 && e.meter.answered == 0:
		e.add(Endpoint, Problem, brief, "")
	case check == Credentials && godatafeed.IsDenied(err):
		e.reached()
		e.add(Credentials, Problem, brief, "")
	case check == Credentials:
		e.add(Endpoint, Problem, "it gives no token: "+brief, "Check the account's endpoint. If it is right, try again later")
	case status == unauthorized:
		e.reached()
		e.add(Credentials, Problem, brief, "Check GDF_CONSUMER_KEY (or GDF_TOKEN), or what the account's consumer_key or token names")
	case status == forbidden:
		e.add(check, Problem, "the API does not permit it: "+brief, "Let the account's owner permit it for this key in the GoDataFeed control panel")
		return true
	default:
		e.add(check, Problem, brief, "Try again later; if it stays so, ask GoDataFeed")
		return true
	}
	return false
}

// feeds finds out whether feeds may be read.
func (e *examination) feeds(ctx context.Context) {
	n, err := e.api.CountFeeds(ctx, "")
	switch {
	case err == nil:
		e.add(Feeds, OK, strconv.Itoa(n), "")
	case context.Cause(ctx) == nil && godatafeed.IsDenied(err):
		e.add(Feeds, Warning, "the API does not permit them to this key", "Orders can be planned and applied all the same; the commands below feeds can't work")
	default:
		e.failed(ctx, Feeds, err)
	}
}

var errUnlimited = errors.New("the call limit can't be kept")

// callLimit tells what this machine knows of the account's bucket.
func (e *examination) callLimit() {
	if errors.Is(e.ended, errUnlimited) {
		return
	}
	shared, why := e.limit.Shared()
	nominal := fmt.Sprintf("%d calls at once, %g a second", e.Account.Burst, e.Account.PerSecond)
	share, at := e.limit.Slowed()
	switch {
	case e.meter.refused > 0:
		e.add(CallLimit, Warning, fmt.Sprintf("the API refused %d of %d calls (HTTP 429), though there was room for them in the %s", e.meter.refused, e.meter.calls, nominal),
			"Another client uses the account's limit, or rate_limit is larger than the API's. gdfctl slows down by itself; plan and apply take longer")
	case share < 1:
		e.add(CallLimit, Warning, fmt.Sprintf("slowed down to %.0f %% of %s, since calls were refused at %s", 100*share, nominal, at.UTC().Format("15:04:05Z")),
			"Another client seems to use the account. The rate comes back by itself within minutes if there are no more refusals")
	case why != nil && why.Remedy != "":
		e.add(CallLimit, Warning, "this machine counts its own calls alone: "+why.Reason, why.Remedy)
	case e.limit.Fallback() != nil:
		e.add(CallLimit, Warning, e.limit.Fallback().Error(), "Several gdfctl processes at a time can exceed the limit. Make the cache directory writable, or name another one in GDF_CACHE_DIR")
	default:
		by := "by this machine"
		if shared {
			by = "by all machines that share the database"
		} else if why != nil {
			by += ": " + why.Reason
		}
		e.add(CallLimit, OK, fmt.Sprintf("%s; %.0f of them are used now %s", nominal, e.limit.Level(), by), "")
	}
}

// timeZone tells which times are meant where none is written.
func (e *examination) timeZone() {
	zone := e.Account.Timezone
	if zone == nil {
		e.add(TimeZone, OK, "none: a time that is written without its zone is an error", "")
		return
	}
	e.add(TimeZone, OK, fmt.Sprintf("%s, now UTC%s", zone, e.Now().In(zone).Format("-07:00")), "")
}
