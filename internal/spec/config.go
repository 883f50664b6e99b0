package spec

import (
	"os"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/order"
)

// Config is everything that the *.hcl files of one directory say.
type Config struct {
	Dir      string
	Accounts []*Account // sorted by name; never empty
	Backend  Backend
	Policy   Policy
	Watches  []*Watch  // sorted by name
	Notify   []*Notify // sorted by name

	// Files holds the sources by name, for the snippets of diagnostics.
	Files map[string]*hcl.File

	root     *os.Root
	base     *hcl.EvalContext // var, local and functions
	orders   []*orderBlock
	batches  []*batchBlock
	releases []release
}

// Close releases the directory. The configuration's tables can't be read
// afterwards.
func (c *Config) Close() error {
	if c.root == nil {
		return nil
	}
	return c.root.Close()
}

// Account returns the account of that name.
func (c *Config) Account(name string) (*Account, bool) {
	for _, a := range c.Accounts {
		if a.Name == name {
			return a, true
		}
	}
	return nil, false
}

// Released lists the orders that release blocks take out of gdfctl's hands.
func (c *Config) Released() []Released {
	out := make([]Released, len(c.releases))
	for i, r := range c.releases {
		out[i] = r.Released
	}
	return out
}

// Empty reports whether the configuration wishes nothing of any order.
func (c *Config) Empty() bool { return len(c.orders) == 0 && len(c.batches) == 0 }

// DefaultEndpoint is the API of the documents.
const DefaultEndpoint = endpoint.Default

// SandboxEndpoint as an account's endpoint runs the built-in simulator.
const SandboxEndpoint = endpoint.Sandbox

// Account is one consumer key's view of the API.
type Account struct {
	Name     string
	Endpoint string // in its one spelling, as endpoint.Parse makes it; or SandboxEndpoint
	Formerly string // the name under which the state keeps its orders, if it was another
	Default  bool

	ConsumerKey string // secret: never shown, never stored
	Token       string // secret, instead of ConsumerKey
	// KeyFromOutside is true unless key and endpoint are written as literals in the
	// configuration: such a key goes to allowed hosts only.
	KeyFromOutside bool
	KeyNamed       bool // the configuration says where the key comes from

	Timezone *time.Location // nil: times without a zone are an error
	Lookback time.Duration  // how far back orders are looked for by listing
	PageSize int
	Settle   time.Duration // how long an unanswered write may still take effect
	TakeTime time.Duration // how long the marketplace may take to show a write
	Burst    int
	PerSec   float64

	Range hcl.Range // of the block; empty for the implied account
}

// Sandbox reports whether the account runs on the built-in simulator.
func (a *Account) Sandbox() bool { return a.Endpoint == SandboxEndpoint }

// Backend says where the state is kept.
type Backend struct {
	Path string // relative to the configuration's directory
}

// Place is where a wish is written. Column is 0 where the whole row is meant.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"-"`
}

// Find says which live order is meant: by ID, by Source and Number (the
// marketplace's), or by OrderNumber (the seller's).
type Find struct {
	ID          string
	Source      string
	Number      string
	OrderNumber string
}

// Origin is the block that a wish comes from.
type Origin struct {
	Kind    string // "order" or "batch"
	Name    string
	Account *Account
	MaxHeld *int // of a batch: how many of its orders may be held; nil: as the policy says

	block *block // what its wishes have in common; nil where there is nothing to say
}

// String is the block's address: order["label"] or batch.NAME.
func (o *Origin) String() string {
	if o.Kind == "order" {
		return `order["` + escapeKey(o.Name) + `"]`
	}
	return o.Kind + "." + o.Name
}

// Wish is what the configuration wants of one order. There can be a million: a
// word more takes 8 MB.
type Wish struct {
	Origin  *Origin
	Find    Find
	Want    order.Values // Status is Acknowledged, Shipped or Cancelled; empty fields are not wanted
	Reason  string       // of a cancel
	Attempt int          // 1 unless the configuration asks to send again
	Place   Place
	// DateOnly: ShippedAt was written without a time and means midnight.
	DateOnly bool
	// ShippedOn is the day that it was shipped on, written in place of ShippedAt:
	// the time is chosen at sending. The account has a Timezone then.
	ShippedOn calendar.Day
	// NoTracking: it ships without a number on purpose.
	NoTracking bool

	void bool  // its label is void: only Find and Want.Tracking are set
	fate fate  // what became of the row
	no   int32 // in the order of reading
	// numberColumn is that of the cell of the tracking number, where it stands in
	// the row's line.
	numberColumn int32

	// Problem is set where this wish can't be acted on: its order is held back.
	Problem *Problem

	// Number is what else is known of the tracking number; mostly nil.
	Number *Number

	extra *extra // what few wishes have
}

// extra is what few wishes have: a value of latest_by, and what was combined.
type extra struct {
	by       latestValue
	parts    []*Wish // all that the wish was made of, also what was taken out
	replaced []Replacement
	notes    []Remark
	released *Released
}

// Problem is why one row's order is held back.
type Problem struct {
	Code       string // as in a plan's held list
	Message    string
	Place      Place
	Conflict   *Conflict // of wishes that contradict each other
	Suggestion string    // what would settle it

	missing string // the text that was looked up in a list and is not in it
}

// Conflict says in which attributes wishes for one order contradict each other,
// and where they stand.
type Conflict struct {
	Fields []string `json:"fields"`
	Places []Place  `json:"places"`
}

// Remark is something about the combination of wishes that people should know.
type Remark struct {
	Code    string
	Message string
	Place   Place
}

// Step is a step of combining wishes that can take one out.
type Step string

// The steps that take wishes out, in their order.
const (
	StepRelease          Step = "release"
	StepReplaces         Step = "replaces"
	StepVoided           Step = "voided"
	StepLatest           Step = "latest"
	StepLatestBy         Step = "latest_by"
	StepMultipleTracking Step = "multiple_tracking"
)

// Replacement records a wish that does not stand, and what took it out.
type Replacement struct {
	Address   string `json:"address"`
	Place     Place  `json:"defined_at"`
	By        Step   `json:"by"`
	ByAddress string `json:"by_address,omitempty"` // of the wish that stands instead
	ByPlace   Place  `json:"by_defined_at"`
	Reason    string `json:"reason,omitempty"` // of a release
}

// Released is an order whose wish was dropped because people settled it.
type Released struct {
	Account *Account
	Find    Find
	Reason  string
	Place   Place
}

// Wishes is what stands after all tables are read.
type Wishes struct {
	Orders   []*Wish // sorted by address
	Dropped  []*Wish // one for each order of which nothing is wanted after all: its rows are void
	Replaced []Replacement
	Released []Released
	Empty    []string // batches whose tables have no row
	Rows     int      // rows read, those that `where` leaves out included
	badToo   []*Wish  // bad rows that don't stand because another bad row of their order does
	// Batches accounts for the rows of each batch, in the order of addresses.
	Batches []*BatchCount
	// Hash identifies what is wanted: it is the same for the same wishes and
	// releases, whatever the files and blocks are called that they stand in.
	Hash string
}
