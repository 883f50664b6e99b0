package plan

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/uptake"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Input is everything that a plan depends on.
type Input struct {
	Accounts []*spec.Account
	Policy   spec.Policy
	Wishes   *spec.Wishes
	State    *state.State
	Snapshot *Snapshot
	Select   Selection
	Resend   *Resending // nil: the plan is what has to be done
	Learned  Learned
	All      bool // closed orders were read too
	Now      time.Time
	Version  string
	Seal     Seal // of what is inserted; nil where nothing is

	ConfigHash string   // of the configuration, and of all policies that hold
	Partial    []string // flags that leave something out

	// Position is that of the state in a shared log whose lease nobody here holds.
	Position   *backend.Position
	InProgress bool // somebody else holds that lease
}

// Seal identifies the content of an order for an account, so that nobody who does not have
// its key can find out anything of what the order says. The same content has the same
// seal.
type Seal func(account *spec.Account, digest [sha256.Size]byte) string

// Build decides what has to be done. It is pure: the same input makes the same
// plan, in the same order. Diagnostics are for what makes the whole plan
// impossible; what is wrong with one order holds back that order.
func Build(in Input) (*Plan, diag.List) {
	b := newBuilder(in)
	if diags := b.unknownSources(); diags.HasErrors() {
		return nil, diags
	}
	if in.Resend == nil { // which changes what it was asked to, and nothing else
		b.inserts()
	} else {
		b.insertsAgain()
	}
	b.found = make([]foundOrder, 0, len(in.Snapshot.wishes))
	b.resolveAll()
	diags := b.notFoundStanding()
	b.resolved = make([]resolvedWish, 0, len(b.found))
	for i := range b.found {
		if r, wanted := b.together(&b.found[i]); wanted {
			b.resolved = append(b.resolved, r)
		}
	}
	if in.Resend == nil {
		b.refusals()
	}
	b.found, b.taken = nil, nil // from here on memory is for the plan
	b.plan.Changes = slices.Grow(b.plan.Changes, len(b.resolved))
	for i := range b.resolved {
		b.decide(&b.resolved[i])
	}
	for _, name := range slices.Sorted(maps.Keys(in.Snapshot.Unread)) {
		b.plan.Missing = append(b.plan.Missing, MissingAccount{Name: name, Orders: b.missing[name], Message: in.Snapshot.Unread[name].Error()})
	}
	b.shares()
	b.uniqueNumbers()
	b.limitStanding()
	for _, f := range b.formats.findings() {
		b.findings.add(f)
	}
	b.replaced()
	b.countReleased()
	b.voidedAfterShip()
	if in.Resend == nil {
		b.oldErrors.addListed(in.Snapshot)
	}
	for _, f := range b.oldErrors.findings() {
		b.findings.add(f)
	}
	b.plan.Findings = b.findings.all()
	slices.SortStableFunc(b.plan.Findings, func(x, y Finding) int { return cmp.Compare(refusedLast(&x), refusedLast(&y)) })
	b.stopBatches()
	sortChanges(b.plan.Changes)
	slices.SortFunc(b.plan.Stopped, func(x, y StoppedBatch) int { return cmp.Compare(x.Address, y.Address) })
	slices.SortFunc(b.plan.Deferred, func(x, y Deferred) int { return cmp.Compare(x.Address, y.Address) })
	slices.SortFunc(b.plan.Held, func(x, y Held) int { return cmp.Compare(x.Address, y.Address) })
	slices.SortFunc(b.plan.Unsettled, func(x, y Unsettled) int { return cmp.Compare(x.Address, y.Address) })
	b.plan.Accounts = accountPlans(in, b.plan.Changes)
	return b.plan, diags
}

func newBuilder(in Input) *builder {
	return &builder{in: in, taken: map[*order.Live]int{}, missing: map[string]int{}, formats: formats{}, plan: &Plan{
		CreatedAt: in.Now.UTC().Truncate(time.Second), Version: in.Version, Lineage: in.State.Lineage(), Serial: in.State.Serial(),
		ConfigHash: in.ConfigHash, Position: in.Position, Partial: in.Partial, Batches: in.Select.batches(in.Wishes.Batches),
	}}
}

type builder struct {
	in       Input
	plan     *Plan
	found    []foundOrder
	taken    map[*order.Live]int // where an order stands in found
	resolved []resolvedWish
	missing  map[string]int          // the wishes about accounts that could not be read
	merged   map[*spec.Wish]bool     // wishes that are part of another one
	holding  map[string]*spec.Origin // blocks of which orders are held back
	awaited  map[orderKey]string     // why orders that must exist are not there yet, by their numbers
	others   map[string][]string     // by a change's address: all blocks that had a say in it
	formats  formats
	findings findings

	oldErrors sourceErrors
}

// resolvedWish is a wish with the live order of the snapshot that it turned out
// to be about.
type resolvedWish struct {
	*spec.Wish
	live   *order.Live
	change int // its place among the plan's changes, from 1; 0: none
}

// key is what the state keeps the order under.
func (r *resolvedWish) key() state.Key {
	return state.Key{Endpoint: r.Origin.Account.Endpoint, Account: r.Origin.Account.Name, ID: r.live.ID}
}

// unknownSources refuses marketplaces that no live order has: a misspelt name
// would make every order of it "not found".
func (b *builder) unknownSources() diag.List {
	type miss struct {
		place spec.Place
		count int
		name  string
		seen  []string
	}
	misses := map[string]*miss{}
	for _, s := range b.in.Snapshot.wishes {
		w := s.Wish
		snap := b.in.Snapshot.Accounts[w.Origin.Account.Name]
		if w.Problem != nil || w.Find.Source == "" || !snap.Listed || len(snap.Sources) == 0 || snap.hasSource(w.Find.Source) ||
			s.closed || s.id != "" || !b.in.Select.wants(w) || b.insertsInto(w.Origin.Account.Name, w.Find.Source) {
			continue
		}
		key := w.Origin.Account.Name + "\x00" + order.SourceKey(w.Find.Source)
		if misses[key] == nil {
			misses[key] = &miss{place: w.Place, name: w.Find.Source, seen: snap.Sources}
		}
		misses[key].count++
	}
	var diags diag.List
	for _, m := range misses {
		more := ""
		if m.count > 1 {
			more = " and for " + words.Count(m.count-1, "more order", "more orders")
		}
		diags = append(diags, m.place.Error(fmt.Sprintf("No live order is from %q", m.name),
			fmt.Sprintf("Wanted here%s. The sources of the live orders are: %s. Upper and lower case don't matter.", more, strings.Join(m.seen, ", "))))
	}
	slices.SortFunc(diags, func(x, y *diag.Diagnostic) int { return cmp.Compare(x.Summary, y.Summary) })
	return diags
}

// few names some ids: a wrong selector can match every order there is.
func few(ids []string) string {
	const most = 10
	if more := len(ids) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(ids[:most], ", "), more)
	}
	return strings.Join(ids, ", ")
}

func (b *builder) hold(w *spec.Wish, ref order.Ref, code Code, message string, at spec.Place) {
	b.heldBy(w.Origin)
	b.plan.Held = append(b.plan.Held, Held{Address: w.Address(), Account: w.Origin.Account.Name, Order: ref, Code: code, Message: message, DefinedAt: at})
}

// holdProblem holds an order back for what is wrong with its wish itself.
func (b *builder) holdProblem(w *spec.Wish, ref order.Ref) {
	p := w.Problem
	b.heldBy(w.Origin)
	b.plan.Held = append(b.plan.Held, Held{
		Address: w.Address(), Account: w.Origin.Account.Name, Order: ref, Code: Code(p.Code), Message: p.Message,
		Conflict: p.Conflict, Suggestion: p.Suggestion, DefinedAt: p.Place,
	})
}

// decide takes one order through state, decision table, rules and policy.
func (b *builder) decide(r *resolvedWish) {
	if r.Problem != nil {
		b.holdProblem(r.Wish, r.live.Ref)
		return
	}
	if b.in.Resend != nil {
		b.resend(r)
		return
	}
	entry := b.in.State.Remembered(r.key())
	if b.unsettled(r.Wish, r.live.Ref, entry) {
		return
	}
	live, lagging := Effective(entry, *r.live, r.Attempt)
	past, result := historyOf(r.Wish, entry, b.in.Policy, b.in.Now), b.uptake(r, entry)
	d := decideFor(r.Wish, live, entry, past)
	if result.Word == uptake.RefusedLater && mends(r.Wish, *r.live, entry) {
		d = decideRefused(r.Wish, live, entry.Applied, past)
	}
	b.marketplace(r, entry, result, &d)
	switch {
	case d.held != "":
		if entry != nil && len(entry.Intents) > 0 {
			d.held, d.message = OutcomeUnknown, "the outcome of an earlier call is unknown, and now: "+d.message
		}
		at := r.Place
		if d.held == BadTracking {
			at = r.NumberPlace()
		}
		b.hold(r.Wish, r.live.Ref, d.held, d.message, at)
		if live.IsCancelled() && r.Want.Status == order.Shipped {
			parcel := r.Want.Parcel()
			b.plan.Held[len(b.plan.Held)-1].Pull = &parcel
		}
		return
	case len(d.actions) == 0 && lagging && entry.Applied != nil:
		account := r.Origin.Account
		settings := UptakeSettings(account, r.live.Source, b.in.Learned[account.Name])
		b.accepted(r.Wish, r.live.Ref, entry, result.Word == uptake.NotTaken, settings.Awaits(entry.Applied.Action, r.live.SourceStatus))
		b.leftOpen(r, entry, result.Word, d)
	case len(d.actions) == 0:
		b.plan.NoOp++
		b.leftOpen(r, entry, result.Word, d)
	case b.byDay(r, live, d):
		return
	default:
		b.change(r, live, d)
		return
	}
	for _, note := range d.notes {
		b.finding(r.Wish, r.Address(), note)
	}
}

func (b *builder) change(r *resolvedWish, live order.Live, d decision) {
	read := b.in.Snapshot.Accounts[r.Origin.Account.Name].ReadAt
	c := Change{
		Address: r.Address(), Account: r.Origin.Account.Name, Order: r.live.Ref, Created: r.live.Created().UTC().Truncate(time.Second), Actions: d.actions,
		Before: live.Values, After: d.after, AfterUnknown: listed(d.afterUnknown), ShippedOn: d.shippedOn, Reason: r.Reason, Attempt: r.Attempt, DefinedAt: r.Place,
		ReadAt: read.UTC().Truncate(time.Second), Read: read,
		ErrorBefore: uptake.ErrorHash(r.live.SyncError), Resend: b.in.Resend != nil, Refused: d.refused,
	}
	c.Standing = standingOf(b.in.Wishes, r.Wish)
	if b.in.Position != nil {
		c.LastChange = b.in.State.Remembered(r.key()).LastChange()
	}
	if c.sendsNumber() {
		for _, f := range checkShipment(r.Wish, live, d, b.in.Policy, b.in.Now) {
			if f.Rule == "SHIP16" && d.refused != "" {
				continue // that is what it is sent for
			}
			if f.Severity == rules.Error {
				b.hold(r.Wish, r.live.Ref, heldCode(f.Rule), f.Message, r.Place)
				return
			}
			b.finding(r.Wish, c.Address, f)
		}
	}
	if message := CheckRules(b.in.Policy, &c); message != "" {
		b.hold(r.Wish, r.live.Ref, PolicyRule, message, r.Place)
		return
	}
	for _, note := range d.notes {
		if note.Severity == rules.Warn {
			b.finding(r.Wish, c.Address, note)
		}
	}
	if c.sendsNumber() {
		b.formats.add(r.Wish, d.after.Tracking, d.after.Carrier)
	}
	b.plan.Changes = append(b.plan.Changes, c)
	b.changedBy(r.Wish, c.Address)
	r.change = len(b.plan.Changes)
}

// checkShipment is what the fulfilment rules find, with the severities of the
// policy.
func checkShipment(w *spec.Wish, live order.Live, d decision, policy spec.Policy, now time.Time) []rules.Finding {
	shipped := d.after
	if !w.ShippedOn.IsZero() {
		shipped.ShippedAt = time.Time{} // days have a table of their own
	}
	found := rules.CheckShipment(rules.Shipment{Live: live, After: shipped, DateOnly: w.DateOnly, NoTracking: w.NoTracking, Now: now})
	found = append(found, rules.CheckNumber(rules.Number{
		Tracking: d.after.Tracking, Carrier: d.after.Carrier, Source: live.Source,
		Kept: w.Want.Carrier == "", InRow: w.Origin.Kind == "batch",
	})...)
	for i := range found {
		found[i] = policy.Raised.Apply(found[i])
	}
	return found
}

// heldCode is the code under which an error-level finding holds an order back.
func heldCode(rule string) Code {
	if rule == "SHIP01" {
		return ShippedBeforeCreated
	}
	return Code(rule)
}

// sortChanges puts changes into the order of work: those that begin with an
// acknowledge, then cancels, ships, and inserts, each by the order's age.
func sortChanges(changes []Change) {
	slices.SortFunc(changes, func(x, y Change) int {
		return cmp.Or(cmp.Compare(Phase(x.Actions[0]), Phase(y.Actions[0])), x.Created.Compare(y.Created), cmp.Compare(x.Address, y.Address))
	})
}

// Phase is the place of an action in the order of work.
func Phase(a order.Action) int {
	switch a {
	case order.Acknowledge:
		return 1
	case order.Cancel:
		return 2
	case order.Insert: // nobody waits for them yet: their orders are shipped by a later plan
		return 4
	}
	return 3
}
