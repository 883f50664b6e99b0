package godatafeed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// DefaultTimeout bounds one attempt, from the first byte sent to the last one
// read.
const DefaultTimeout = 60 * time.Second

// Options configure a Client. The zero value of every field but the
// credentials is usable.
type Options struct {
	// Endpoint is the API's base URL; empty means DefaultEndpoint. A path in it
	// comes before the API's own paths.
	Endpoint string

	// ConsumerKey fetches tokens when they are needed. Token is used as it is;
	// with both, the key renews the token when the API answers 401. One of them
	// must be set. Outer white space is dropped: secrets come from files and CI
	// settings with a line end.
	ConsumerKey Secret
	Token       Secret

	Transport http.RoundTripper // nil: NewTransport()
	Limiter   *Limiter          // nil: no throttling
	Timeout   time.Duration     // of one attempt, body included; 0: DefaultTimeout. A download may rest for so long
	UserAgent string            // empty: "gdfctl"

	Now    func() time.Time // nil: time.Now
	Jitter func() float64   // in [0,1), for the pauses before reads are repeated; nil: random

	// Patience is for how long reads are repeated while the API answers with a
	// status from 500 on; 0: DefaultPatience. Below zero: like other broken reads,
	// twice in quick succession.
	Patience time.Duration

	// Account is what OnWait calls this client's account.
	Account string

	// OnCall receives every attempt after it ended, from the goroutine that
	// made it: it must be quick, and safe for concurrent use.
	OnCall func(Call)
}

// Call describes one attempt, for counts and progress. It names no order and
// holds no secret.
type Call struct {
	Op       string        // one of the Op constants
	Status   int           // HTTP status; 0 if no answer came
	Sent     time.Time     // by this machine's clock
	Duration time.Duration // from sending to the last byte, or to the failure
	Waited   time.Duration // for room in the bucket, before it was sent
	Date     time.Time     // of the answer, by the API's clock, in whole seconds; zero if it names none that is its own
}

// The operations, as errors and counts name them.
const (
	OpAuthorize    = "authorize"
	OpCountOrders  = "count orders"
	OpListOrders   = "list orders"
	OpGetOrder     = "get order"
	OpShip         = "ship"
	OpCancel       = "cancel"
	OpAcknowledge  = "acknowledge"
	OpInsert       = "insert"
	OpCountFeeds   = "count feeds"
	OpListFeeds    = "list feeds"
	OpGetFeed      = "get feed"
	OpDownloadFeed = "download feed"
)

// Client calls the API. It is safe for concurrent use.
type Client struct {
	endpoint  endpoint
	tokens    *tokens
	mask      *mask
	transport http.RoundTripper
	limiter   *Limiter
	timeout   time.Duration
	userAgent string
	now       func() time.Time
	jitter    func() float64
	onCall    func(Call)
	budget    budget
	patience  time.Duration
	account   string
	outage    outage
}

// New returns a client. It makes no call. It refuses endpoints that carry
// credentials, a query or a fragment, plain http off loopback, and credentials
// that are missing or hold control characters.
func New(o Options) (*Client, error) {
	where, err := parseEndpoint(o.Endpoint)
	if err != nil {
		return nil, err
	}
	key, err := credential("consumer key", o.ConsumerKey)
	if err != nil {
		return nil, err
	}
	token, err := credential("token", o.Token)
	if err != nil {
		return nil, err
	}
	if key == "" && token == "" {
		return nil, errors.New("neither a consumer key nor a token: set consumer_key or token of the account, or GDF_CONSUMER_KEY")
	}
	c := &Client{
		endpoint:  where,
		tokens:    &tokens{key: key, current: token},
		mask:      new(mask),
		transport: o.Transport,
		limiter:   o.Limiter,
		timeout:   o.Timeout,
		userAgent: o.UserAgent,
		now:       o.Now,
		jitter:    o.Jitter,
		onCall:    o.OnCall,
		patience:  o.Patience,
		account:   o.Account,
		outage:    outage{turn: make(chan struct{}, 1)},
	}
	c.mask.add(key)
	c.mask.add(token)
	c.setDefaults()
	return c, nil
}

func (c *Client) setDefaults() {
	if c.transport == nil {
		c.transport = NewTransport()
	}
	if c.timeout <= 0 {
		c.timeout = DefaultTimeout
	}
	if c.patience == 0 {
		c.patience = DefaultPatience
	}
	if c.userAgent == "" {
		c.userAgent = "gdfctl"
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.jitter == nil {
		c.jitter = rand.Float64
	}
	if c.onCall == nil {
		c.onCall = func(Call) {}
	}
}

// String names the client by its host: a printed client must not show its
// token.
func (c *Client) String() string { return "godatafeed client of " + c.endpoint.host }

// GoString is String, for %#v.
func (c *Client) GoString() string { return c.String() }

// CloseIdleConnections closes the connections that wait for another call.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// CheckCredentials asks the API whether it takes the credentials: with a
// consumer key it fetches a new token, which later calls use; with a token
// alone it counts the feeds. IsDenied distinguishes a refusal from an outage.
func (c *Client) CheckCredentials(ctx context.Context) error {
	if !c.tokens.renewable() {
		_, err := c.CountFeeds(ctx, "")
		return err
	}
	c.tokens.forget()
	if _, err := c.tokens.get(ctx, c.authorize); err != nil {
		return asError(OpAuthorize, err)
	}
	return nil
}

func credential(what string, s Secret) (string, error) {
	value := strings.TrimSpace(string(s))
	if strings.ContainsFunc(value, unicode.IsControl) {
		return "", fmt.Errorf("the %s holds control characters: it was cut or joined wrongly when it was stored", what)
	}
	return value, nil
}
