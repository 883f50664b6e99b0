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
}

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
// else they found.
func (p *Plan) ChangesHash() string {
	endpoints := p.endpoints()
	sums := make([][sha256.Size]byte, len(p.Changes))
	for i := range p.Changes {
		c := &p.Changes[i]
		s := sent{
			Endpoint: endpoints[c.Account], Account: c.Account, Order: c.Order.ID, Reason: c.Reason,
			Actions: c.Actions, Values: c.After, Unknown: c.AfterUnknown, Attempt: c.Attempt,
		}
		if !c.ShippedOn.IsZero() {
			s.ShippedOn = c.ShippedOn.String()
		}
		s.Values.ShippedAt = s.Values.ShippedAt.UTC().Truncate(time.Second)
		line, _ := json.Marshal(s) // plain values, which always can be written
		sums[i] = sha256.Sum256(line)
	}
	slices.SortFunc(sums, func(a, b [sha256.Size]byte) int { return bytes.Compare(a[:], b[:]) })
	all := sha256.New()
	for _, sum := range sums {
		all.Write(sum[:])
	}
	return hex.EncodeToString(all.Sum(nil))
}
