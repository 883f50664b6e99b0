package plan

import (
	"context"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// NeedsCount lists the accounts of a plan whose cancels the policy compares with
// the number of their orders.
func (p *Plan) NeedsCount() []string {
	cancels := map[string]int{}
	var names []string
	for i := range p.Changes {
		if c := &p.Changes[i]; c.Has(order.Cancel) {
			if cancels[c.Account]++; cancels[c.Account] == spec.RatioTestedFrom {
				names = append(names, c.Account)
			}
		}
	}
	return names
}

// Recount counts the orders of an account's lookback again: what a saved plan
// says of their number decides how many cancels the policy allows, and is only
// its own word.
func (p *Plan) Recount(ctx context.Context, api Reader, account *spec.Account, learned Learned, now func() time.Time) error {
	r := newReading(account, api, nil, learned[account.Name], now)
	if err := r.count(ctx, r.lookback(), &r.out.How.Counted); err != nil {
		return fmt.Errorf("account %s: %w", account.Name, err)
	}
	for i := range p.Accounts {
		if p.Accounts[i].Name == account.Name {
			p.Accounts[i].Read.Counted = r.out.How.Counted
		}
	}
	return nil
}
