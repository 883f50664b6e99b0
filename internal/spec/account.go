package spec

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/endpoint"
)

// Runs wait for these times, and so do all others that share the state. A log that
// machines share has the same bounds.
const (
	MostSettle  = time.Hour
	MostReadLag = 24 * time.Hour
)

// Account is one consumer key's view of the API.
type Account struct {
	Name     string
	Endpoint string // in its one spelling, as endpoint.Parse makes it; or endpoint.Sandbox
	Formerly string // the name under which the state keeps its orders, if it was another
	Default  bool

	ConsumerKey string // secret: never shown, never stored
	Token       string // secret, instead of ConsumerKey
	// KeyFromOutside is true unless key and endpoint are written as literals in the
	// configuration: such a key goes to allowed hosts only.
	KeyFromOutside bool
	KeyNamed       bool // the configuration says where the key comes from

	Timezone  *time.Location // nil: times without a zone are an error
	Lookback  time.Duration  // how far back orders are looked for by listing
	PageSize  int
	Settle    time.Duration // how long an unanswered write may still take effect
	ReadLag   time.Duration // how long reads may take to show a write, where a lost machine's calls are looked up; at least Settle
	TakeTime  time.Duration // how long the marketplace may take to show a write
	Burst     int
	PerSecond float64

	Sources map[string]SourceSettings // of marketplaces that have any, by order.SourceKey
}

// SourceSettings are how one marketplace of an account takes up changes.
type SourceSettings struct {
	Confirms *bool          // whether its own word follows changes; nil: as it is learned
	TakeTime *time.Duration // as Account.TakeTime; nil: that of the account
}

// Sandbox reports whether the account runs on the built-in simulator.
func (a *Account) Sandbox() bool { return a.Endpoint == endpoint.Sandbox }
