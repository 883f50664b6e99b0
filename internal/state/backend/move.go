package backend

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Where names a place of a state as a backend block does, so that it can be opened
// again, and people can write the block. It holds no secret: what comes from the
// environment is named by its variable.
type Where struct {
	Backend    string      `json:"backend"`
	Place      string      `json:"place"`           // what messages call it
	State      string      `json:"state,omitempty"` // which state it is, where the block says so
	Attributes []Attribute `json:"attributes,omitempty"`
}

// Attribute is one attribute of a backend block.
type Attribute struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
	From  string `json:"env,omitempty"` // the environment variable that has the value
}

// Block is the backend block, for people to copy.
func (w Where) Block() string {
	lines := []Attribute{}
	if w.State != "" {
		lines = append(lines, Attribute{Name: "state", Value: w.State})
	}
	lines = append(lines, w.Attributes...)
	width := 0
	for _, a := range lines {
		width = max(width, len(a.Name))
	}
	var text strings.Builder
	fmt.Fprintf(&text, "  backend %q {\n", w.Backend)
	for _, a := range lines {
		fmt.Fprintf(&text, "    %-*s = %s\n", width, a.Name, a.text())
	}
	text.WriteString("  }")
	lined := strings.Split(text.String(), "\n")
	for i := range lined {
		lined[i] = safetext.Line(lined[i]) // a record says it, and whoever can write records
	}
	return strings.Join(lined, "\n")
}

func (a Attribute) text() string {
	switch {
	case a.From != "":
		return "env." + a.From
	case a.Value == "true" || a.Value == "false":
		return a.Value
	}
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(strconv.Quote(a.Value))
}

// Move is a state's way from one place to another.
type Move struct {
	ID   string `json:"id"` // random: of all tries, the one that the former place names
	From Where  `json:"from"`
	To   Where  `json:"to"`
	// Origin is the lineage of the state itself: what an earlier try brought is replaced
	// by the same state alone. Empty where nothing was saved yet.
	Origin string `json:"origin,omitempty"`
	// Former are the places where it was before From.
	Former []string `json:"former,omitempty"`

	Owed Owed `json:"-"`
}

// Owed is what the next holder of a lease keeps to on account of those before, in
// whichever place.
type Owed struct {
	QuietMS  int64 // for how long nothing may be sent yet
	SettleMS int64 // the largest that any holder named: its calls can still be open
	LeaseMS  int64
	// Notes are what runs learned and no order depends on, where the place keeps that.
	Notes []byte
}

// Contents opens the parts of a state.
type Contents func(Part) (disk.Reader, int64, error)

// Moving are the parts that go along in a move. A journal is folded before, and so is
// what came late.
var Moving = []Part{Snapshot, Closed, Audit, SignedHead}

// Target is a place that a state moves to. While it is on its way, and until Activate,
// whatever is asked of the place otherwise is refused with a *MovedError.
type Target interface {
	// Ready finds out whether a state can move here, and makes what the place needs.
	// What it returns beside an error are warnings, each a sentence or two. The error is
	// an *OccupiedError where something else is kept.
	Ready(ctx context.Context, m *Move) (warnings []string, err error)
	// Receive brings the parts here, and takes the place of what an earlier try of the
	// same move brought. It sets the state of m.To. held is asked after the last look at
	// what is here, and before anything is changed: whoever has lost the lease of the
	// former place by then changes nothing.
	Receive(ctx context.Context, m *Move, by Holder, from Contents, held func() error) error
	// Received opens what Receive brought, for comparison.
	Received(Part) (disk.Reader, int64, error)
	// Activate makes what was received the state. The former place says by then that it
	// moved here. Where that was done before, nothing is. The error is an *OccupiedError
	// where something else is here than that move brought. before is called when that is
	// certain, and before the place is the state's; it can be nil.
	Activate(ctx context.Context, m Move, by Holder, before func() error) error
	// Keeps reports whether what is owed is kept here for the next holder.
	Keeps() bool
}

// ErrArrived says that outcomes were recorded since a state was copied: it is copied
// again.
var ErrArrived = errors.New("outcomes of former runs came meanwhile")

// MovedError says that a state is kept elsewhere now, or is on its way here.
type MovedError struct {
	Place    string
	Move     Move
	Incoming bool
}

func (e *MovedError) Error() string {
	if e.Incoming {
		return fmt.Sprintf("the state is on its way from %s to %s, and did not arrive. Nothing was sent\n"+
			"Go on with: gdfctl state migrate", safetext.Line(e.Move.From.Place), e.Place)
	}
	return fmt.Sprintf("the state moved from %s to %s. Nothing was sent\n"+
		"Pull the commit that has the new backend block. If there is none yet, write it into the gdfctl block instead of the former one:\n\n%s\n",
		e.Place, safetext.Line(e.Move.To.Place), e.Move.To.Block())
}

// OccupiedError says that a state can't move to a place, because something else is
// there.
type OccupiedError struct{ Place, Holds string }

func (e *OccupiedError) Error() string {
	return fmt.Sprintf("%s %s. Nothing was moved there: name another place in the backend block", e.Place, e.Holds)
}
