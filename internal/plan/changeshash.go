package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
)

// sent is what of a change decides whether another plan does the same.
type sent struct {
	Endpoint, Account, Order, Reason string
	Actions                          []order.Action
	Values                           order.Values
	Unknown                          []string
	ShippedOn                        string
	Attempt                          int
	Content                          string `json:",omitempty"`
}

// sentByRule is what of a standing order decides whether another plan does the same.
type sentByRule struct{ Endpoint, Account, Digest string }

// endpoints are the hashes of those of the accounts, by name.
func (p *Plan) endpoints() map[string]string {
	hashes := map[string]string{}
	for _, a := range p.Accounts {
		hashes[a.Name] = a.EndpointHash
	}
	return hashes
}

// ChangesHash identifies what the plan would send: two plans have the same one if
// they send the same values to the same orders, in whatever order, and whatever
// else they found. Of a standing order the rule counts: which orders are new changes
// from one minute to the next.
func (p *Plan) ChangesHash() string {
	endpoints := p.endpoints()
	sums := make([][sha256.Size]byte, 0, len(p.Changes)+len(p.Standing))
	for _, n := range p.Standing {
		line, _ := json.Marshal(sentByRule{endpoints[n.Account], n.Account, n.Digest})
		sums = append(sums, sha256.Sum256(line))
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		if IsStanding(c.Address) {
			continue
		}
		s := sent{
			Endpoint: endpoints[c.Account], Account: c.Account, Order: c.Order.ID, Reason: c.Reason,
			Actions: c.Actions, Values: c.After, Unknown: c.AfterUnknown, Attempt: c.Attempt, Content: c.Content,
		}
		if !c.ShippedOn.IsZero() {
			s.ShippedOn = c.ShippedOn.String()
		}
		s.Values.ShippedAt = s.Values.ShippedAt.UTC().Truncate(time.Second)
		line, _ := json.Marshal(s) // plain values, which always can be written
		sums = append(sums, sha256.Sum256(line))
	}
	slices.SortFunc(sums, func(a, b [sha256.Size]byte) int { return bytes.Compare(a[:], b[:]) })
	all := sha256.New()
	for _, sum := range sums {
		all.Write(sum[:])
	}
	return hex.EncodeToString(all.Sum(nil))
}
