package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/words"
)

// StandingCount accounts for the new orders of a standing order's marketplace.
type StandingCount struct {
	Address   string `json:"address"`
	Account   string `json:"account"`
	Digest    string `json:"digest"` // of what the block says
	MaxPerRun int    `json:"max_per_run"`
	Where     string `json:"limit_at"` // where max_per_run stands

	New        int `json:"new"` // that were read; what follows are parts of them
	TooYoung   int `json:"too_young"`
	TooOld     int `json:"too_old"`
	LeftOut    int `json:"left_out"`    // by only or except
	Named      int `json:"named"`       // by another block, or a release
	AgeUnknown int `json:"age_unknown"` // their marketplace says no date of creation
	Selected   int `json:"selected"`    // of these, some may be pending or held back
	Deferred   int `json:"deferred"`    // of these, by max_per_run
}

func countOf(block *spec.Standing) *StandingCount {
	return &StandingCount{
		Address: block.Origin.String(), Account: block.Origin.Account.Name, Digest: block.Digest, MaxPerRun: block.MaxPerRun, Where: block.LimitAt.String(),
	}
}

// String accounts for all new orders.
func (n *StandingCount) String() string {
	text := words.Count(n.New, "new order", "new orders") + ": " + words.Number(n.Selected) + " selected"
	for _, part := range []struct {
		n    int
		what string
	}{
		{n.TooYoung, "not old enough"},
		{n.TooOld, "too old"},
		{n.LeftOut, "left out by only or except"},
		{n.Named, "named by another block"},
		{n.AgeUnknown, "of unknown age"},
	} {
		if part.n > 0 {
			text += fmt.Sprintf(", %s %s", words.Number(part.n), part.what)
		}
	}
	if n.Deferred > 0 {
		text += fmt.Sprintf("; %s for the next run (max_per_run = %d)", words.Count(n.Deferred, "of the selected waits", "of the selected wait"), n.MaxPerRun)
	}
	return text
}

// WaitsForRun begins the message of an order that waits because of max_per_run.
const WaitsForRun = "waits for the next run: "

// limit says which limit lets orders wait, and where it stands.
func (n *StandingCount) limit() string {
	return fmt.Sprintf("max_per_run of %s is %d (%s)", n.Address, n.MaxPerRun, n.Where)
}

// StandingStopped is the code of a standing order that does nothing, because one
// of its tables can't be used.
const StandingStopped Code = "standing_stopped"

// IsStanding reports whether an address is of a standing order alone.
func IsStanding(address string) bool { return strings.HasPrefix(address, spec.KindStanding+".") }

// selecting is the selection of orders by the standing orders of one account.
type selecting struct {
	*builder
	snap   *AccountSnapshot
	blocks []*spec.Standing
	counts []*StandingCount // of each block
	named  map[*order.Live]bool
}

// selectStanding finds the new orders that standing orders mean. What somebody
// wrote of an order goes first, whatever came of it.
func (b *builder) selectStanding() {
	byAccount := map[*spec.Account]*selecting{}
	for _, block := range b.in.Wishes.Standing {
		account := block.Origin.Account
		if b.in.Snapshot.Unread[account.Name] != nil {
			continue
		}
		if block.Problem != nil {
			b.stopStanding(block)
			continue
		}
		s := byAccount[account]
		if s == nil {
			s = &selecting{builder: b, snap: b.in.Snapshot.Accounts[account.Name], named: map[*order.Live]bool{}}
			byAccount[account] = s
		}
		s.blocks = append(s.blocks, block)
		s.counts = append(s.counts, countOf(block))
	}
	for _, account := range b.in.Accounts {
		s := byAccount[account]
		if s == nil {
			continue
		}
		s.findNamed(account)
		for i := range s.snap.count {
			s.look(s.snap.at(i))
		}
		for i, block := range s.blocks {
			if b.in.Select.touches(s.counts[i].Address) {
				b.plan.Standing = append(b.plan.Standing, s.counts[i])
				s.say(block, s.counts[i])
			}
		}
	}
}

func (b *builder) stopStanding(block *spec.Standing) {
	if address := block.Origin.String(); b.in.Select.touches(address) {
		b.plan.Stopped = append(b.plan.Stopped, StoppedBatch{
			Address: address, Code: StandingStopped, Where: block.Problem.Place.String(), Reason: block.Problem.Message,
			Messages: []string{}, Raise: "Correct that, and plan again.",
		})
	}
}

// findNamed notes the live orders that something else names and that nothing is
// done about now: bad rows, closed orders, what is not selected, what is void, what
// matches several orders, what people released.
func (s *selecting) findNamed(account *spec.Account) {
	name := func(f spec.Find, but bool) {
		if f.Empty() {
			return
		}
		for _, id := range s.snap.match(f) {
			live := s.snap.order(id)
			if _, taken := s.taken[live]; !taken || !but {
				s.named[live] = true
			}
		}
	}
	for _, w := range s.in.Snapshot.wishes {
		if w.Origin.Account == account {
			asked := s.asks(w) // then what it wants is put together with what standing orders want
			name(w.find(), asked)
			if w.id != "" {
				name(w.Find, asked)
			}
		}
	}
	for _, w := range s.in.Wishes.Dropped {
		if w.Origin.Account == account {
			name(w.Find, false)
		}
	}
	for i := range s.in.Wishes.Released {
		if r := &s.in.Wishes.Released[i]; r.Account == account {
			name(r.Find, false)
		}
	}
}

// look judges one live order. Of one that a write of gdfctl changed and that reads
// still show as new, nothing is wanted again; it is pending.
func (s *selecting) look(live *order.Live) {
	if live.Status != order.New {
		return
	}
	judged := *live
	_, taken := s.taken[live]
	if taken {
		// Something else decides it: what a saved plan says of it has to do.
		judged = asPlanned(live.Ref, live.Values, live.Created())
	}
	var wishes []*spec.Wish
	var counts []*StandingCount
	selected := false
	for i, block := range s.blocks {
		if !s.counts[i].add(block.Fits(judged, s.plan.CreatedAt)) {
			continue
		}
		w := block.Wish(judged)
		wishes, counts = append(wishes, w), append(counts, s.counts[i])
		selected = selected || s.in.Select.wants(w)
	}
	if len(wishes) == 0 {
		return
	}
	if !taken && (s.named[live] || !selected) {
		for _, n := range counts {
			if s.named[live] {
				n.Named++
			} else {
				n.New-- // no part of this plan
			}
		}
		return
	}
	account := wishes[0].Origin.Account
	entry := s.in.State.Remembered(state.Key{Endpoint: account.Endpoint, Account: account.Name, ID: live.ID})
	if now, _ := Effective(entry, *live, 1); now.Status != order.New {
		for _, w := range wishes { // the number that was sent, whatever would be sent now
			w.Want.OrderNumber, w.Problem = now.OrderNumber, nil
		}
		if taken {
			wishes = nil // what somebody wrote shows what is pending
		}
	}
	for _, n := range counts {
		if taken {
			n.Named++
		} else {
			n.Selected++
		}
	}
	for _, w := range wishes {
		if !taken && w.Problem == nil {
			s.ambiguous(w, live)
		}
		s.add(w, live)
	}
}

// ambiguous holds back an order whose number another order has too.
func (s *selecting) ambiguous(w *spec.Wish, live *order.Live) {
	ids := s.snap.match(w.Find)
	if known := soughtOf(s.in.State, w); known.id != "" && known.id != live.ID {
		ids = append(ids, known.id)
	}
	if len(ids) > 1 {
		w.Problem = &spec.Problem{Code: string(AmbiguousMatch), Place: w.Place, Message: fmt.Sprintf("%d orders have this number: %s", len(ids), few(ids))}
	}
}

// add counts an order, and reports whether it fits.
func (n *StandingCount) add(fit spec.Fit) bool {
	if fit == spec.NotMeant {
		return false
	}
	n.New++
	switch fit {
	case spec.LeftOut:
		n.LeftOut++
	case spec.AgeUnknown:
		n.AgeUnknown++
	case spec.TooYoung:
		n.TooYoung++
	case spec.TooOld:
		n.TooOld++
	}
	return fit == spec.Selected
}

// say tells what people should know of a standing order as a whole.
func (s *selecting) say(block *spec.Standing, n *StandingCount) {
	warn := func(rule string, count int, message string) {
		s.findings.add(Finding{Rule: rule, Severity: rules.Warn, Address: n.Address, Message: message, Count: count, DefinedAt: block.Place})
	}
	if n.AgeUnknown > 0 {
		warn("age_unknown", n.AgeUnknown, fmt.Sprintf("%s of %s without a date of creation at the marketplace: nobody knows how old, so not acknowledged",
			words.Count(n.AgeUnknown, "new order", "new orders"), block.Source))
	}
	if seen := s.snap.Sources; n.New == 0 && len(seen) > 0 && !s.snap.hasSource(block.Source) && (s.snap.Listed || nearest.Name(block.Source, seen) != "") {
		warn("source_unknown", 1, fmt.Sprintf("no live order that was read is from %q; the sources are: %s", block.Source, strings.Join(seen, ", ")))
	}
}

// limitStanding lets the standing orders change as many orders as each may in one
// run, the oldest first. The others wait.
func (b *builder) limitStanding() {
	if len(b.plan.Standing) == 0 {
		return
	}
	changes := map[string][]*Change{} // by block
	for i := range b.plan.Changes {
		if c := &b.plan.Changes[i]; IsStanding(c.Address) {
			changes[blockOf(c.Address)] = append(changes[blockOf(c.Address)], c)
		}
	}
	waits := map[*Change]bool{}
	for _, n := range b.plan.Standing {
		list := changes[n.Address]
		if len(list) <= n.MaxPerRun {
			continue
		}
		slices.SortFunc(list, func(x, y *Change) int {
			return cmp.Or(x.Created.Compare(y.Created), cmp.Compare(x.Address, y.Address), cmp.Compare(x.Order.ID, y.Order.ID))
		})
		message := WaitsForRun + n.limit()
		for _, c := range list[n.MaxPerRun:] {
			waits[c] = true
			n.Deferred++
			b.plan.Deferred = append(b.plan.Deferred, Deferred{Address: c.Address, Account: c.Account, Order: c.Order, Message: message, DefinedAt: c.DefinedAt})
		}
	}
	if len(waits) == 0 {
		return
	}
	kept := make([]Change, 0, len(b.plan.Changes)-len(waits))
	for i := range b.plan.Changes {
		if !waits[&b.plan.Changes[i]] {
			kept = append(kept, b.plan.Changes[i])
		}
	}
	b.plan.Changes = kept
}

// notFoundStanding warns of single orders of standing orders that were asked for
// and are not among those that they select: a mistyped address must not look like
// nothing to do.
func (b *builder) notFoundStanding() diag.List {
	var diags diag.List
	if b.in.Select.Guessed {
		return nil
	}
	for _, selector := range b.in.Select.Targets {
		if !IsStanding(selector) || !strings.Contains(selector, "[") {
			continue
		}
		isIt := func(f *foundOrder) bool {
			return slices.ContainsFunc(f.wishes, func(w *spec.Wish) bool { return anyOf([]string{selector}, w) })
		}
		if !slices.ContainsFunc(b.found, func(f foundOrder) bool { return isIt(&f) }) {
			diags = append(diags, &diag.Diagnostic{
				Severity: diag.Warning, Summary: "No order has the address " + selector,
				Detail: "It is not new any more, not old enough yet, left out, or named by another block; or the number is mistyped.",
			})
		}
	}
	return diags
}
