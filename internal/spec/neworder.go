package spec

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/order"
)

// NewOrder is an order that must exist. Of its row it holds what plans show and compare;
// the buyer stays in the table.
type NewOrder struct {
	// Wish names the order: by its marketplace and the number there. It wants nothing but
	// that the order is there.
	Wish
	Created time.Time         // at the marketplace
	Digest  [sha256.Size]byte // of what is sent. Nothing keeps it: see neworder.Order
	PerRun  int               // the most that a plan inserts of its block; 0: no limit
	Faults  []Remark          // all that is wrong with the row; Problem is the first
	Doubts  []Remark          // what is doubtful, each with its rule as the code
}

// ID is what the order is called until the API gives it an ID.
func (n *NewOrder) ID() string { return order.InsertID(n.Find.Source, n.Find.Number) }

// Ref names the order.
func (n *NewOrder) Ref() order.Ref {
	return order.Ref{ID: n.ID(), Source: n.Find.Source, SourceNumber: n.Find.Number}
}

// newKey is what two rows are about one new order by.
type newKey struct {
	account *Account
	id      string
}

// ResolveNew decides which of the rows stand for each order that must exist: equal rows
// are one, different ones are a conflict, and a release takes an order out. The counts
// are those of the rows' blocks, by their addresses.
func (w *Wishes) ResolveNew(rows []*NewOrder, counts map[string]*BatchCount) {
	slices.SortFunc(rows, func(a, b *NewOrder) int {
		return cmp.Or(a.Place.compareNaturally(b.Place), cmp.Compare(a.Address(), b.Address()))
	})
	first, bad := map[newKey]*NewOrder{}, map[newKey]*NewOrder{}
	for _, n := range rows {
		count := counts[n.Origin.String()]
		key := newKey{n.Origin.Account, n.ID()}
		if r := w.releaseOfNew(n); r != nil {
			count.Replaced++
			w.Replaced = append(w.Replaced, Replacement{Address: n.Address(), Place: n.Place, By: StepRelease, ByPlace: r.Place, Reason: r.Reason, New: true})
			continue
		}
		if n.Problem != nil {
			count.Bad++
			bad[key] = n
			w.New = append(w.New, n)
			continue
		}
		stands := first[key]
		switch {
		case stands == nil:
			first[key] = n
			count.Orders++
			w.New = append(w.New, n)
		case stands.Digest == n.Digest:
			count.Repeated++
		default:
			count.Combined++
			stands.contradict(n)
		}
	}
	for key, n := range bad { // what the order would be without that fault is not for gdfctl to say
		if stands := first[key]; stands != nil && n.Find.Number != "" {
			stands.contradict(n)
		}
	}
	slices.SortStableFunc(w.New, func(a, b *NewOrder) int { return strings.Compare(a.Address(), b.Address()) })
	w.hashNew()
}

func (w *Wishes) releaseOfNew(n *NewOrder) *Release {
	for i := range w.Released {
		if r := &w.Released[i]; r.Covers(n.Origin.Account.Name, n.Ref(), n.Want.OrderNumber) {
			return r
		}
	}
	return nil
}

// contradict notes another row that wants the same order with other contents.
func (n *NewOrder) contradict(other *NewOrder) {
	if n.Problem == nil {
		n.Problem = &Problem{
			Code: ConflictCode, Message: "two rows with this number differ: an order is inserted once", Place: n.Place,
			Conflict: &Conflict{Fields: []string{}, Places: []Place{n.Place}}, Suggestion: "remove one of the rows",
		}
		n.Faults = []Remark{{ConflictCode, n.Problem.Message, n.Place}}
	}
	n.Problem.Conflict.Places = append(n.Problem.Conflict.Places, other.Place)
	n.Faults = append(n.Faults, Remark{ConflictCode, n.Problem.Message + ", see " + n.Place.String(), other.Place})
}

// hashNew makes the new orders a part of the hash of what is wanted. What stands in their
// rows is not: a hash of a buyer can be tried out, and this one is kept.
func (w *Wishes) hashNew() {
	if len(w.New) == 0 {
		return
	}
	var f fieldHash
	f.texts("new_orders", w.Hash)
	names := make([]string, 0, len(w.New))
	for _, n := range w.New {
		if n.Problem == nil {
			names = append(names, n.Origin.Account.Name+"\x00"+n.ID())
		}
	}
	slices.Sort(names)
	f.texts(names...)
	sum := f.sum()
	w.Hash = hex.EncodeToString(sum[:])
}

// newDiagnostics is what is wrong with the rows of new orders, and what is doubtful.
func (w *Wishes) newDiagnostics() diag.List {
	var diags diag.List
	for _, n := range w.New {
		for _, f := range n.Faults {
			diags = append(diags, f.Place.Error("A row of new orders that can't be used", n.Address()+": "+f.Message+". plan holds this order back."))
		}
		for _, d := range n.Doubts {
			diags = append(diags, d.Place.Warning(d.Code, n.Address()+": "+d.Message+"."))
		}
	}
	return diags
}
