package explain

import (
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// Help is a command that somebody may want next, and why.
type Help struct {
	Words []string // without the program's name
	Why   string
}

// Helps lists what helps with an order, what is most urgent first. word is how somebody
// named it.
func (s *Subject) Helps(word string, offline bool) []Help {
	var all []Help
	add := func(why string, words ...string) { all = append(all, Help{words, why}) }
	switch {
	case s.Entry != nil && len(s.Entry.Intents) > 0:
		add("finds out what happened to the call without an answer, before it sends anything for the order", "apply")
	case s.Refused() && s.Next.Decision == Change:
		add("sends the corrected values", "apply", "--target", s.Next.Address)
	case s.Refused() && !s.Silenced:
		add("sends the same values again, once the marketplace would take them; values that are corrected in the table are sent by apply", "resend", s.address(), "--reason", "TEXT")
	case s.Uptake != nil && s.Uptake.Word == uptake.NotTaken:
		add("sends it again on purpose; look at the order at the marketplace first", "resend", s.address(), "--reason", "TEXT")
	case s.Next.Decision == Change:
		add("makes the change", "apply", "--target", s.Next.Address)
	case s.Next.Decision == HeldNow:
		s.heldHelp(add)
	case s.Next.Decision == Nothing && len(s.Rows) == 0 && s.open():
		add("lists all open orders that no table and no block names", "orders", "list", "--unclaimed")
	}
	if offline {
		add("reads the order now, and says what would happen next", "explain", word)
	}
	return all
}

// Refused reports whether the marketplace refused the last change after the API had
// accepted it.
func (s *Subject) Refused() bool { return s.Uptake != nil && s.Uptake.Word == uptake.RefusedLater }

func (s *Subject) heldHelp(add func(why string, words ...string)) {
	switch plan.Code(s.Next.Code) {
	case plan.BadRow, plan.Conflict:
		add("checks the tables again, once they are corrected", "validate")
	case plan.NotFound, plan.NotFoundInLookback:
		add("lists older orders, too", "orders", "list", "--since", "90d")
	case plan.AlreadyCancelled:
		add("lists parcels that must not be handed over", "status", "--pull-list")
	default:
		add("shows the decision in full", "plan", "--target", s.Next.Address)
	}
}

// address is what a command can name the order by.
func (s *Subject) address() string {
	if addresses := s.Addresses(); len(addresses) > 0 {
		return addresses[0]
	}
	return s.Ref.ID
}

// open reports whether the live order still waits for something.
func (s *Subject) open() bool {
	return s.Live != nil && (s.Live.Status == order.New || s.Live.Status == order.Processing) && !s.Live.IsCancelled()
}
