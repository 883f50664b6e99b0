package text

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/explain"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/uptake"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Explained prints everything that is known of orders, one after the other.
func Explained(w io.Writer, s Style, r *report.Explained) error {
	for i := range r.Orders {
		if i > 0 {
			fmt.Fprintln(w)
		}
		v := &explainedView{w, s, r, &r.Orders[i]}
		v.heading()
		v.rows()
		if err := v.changes(); err != nil {
			return err
		}
		v.now()
		v.next()
		v.help()
	}
	return nil
}

type explainedView struct {
	w io.Writer
	s Style
	r *report.Explained
	o *report.ExplainedOrder
}

func (v *explainedView) section(title string) { fmt.Fprintln(v.w, v.s.bold(title)) }

// item prints a thing of a section: parts that stay whole.
func (v *explainedView) item(parts ...string) {
	for i := range parts {
		parts[i] = safetext.Line(parts[i])
	}
	fmt.Fprintln(v.w, v.s.flow("  ", "      ", "  ", parts))
}

// sentence prints one, with what it is about in front.
func (v *explainedView) sentence(text string) {
	fmt.Fprintln(v.w, v.s.flow("  ", "    ", " ", strings.Fields(safetext.Line(text))))
}

func (v *explainedView) heading() {
	name := v.o.Order.String()
	if name == "" && len(v.o.Numbers) > 0 {
		name = "Order number " + strings.Join(v.o.Numbers, ", ")
	} else if name == "" {
		name = "Rows with " + v.r.Number + " that name no order"
	}
	v.section(safetext.Line(name))
	v.item("account "+v.o.Account, prefixed("ID ", v.o.Order.ID), prefixed("order number ", strings.Join(v.o.Numbers, ", ")),
		prefixed("tracking number ", strings.Join(v.o.Tracking, ", ")))
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

func (v *explainedView) rows() {
	v.section("Rows")
	if len(v.o.Rows) == 0 {
		v.sentence("No row and no block names it." + v.selectedOnce())
	}
	for i := range v.o.Rows {
		row := &v.o.Rows[i]
		wants := joined(" ", string(row.Status), prefixed("#", row.Number), row.Carrier, row.Tracking)
		block, _, _ := strings.Cut(row.Address, `["`)
		if block == "order" {
			block = row.Address
		}
		if strings.HasPrefix(block, "new_orders.") {
			wants = "must exist"
		}
		place := row.DefinedAt.String()
		if row.More > 0 {
			place += " and " + words.Count(row.More, "more row", "more rows")
		}
		v.item(place, block, wants, rowFate(row))
	}
}

// selectedOnce says which standing order selected an order that nothing names. Since it is not new any more,
// the standing order has nothing to do with it.
func (v *explainedView) selectedOnce() string {
	for _, e := range slices.Backward(v.o.Changes) {
		if block, _, _ := strings.Cut(e.Address, `["`); strings.HasPrefix(block, "standing.") && !e.Resent {
			return " " + block + " selected it (line " + strconv.Itoa(e.Line) + " of the audit log)."
		}
	}
	return ""
}

func rowFate(r *report.ExplainedRow) string {
	switch r.Fate {
	case explain.LeftOut:
		return "left out by where"
	case explain.Only:
		return "in its only: it may select the order"
	case explain.Except:
		return "in its except: it does not select the order"
	case explain.Voided:
		return "its label is void"
	case explain.Replaced:
		by := "replaced: " + string(r.By)
		if r.ByPlace != nil && r.ByPlace.File != "" {
			by += ", " + r.ByPlace.String()
		}
		return joined(", ", by, r.Reason)
	case explain.HeldBack:
		return r.Code + ": " + r.Message
	}
	return "stands"
}

// changes are the entries of the audit log, as `audit list` shows them.
func (v *explainedView) changes() error {
	v.section("What gdfctl did")
	if len(v.o.Changes) == 0 {
		v.sentence("Nothing: the audit log has no entry of it.")
		return nil
	}
	var table strings.Builder
	if err := Audit(&table, v.s, v.o.Changes); err != nil {
		return err
	}
	for line := range strings.Lines(table.String()) {
		io.WriteString(v.w, "  "+line) //nolint:errcheck // the next print says so
	}
	if s := v.o.State; s != nil {
		for _, in := range s.Intents {
			v.sentence(fmt.Sprintf("The outcome of the call to %s it at %s (run %s) is unknown.", in.Action, optionalMoment(in.At), in.RunID))
		}
	}
	return nil
}

func (v *explainedView) now() {
	v.section("Now")
	switch live := v.o.Live; {
	case v.o.NotFound:
		v.sentence("The API has no such order.")
	case live == nil && v.o.State != nil && v.o.State.OrderID != "":
		v.sentence("It is there: the ID of the order that was inserted is " + safetext.Line(v.o.State.OrderID) + ".")
	case live == nil && v.r.Offline:
		v.sentence("The state remembers no read of it, and live orders were not asked for (--offline).")
	case live == nil && v.r.Unread != nil:
		v.sentence("It could not be read: " + *v.r.Unread)
	case live == nil:
		v.sentence("It was not found among the live orders.")
	default:
		v.live(live)
	}
	if v.o.Uptake != nil {
		v.sentence(uptakeWords(*v.o.Uptake, v.o.By))
		if v.o.Silenced {
			v.sentence("A release says that people know of it. It is reported again once the marketplace says something else.")
		}
	}
	if s := v.o.State; s != nil && s.ClosedAt != nil {
		v.sentence(fmt.Sprintf("It was closed at %s: verified, and as wanted.", optionalMoment(s.ClosedAt)))
	}
}

func (v *explainedView) live(l *report.ExplainedLive) {
	read := "read at "
	if l.From == "state" {
		read = "last read at "
	}
	values := l.Values
	v.item(joined(" ", "GoDataFeed:", string(values.Status), prefixed("#", values.OrderNumber), values.Carrier, values.Tracking), prefixed("shipped at ", moment(values.ShippedAt)), read+optionalMoment(l.ReadAt))
	if l.SourceStatus != nil {
		v.item("the marketplace: " + *l.SourceStatus)
	}
	if l.SyncError != nil {
		v.item("the marketplace's error: " + *l.SyncError)
	}
	if l.SyncStatus != nil && !strings.EqualFold(*l.SyncStatus, "enabled") {
		v.item("synchronization: " + *l.SyncStatus)
	}
}

// uptakeWords says what happened to the last change.
func uptakeWords(word uptake.Word, by uptake.Witness) string {
	switch word {
	case uptake.Pending:
		return "pending: the API accepted the last change, and reads need not show it yet."
	case uptake.NotTaken:
		return "not_taken: the API accepted the last change, and no read shows it, although there was time enough."
	case uptake.Twice:
		return "inserted_twice: the order was inserted once, and is there more than once."
	case uptake.RefusedLater:
		return "refused_later: the marketplace reported an error after the API had accepted the change."
	case uptake.Drifted:
		return "drifted: the last change was shown, and the order has other values now."
	case uptake.Verified:
		if by == uptake.Marketplace {
			return "verified: the marketplace shows the last change."
		}
		return "verified: a read shows the last change."
	}
	return "shown: GoDataFeed shows the last change; the marketplace has not confirmed it."
}

func (v *explainedView) next() {
	v.section("Next")
	n := &v.o.Next
	place := ""
	if n.DefinedAt != nil {
		place = n.DefinedAt.String()
	}
	switch n.Decision {
	case explain.Change:
		v.item(actionWords(n.Actions), joined(" ", string(n.After.Status), prefixed("#", n.After.OrderNumber), n.After.Carrier, n.After.Tracking), n.Address, place)
	case explain.NotDecided:
		v.sentence(joined(" ", "It was not decided.", n.Message))
	default:
		v.sentence(v.decided(n))
		for _, more := range []string{joined("  ", place, joined(": ", n.Code, n.Message)), n.Suggestion} {
			if more != "" {
				v.sentence(more)
			}
		}
	}
	for i := range n.Findings {
		v.sentence(fmt.Sprintf("%s (%s): %s", n.Findings[i].Rule, n.Findings[i].Severity, n.Findings[i].Message))
	}
}

func actionWords(actions []order.Action) string {
	all := make([]string, len(actions))
	for i, a := range actions {
		all[i] = string(a)
	}
	return "apply would " + strings.Join(all, " and ") + " it"
}

// decided is a decision in words. What a marketplace refused is as wanted at GoDataFeed
// alone, which must not sound as if all were well.
func (v *explainedView) decided(n *report.ExplainedNext) string {
	refused := func(f plan.Finding) bool { return f.Rule == plan.RefusedLater }
	if n.Decision == explain.AsWanted && slices.ContainsFunc(n.Findings, refused) {
		return "Nothing by itself: GoDataFeed has what is wanted, and the marketplace refused it."
	}
	return decisionWords[n.Decision]
}

var decisionWords = map[explain.Decision]string{
	explain.Nothing:   "Nothing: no row and no block wants anything of it.",
	explain.HeldNow:   "It is held back.",
	explain.Stopped:   "Its batch sends nothing.",
	explain.Deferred:  "Its time has not come.",
	explain.Waiting:   "Nothing: a change is pending.",
	explain.NotTaken:  "Nothing: a change was accepted and does not show, and it is not sent again by itself.",
	explain.Unsettled: "Nothing, until the outcome of the call is known.",
	explain.Released:  "Nothing: a release block removes what was wanted of it.",
	explain.AsWanted:  "Nothing: it is as wanted.",
}

func (v *explainedView) help() {
	if len(v.o.Help) == 0 {
		return
	}
	v.section("What helps")
	for _, h := range slices.Clone(v.o.Help) {
		v.item(h.Command, h.Why)
	}
}
