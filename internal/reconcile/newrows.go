package reconcile

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/neworder"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// sealPurpose keeps the keys of seals apart from whatever else is made of an account's key.
const sealPurpose = "gdfctl: the content of new orders, 1"

// seal is a plan.Seal. Its key is made of the account's own, so that a plan, which is
// committed and published, can't be used to try out whose order it is about.
func seal(account *spec.Account, digest [sha256.Size]byte) string {
	secret := account.ConsumerKey + account.Token
	if account.Sandbox() {
		secret = InsideKey
	}
	key := hmac.New(sha256.New, []byte(secret))
	key.Write([]byte(sealPurpose))
	sealed := hmac.New(sha256.New, key.Sum(nil))
	sealed.Write(digest[:])
	return hex.EncodeToString(sealed.Sum(nil))
}

// rowsAtOnce is for how many inserts the tables are read at once: so many buyers are in
// memory, and the tables are read once for as many.
const rowsAtOnce = 50

// newRows reads the rows of inserts when these are sent.
type newRows struct {
	workspace *workspace
	accounts  map[string]*spec.Account
	inserts   []rowName       // in the order of work
	place     map[rowName]int // among them

	mu   sync.Mutex
	read map[rowName]*neworder.Order // and not sent yet
}

// rowName is how a row is asked for.
type rowName struct{ account, id string }

func (a *applying) newRows() *newRows {
	r := &newRows{workspace: a.workspace, accounts: map[string]*spec.Account{}, place: map[rowName]int{}}
	for _, account := range a.cfg.Accounts {
		r.accounts[account.Name] = account
	}
	for i := range a.report.Plan.Changes {
		if c := &a.report.Plan.Changes[i]; c.Has(order.Insert) {
			name := rowName{c.Account, c.Order.ID}
			r.place[name] = len(r.inserts)
			r.inserts = append(r.inserts, name)
		}
	}
	return r
}

// body is what an insert sends, if its row still says what it said when the plan was made.
func (r *newRows) body(ctx context.Context, c *plan.Change) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	name := rowName{c.Account, c.Order.ID}
	o := r.read[name]
	if o == nil {
		if err := r.readLocked(ctx, name); err != nil {
			return nil, err
		}
		o = r.read[name]
	}
	delete(r.read, name)
	switch {
	case o == nil:
		return nil, &apply.RowError{Text: "its row is not there any more, or can't be used: plan again"}
	case !hmac.Equal([]byte(seal(r.accounts[c.Account], o.Digest())), []byte(c.Content)):
		return nil, &apply.RowError{Text: "its row changed since the plan, or the account has another key: plan again"}
	}
	return o.Body(), nil
}

// readLocked reads a row and those that come after it.
func (r *newRows) readLocked(ctx context.Context, first rowName) error {
	wanted := map[rowName]bool{}
	at := r.place[first]
	for _, name := range r.inserts[at:min(at+rowsAtOnce, len(r.inserts))] {
		wanted[name] = true
	}
	orders, err := r.workspace.cfg.Bodies(ctx, func(account, id string) bool { return wanted[rowName{account, id}] })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return &apply.RowError{Text: "its table can't be read any more: " + err.Error()}
	}
	r.read = map[rowName]*neworder.Order{}
	for _, o := range orders {
		r.read[rowName{o.Account, o.ID()}] = o.Order
	}
	return nil
}
