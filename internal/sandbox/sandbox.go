package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// The defaults of Options, from the API's reference where it names one.
const (
	DefaultConsumerKey = "sandbox"
	DefaultOrders      = 40
	DefaultFeeds       = 6
	DefaultBurst       = 50
	DefaultPerSecond   = 2
)

// The values of Options.DateField and Options.Style.
const (
	DateSource      = "source"      // DateCreatedInOrderSource
	DateDestination = "destination" // DateCreatedInDestination

	StyleDocumented = "documented" // as in the reference's examples
	StyleOther      = "other"      // upper case, British spelling, no zones, amounts as strings, more fields
)

// Options say what world a Sandbox holds and how it behaves. The zero value is
// a documented API with a small world in memory.
type Options struct {
	Seed   uint64 // same seed, same orders, feeds and faults
	Orders int    // orders generated; 0 is DefaultOrders, negative is none
	Feeds  int    // feeds generated; 0 is DefaultFeeds, negative is none
	File   string // where the world is kept (JSON Lines, mode 0600); "" keeps it in memory

	Now   func() time.Time                                 // default time.Now
	Sleep func(ctx context.Context, d time.Duration) error // for faults that take time; default a real timer

	ConsumerKey   string        // the key that Authorization accepts; default DefaultConsumerKey
	Token         string        // a token that is valid from the start, besides those that Authorization hands out
	TokenLifespan time.Duration // 0 is forever

	Burst     int     // size of the leaky bucket; 0 is DefaultBurst, negative means no limit
	PerSecond float64 // its leak; 0 is DefaultPerSecond

	PageCap          int    // largest page served; 0 means no cap
	NewestFirst      bool   // order of lists
	DateField        string // which creation date fromDate and toDate filter; default DateSource
	Style            string // spelling of answers; default StyleDocumented
	RefuseDuplicates bool   // InsertOrder refuses a source and number that are there (400)

	ReadLag     time.Duration        // reads show a write this long after it took effect
	Silent      []string             // marketplaces whose SourceOrderStatus never follows, in any case
	Refuses     []string             // carriers that no marketplace takes: an error appears RefuseAfter a shipment with one
	RefuseAfter time.Duration        // 0: at once
	SourceLag   time.Duration        // SourceOrderStatus follows OrderStatus this much later
	ExecuteLate func() time.Duration // how long after it was received a write takes effect; nil is at once
	Arrivals    int                  // at every N-th listing of orders a new order arrives; 0 is never

	Faults  []Fault
	Control bool // serve the control side under /_sandbox/
}

// Sandbox is a simulated API with its world. It is safe for concurrent use.
type Sandbox struct {
	opts    Options
	style   style
	control http.Handler

	// mu guards everything below. Whatever comes in from outside takes it once, and
	// so all other methods run under it.
	mu        sync.Mutex
	world     *world
	byID      map[string]*order
	byNumber  map[string]*order // by numberKey
	index     *index
	buyers    map[string]buyer     // of inserted orders only, never persisted
	tokens    map[string]time.Time // expiry; zero is never
	issued    uint64               // tokens handed out
	bucket    bucket
	faults    faultSet
	calls     map[Op]int
	throttled int
	listings  int
	file      worldFile
}

// New opens the world kept in Options.File, or generates one. The options that
// shape a world (Seed, Orders, Feeds) are ignored when it is there already. It
// returns an error for options that make no sense and for a file that can't be
// read or written.
func New(o Options) (s *Sandbox, err error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	s = &Sandbox{
		opts:   o,
		style:  style{other: o.Style == StyleOther},
		buyers: map[string]buyer{},
		tokens: map[string]time.Time{},
		bucket: bucket{burst: float64(o.Burst), perSecond: o.PerSecond},
		calls:  map[Op]int{},
		faults: faultSet{seed: o.Seed},
	}
	s.control = s.controlHandler()
	if o.Token != "" {
		s.tokens[o.Token] = time.Time{}
	}
	for _, f := range o.Faults {
		if err := s.faults.add(f); err != nil {
			return nil, err
		}
	}
	if s.world, s.file, err = loadWorld(o.File); err != nil {
		return nil, err
	}
	if s.world == nil {
		s.world = generateWorld(o.Seed, o.Orders, o.Feeds, s.now())
	}
	s.buildIndex()
	if err := s.locked(func(time.Time) {}); err != nil {
		return nil, err
	}
	return s, nil
}

// Close writes what the file does not hold yet. The sandbox stays usable; with
// no file Close does nothing.
func (s *Sandbox) Close() error {
	return s.locked(func(time.Time) {})
}

func (o *Options) complete() error {
	o.Orders = count(o.Orders, DefaultOrders)
	o.Feeds = count(o.Feeds, DefaultFeeds)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.ConsumerKey == "" {
		o.ConsumerKey = DefaultConsumerKey
	}
	if o.Burst == 0 {
		o.Burst = DefaultBurst
	}
	if o.PerSecond == 0 {
		o.PerSecond = DefaultPerSecond
	}
	if o.DateField == "" {
		o.DateField = DateSource
	}
	if o.Style == "" {
		o.Style = StyleDocumented
	}
	switch {
	case o.DateField != DateSource && o.DateField != DateDestination:
		return fmt.Errorf("sandbox: date field %q: want %q or %q", o.DateField, DateSource, DateDestination)
	case o.Style != StyleDocumented && o.Style != StyleOther:
		return fmt.Errorf("sandbox: style %q: want %q or %q", o.Style, StyleDocumented, StyleOther)
	case o.PerSecond < 0, o.PageCap < 0, o.Arrivals < 0, o.TokenLifespan < 0, o.ReadLag < 0, o.SourceLag < 0:
		return fmt.Errorf("sandbox: a rate, cap, lifespan or lag is negative")
	}
	return nil
}

// count reads a number of things to generate: 0 means the default, so that
// none needs a spelling of its own.
func count(n, byDefault int) int {
	switch {
	case n == 0:
		return byDefault
	case n < 0:
		return 0
	}
	return n
}

// locked runs f on the world as it is now: whatever was due has taken effect.
// What f and the due events changed is on disk before locked returns, so that
// a client never sees an answer that a kill could take back.
func (s *Sandbox) locked(f func(now time.Time)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.catchUp(now)
	f(now)
	return s.persist()
}

func (s *Sandbox) now() time.Time { return s.opts.Now().UTC().Round(0) }

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
