package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/uptake"
	"github.com/gdfctl/gdfctl/internal/words"
)

// unknownOutcome stands among the words of changes where the outcome of a call is
// unknown.
const unknownOutcome = "unknown"

// Verified is what happened to the changes that the API accepted.
type Verified struct {
	FormatVersion string          `json:"format_version"`
	At            time.Time       `json:"at"`
	Result        StatusResult    `json:"result"`
	Calls         int             `json:"calls"`
	Closed        int             `json:"closed"`       // of the orders, that need no more calls
	NextReadAt    *time.Time      `json:"next_read_at"` // when a read can say more of what waits
	Orders        []VerifiedOrder `json:"orders"`       // by word, those that need a person first

	Groups      []*VerifiedGroup `json:"-"`
	NextAccount string           `json:"-"` // whose order NextReadAt is about
	Clock       Clock            `json:"-"`
	Mark        string           `json:"-"` // as of a plan
	Review      Review           `json:"-"`
	Version     string           `json:"-"` // of gdfctl
}

// VerifiedOrder is an order of it.
type VerifiedOrder struct {
	Account    string     `json:"account"`
	Order      order.Ref  `json:"order"`
	Action     string     `json:"action"`
	Tracking   *string    `json:"tracking_number"`
	Carrier    string     `json:"-"`
	Result     string     `json:"result"`
	VerifiedBy *string    `json:"verified_by"`
	AppliedAt  time.Time  `json:"applied_at"` // of a call without a known outcome: when it was begun
	ShownAt    *time.Time `json:"shown_at"`   // of the first read that showed the change
	ReadAt     *time.Time `json:"read_at"`    // of the latest read
	NextReadAt *time.Time `json:"next_read_at"`
	Message    *string    `json:"message"`
	Closed     bool       `json:"closed"`
	Done       bool       `json:"done"` // nothing is waited for
}

// VerifiedGroup are the orders of one word.
type VerifiedGroup struct {
	Kind   Kind
	Title  string
	Person bool // one has to look
	Waits  bool
	Orders []*VerifiedOrder
}

// VerifiedChange is what Verified is made of.
type VerifiedChange struct {
	plan.Accepted
	Said   string   // the marketplace's error
	Gone   bool     // the API doesn't know the order any more
	Twice  []string // the IDs of an order that was inserted once and is there more than once
	Closed bool
}

// NewVerified is the report of changes, the oldest first.
func NewVerified(at time.Time, calls int, zones map[string]*time.Location, changes []VerifiedChange) *Verified {
	r := &Verified{
		FormatVersion: jsonformat.Version, At: at.UTC().Truncate(time.Second), Calls: calls, Result: NothingOpen, Orders: []VerifiedOrder{},
		Clock: Clock{Zones: zones, Plan: &Plan{CreatedAt: at}},
	}
	groups := map[string]*VerifiedGroup{}
	var order []string
	for _, word := range []string{string(uptake.Twice), string(uptake.RefusedLater), string(uptake.Drifted), string(uptake.NotTaken), unknownOutcome, string(uptake.Pending), waitingShown, string(uptake.Shown), string(uptake.Verified)} {
		groups[word] = &VerifiedGroup{Kind: verifiedKinds[word], Title: verifiedTitles[word], Person: uptake.Word(word).NeedsPerson() || word == unknownOutcome, Waits: word == string(uptake.Pending) || word == waitingShown}
		order = append(order, word)
	}
	of := map[string][]VerifiedOrder{}
	for i := range changes {
		o, word := verifiedOrder(&changes[i])
		of[word] = append(of[word], o)
		if o.Closed {
			r.Closed++
		}
		if n := o.NextReadAt; n != nil && !o.Done && (r.NextReadAt == nil || n.Before(*r.NextReadAt)) {
			r.NextReadAt, r.NextAccount = n, o.Account
		}
	}
	for _, word := range order {
		r.Orders = append(r.Orders, of[word]...)
	}
	n := 0
	for _, word := range order {
		g := groups[word]
		for range of[word] {
			g.Orders = append(g.Orders, &r.Orders[n])
			n++
		}
		if len(g.Orders) == 0 {
			continue
		}
		r.Groups = append(r.Groups, g)
		switch {
		case g.Person:
			r.Result = NeedsPerson
		case g.Waits && r.Result == NothingOpen:
			r.Result = OnlyWaits
		}
	}
	return r
}

// waitingShown groups what is shown while its marketplace can still confirm it.
const waitingShown = "shown, waiting"

var verifiedTitles = map[string]string{
	string(uptake.Twice):        "There more than once",
	string(uptake.RefusedLater): "Refused by the marketplace",
	string(uptake.Drifted):      "Changed by somebody else",
	string(uptake.NotTaken):     "Accepted, never shown",
	unknownOutcome:              "Outcome unknown",
	string(uptake.Pending):      "Accepted, not verified yet",
	waitingShown:                "Shown, not confirmed yet",
	string(uptake.Shown):        "Shown (the marketplace gives no confirmation)",
	string(uptake.Verified):     "Verified",
}

func verifiedOrder(c *VerifiedChange) (o VerifiedOrder, word string) {
	e, at := c.Entry, c.Since().UTC().Truncate(time.Second)
	o = VerifiedOrder{Account: c.Account.Name, Order: e.Ref, Action: string(c.Action()), AppliedAt: at, Closed: c.Closed}
	if e.Observed != nil {
		o.ReadAt = wholeSeconds(e.Observed.At)
	}
	if c.Unknown {
		o.Result = unknownOutcome
		o.Message = nullable("the outcome of the call is unknown: apply finds it out")
		return o, unknownOutcome
	}
	if len(c.Twice) > 0 {
		o.Result, o.Message = string(uptake.Twice), nullable(safetext.Line(plan.InsertedTwice(c.Twice)))
		return o, o.Result
	}
	o.Tracking, o.Carrier, o.ShownAt = nullable(e.Applied.Values.Tracking), e.Applied.Values.Carrier, wholeSeconds(e.Applied.Shown)
	o.Result, o.VerifiedBy, o.Done = string(c.Result.Word), nullable(string(c.Result.By)), c.Result.Done
	if !c.Result.Next.IsZero() {
		o.NextReadAt = wholeSeconds(c.Result.Next)
	}
	message := plan.UptakeMessage(&c.Accepted, c.Said)
	switch gone := "the API doesn't know the order any more"; {
	case c.Gone && c.Result.Word == uptake.NotTaken:
		message = gone + ": look at its marketplace"
	case c.Gone:
		message = strings.TrimPrefix(message+"; "+gone, "; ")
	}
	o.Message = nullable(safetext.Line(message))
	if word = o.Result; c.Result.Word == uptake.Shown && !c.Result.Done {
		word = waitingShown
	}
	return o, word
}

// Change is what was done to the order: "ship 1Z…".
func (o *VerifiedOrder) Change() string {
	if o.Tracking == nil {
		return o.Action
	}
	return o.Action + " " + *o.Tracking
}

// Head is how many orders a group has, and what they are.
func (g *VerifiedGroup) Head() string { return words.Number(len(g.Orders)) + " " + g.what() }

func (g *VerifiedGroup) what() string { return strings.ToLower(g.Title[:1]) + g.Title[1:] }

// Footing says what the report was made from, and when a later one can say more.
func (r *Verified) Footing() string {
	text := fmt.Sprintf("%s, %s closed, %s.", words.Count(len(r.Orders), "accepted change", "accepted changes"), words.Number(r.Closed), words.Count(r.Calls, "call", "calls"))
	if r.NextReadAt != nil {
		text += " A read can say more from " + r.Clock.Time(r.NextAccount, *r.NextReadAt) + " on."
	}
	return text
}

// Things is how many changes need a person.
func (r *Verified) Things() (n int) {
	for _, g := range r.Groups {
		if g.Person {
			n += len(g.Orders)
		}
	}
	return n
}
