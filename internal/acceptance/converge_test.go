package acceptance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

func TestTwoThousandOrdersBecomeWhatTheConfigurationSays(t *testing.T) {
	t.Parallel()
	becomesAsWritten(t, apiserver.Options{PageCap: 250})
}

func TestTwoThousandOrdersBecomeWhatTheConfigurationSaysOnAServerOfAnotherStyle(t *testing.T) {
	t.Parallel()
	becomesAsWritten(t, apiserver.Options{PageCap: 100, OtherStyle: true, Arrivals: 3, ReadLag: 300 * time.Millisecond})
}

// becomesAsWritten applies a configuration that wants something of about half
// of two thousand orders and holds the server's ledger against it.
func becomesAsWritten(t *testing.T, o apiserver.Options) {
	random := seeded(t)
	const n = 2000
	o.Orders = apiserver.Generate(random.Uint64(), n, apiserver.New, apiserver.New, apiserver.Processing, apiserver.Shipped, apiserver.Canceled,
		apiserver.New, apiserver.Processing, apiserver.Shipped, apiserver.New, apiserver.Shipped)
	w := newWorld(t, o)
	m := &mixture{shippedAt: map[string]time.Time{}, wanted: map[string]want{}}
	for i, x := range o.Orders {
		if random.IntN(2) == 0 {
			m.add(i, x)
		}
	}
	w.write("main.hcl", unlimited+"policy {\n  max_held = 20\n}\n"+shipBatch+ackBatch)
	w.write("people.hcl", m.blocks.String())
	w.table("shipments/day.csv", shipColumns, m.ships)
	w.table("taken.csv", []string{"Store", "Order Number", "Ours"}, m.acks)

	before := time.Now()
	w.apply()
	w.expect(o.Orders, m.wanted)
	w.executedOnce()
	for id, at := range m.shippedAt {
		if got := w.api.Order(id).ShippedAt; !got.Equal(at) {
			t.Errorf("order %s is shipped at %s, want %s", id, got, at)
		}
	}
	for id, x := range m.wanted {
		at := w.api.Order(id).ShippedAt
		if _, written := m.shippedAt[id]; !written && len(x.writes) > 0 && x.status == apiserver.Shipped &&
			(at.Before(before.Add(-time.Second)) || at.After(time.Now())) {
			t.Errorf("order %s was sent during the run, and is shipped at %s", id, at)
		}
	}

	d := w.nothingToDo()
	if d.Summary.Held != m.held {
		t.Errorf("%d orders are held back, want %d", d.Summary.Held, m.held)
	}
	writes := w.api.Writes()
	w.apply()
	if again := w.api.Writes() - writes; again > 0 {
		t.Errorf("a second apply sent %d writes", again)
	}
	w.auditHolds()
}

const ackBatch = `
batch "taken" {
  rows         = csv("taken.csv")
  find         = { source = row["Store"], source_order_number = row["Order Number"] }
  status       = "acknowledged"
  order_number = row["Ours"]
}
`

// mixture collects wishes and, by the decision table of the documents, what
// each must lead to.
type mixture struct {
	ships, acks [][]string
	blocks      strings.Builder
	wanted      map[string]want
	shippedAt   map[string]time.Time
	held        int
	cancels     int
	corrects    int
	heldByTable int
}

func (m *mixture) add(i int, o apiserver.Order) {
	was := want{status: o.Status, number: o.Number, tracking: o.Tracking, carrier: o.Carrier}
	switch o.Status {
	case apiserver.Shipped:
		m.addShipped(i, o, was)
	case apiserver.Canceled:
		if m.heldByTable < 8 { // cancelled already: held back
			m.heldByTable++
			m.held++
			m.ships = append(m.ships, shipRow(o, "", trackingOf(i), "UPS", ""))
			m.wanted[o.ID] = was
		}
	default:
		m.addOpen(i, o, was)
	}
}

func (m *mixture) addShipped(i int, o apiserver.Order, was want) {
	switch {
	case m.corrects < 5: // another number: corrected, once
		m.corrects++
		fmt.Fprintf(&m.blocks, "order %q {\n  find            = { id = %q }\n  status          = \"shipped\"\n  tracking_number = %q\n}\n",
			fmt.Sprintf("correct-%d", i), o.ID, trackingOf(i))
		was.tracking, was.writes = trackingOf(i), []string{apiserver.Ship}
		m.shippedAt[o.ID] = o.ShippedAt // the live date is sent along
	default: // the same number, written as people write it: as wanted
		m.ships = append(m.ships, shipRow(o, "", strings.ToLower(o.Tracking[:6]+" "+o.Tracking[6:]), "UPS", ""))
	}
	m.wanted[o.ID] = was
}

func (m *mixture) addOpen(i int, o apiserver.Order, was want) {
	ours := fmt.Sprintf("M%06d", i)
	switch {
	case i%7 == 1 && m.cancels < 9:
		m.cancels++
		fmt.Fprintf(&m.blocks, "order %q {\n  find   = { id = %q }\n  status = \"cancelled\"\n  reason = \"out of stock\"\n}\n", fmt.Sprintf("cancel-%d", i), o.ID)
		was.status, was.writes = apiserver.Canceled, []string{apiserver.Cancel}
	case i%5 == 1 && o.Number == "": // acknowledge
		m.acks = append(m.acks, []string{o.Source, o.SourceNumber, ours})
		was.status, was.number, was.writes = apiserver.Processing, ours, []string{apiserver.Acknowledge}
	case i%5 == 2 && o.Number == "": // acknowledge and ship
		m.ship(i, o, &was, ours)
		was.number, was.writes = ours, []string{apiserver.Acknowledge, apiserver.Ship}
	case i%5 == 3 && o.Number != "" && m.held < 16: // another number of the seller: held back
		m.held++
		m.ships = append(m.ships, shipRow(o, ours, trackingOf(i), "UPS", ""))
	default:
		m.ship(i, o, &was, o.Number)
		was.writes = []string{apiserver.Ship}
	}
	m.wanted[o.ID] = was
}

func (m *mixture) ship(i int, o apiserver.Order, was *want, ours string) {
	shipped := ""
	if i%2 == 0 {
		at := o.Created.Add(3 * time.Hour)
		shipped, m.shippedAt[o.ID] = at.Format(time.RFC3339), at
	}
	m.ships = append(m.ships, shipRow(o, ours, trackingOf(i), "UPS", shipped))
	was.status, was.tracking, was.carrier = apiserver.Shipped, trackingOf(i), "UPS"
}
