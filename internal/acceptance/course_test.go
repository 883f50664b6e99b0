package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// course is what people want of one order: one wish, and later another one in
// its place.
type course struct {
	name   string
	from   string // the order's status at the beginning
	wishes []wish
}

// wish is what a row says. An empty number or tracking number is not wanted.
type wish struct{ status, number, tracking string }

// courses are all the ways in which one change can follow another on an order.
var courses = []course{
	{"ship", apiserver.New, []wish{{"shipped", "", "A"}}},
	{"ship, correct", apiserver.New, []wish{{"shipped", "", "A"}, {"shipped", "", "B"}}},
	{"ship, correct, correct", apiserver.New, []wish{{"shipped", "", "A"}, {"shipped", "", "B"}, {"shipped", "", "C"}}},
	{"acknowledge and ship, correct, correct", apiserver.New, []wish{{"shipped", "N", "A"}, {"shipped", "N", "B"}, {"shipped", "N", "C"}}},
	{"correct", apiserver.Shipped, []wish{{"shipped", "", "B"}}},
	{"correct, correct", apiserver.Shipped, []wish{{"shipped", "", "B"}, {"shipped", "", "C"}}},
	{"acknowledge, ship, correct", apiserver.New, []wish{{"acknowledged", "N", ""}, {"shipped", "N", "A"}, {"shipped", "N", "B"}}},
	{"acknowledge and ship, correct", apiserver.New, []wish{{"shipped", "N", "A"}, {"shipped", "N", "B"}}},
	{"acknowledge", apiserver.New, []wish{{"acknowledged", "N", ""}}},
	{"ship what is acknowledged, correct", apiserver.Processing, []wish{{"shipped", "", "A"}, {"shipped", "", "B"}}},
	{"cancel", apiserver.New, []wish{{"cancelled", "", ""}}},
	{"acknowledge, cancel", apiserver.New, []wish{{"acknowledged", "N", ""}, {"cancelled", "", ""}}},
}

// stages is how many versions a configuration of all courses has.
const stages = 3

// of gives the letters of a wish to an order: values that no other order has.
func (x wish) of(i int) wish {
	if x.number != "" {
		x.number = fmt.Sprintf("M%s%05d", x.number, i)
	}
	if x.tracking != "" {
		x.tracking = fmt.Sprintf("1ZTEST%s%08d", x.tracking, i)
	}
	return x
}

// at is what is wanted of order i at a stage; a course that is shorter stays
// at its last wish.
func (c course) at(stage, i int) wish { return c.wishes[min(stage, len(c.wishes)-1)].of(i) }

// writes are what brings order i through the stages up to that one, if each
// runs to its end.
func (c course) writes(stage, i int) []write {
	var all []write
	number, tracking, status := "", "", c.from
	for s := range min(stage+1, len(c.wishes)) {
		x := c.at(s, i)
		if x.number != "" && x.number != number {
			number = x.number
			all = append(all, write{apiserver.Acknowledge, number})
		}
		switch {
		case x.status == "cancelled" && status != apiserver.Canceled:
			status = apiserver.Canceled
			all = append(all, write{apiserver.Cancel, ""})
		case x.tracking != tracking:
			tracking = x.tracking
			all = append(all, write{apiserver.Ship, tracking})
		}
	}
	return all
}

// journey is a world in which each order has a course.
type journey struct {
	*world
	orders  []apiserver.Order
	courses []course // by order
	stage   int      // of the configuration, as it was written last
	label   string   // of its account
	account string   // what else stands in the account block
	dated   bool     // rows say when their orders were shipped
}

// newJourney makes so many orders of each course.
func newJourney(t *testing.T, seed uint64, each int, o apiserver.Options) *journey {
	j := &journey{label: "main"}
	for range each {
		j.courses = append(j.courses, courses...)
	}
	statuses := make([]string, len(courses))
	for i, c := range courses {
		statuses[i] = c.from
	}
	o.Orders = apiserver.Generate(seed, len(j.courses), statuses...)
	for i := range o.Orders {
		if o.Orders[i].Status == apiserver.Processing {
			o.Orders[i].Number = fmt.Sprintf("S%06d", i) // acknowledged by somebody
		}
	}
	j.orders = o.Orders
	j.world = newWorld(t, o)
	return j
}

const courseBatches = shipBatch + `
batch "acknowledgements" {
  rows         = csv("acknowledgements.csv")
  find         = { source = row["Store"], source_order_number = row["Order Number"] }
  status       = "acknowledged"
  order_number = row["Our Number"]
}

batch "cancellations" {
  rows   = csv("cancellations.csv")
  find   = { source = row["Store"], source_order_number = row["Order Number"] }
  status = "cancelled"
  reason = "out of stock"
}

policy {
  max_cancellation_ratio = 1
}
`

// configure writes the configuration of a stage.
func (j *journey) configure(stage int) {
	j.t.Helper()
	j.stage = stage
	rows := map[string][][]string{}
	for i, o := range j.orders {
		x := j.courses[i].at(stage, i)
		shipped := ""
		if j.dated {
			shipped = o.Created.Add(3 * time.Hour).Format(time.RFC3339)
		}
		rows[x.status] = append(rows[x.status], shipRow(o, x.number, x.tracking, "UPS", shipped))
	}
	j.table("shipments/day.csv", shipColumns, rows["shipped"])
	j.table("acknowledgements.csv", shipColumns, rows["acknowledged"])
	j.table("cancellations.csv", shipColumns, rows["cancelled"])
	j.writeAccount()
}

func (j *journey) writeAccount() {
	j.t.Helper()
	j.write("main.hcl", fmt.Sprintf("account %q {\n%s}\n", j.label, j.account)+courseBatches)
}

// eachOnce holds the server's ledger against the courses: every change that was
// wanted up to the present stage, once, in its order. With skipping, changes
// that an edit of the configuration overtook may be missing, and the last one
// may not.
func (j *journey) eachOnce(skipping bool) {
	j.t.Helper()
	executed := j.api.Executed()
	var wrong []string
	for i, o := range j.orders {
		c := j.courses[i]
		want, got := c.writes(j.stage, i), writesOf(executed[o.ID])
		if slices.Equal(want, got) || skipping && len(got) > 0 && got[len(got)-1] == want[len(want)-1] && subsequence(got, want) {
			continue
		}
		wrong = append(wrong, fmt.Sprintf("%s (order %d): the writes that took effect are %v, want %v", c.name, i, got, want))
	}
	j.fatal(wrong)
}

// fatal ends the test if something is wrong, and says what, of much a part.
func (j *journey) fatal(wrong []string) {
	j.t.Helper()
	if n := len(wrong) - 4; n > 0 {
		wrong = append(wrong[:4], fmt.Sprintf("and %d more", n))
	}
	if len(wrong) > 0 {
		j.t.Fatalf("at stage %d:\n%s", j.stage, strings.Join(wrong, "\n"))
	}
}

// subsequence reports whether writes are some of all that were wanted, in
// their order. No two that follow each other are equal: that is one twice.
func subsequence(part, whole []write) bool {
	for k, x := range part {
		if k > 0 && x == part[k-1] {
			return false
		}
		i := slices.Index(whole, x)
		if i < 0 {
			return false
		}
		whole = whole[i+1:]
	}
	return true
}

// wantsNothing fails the test if a plan has changes, and says which, briefly.
func (j *journey) wantsNothing() document {
	j.t.Helper()
	d, r := j.planJSON()
	if len(d.Changes) == 0 {
		r.exits(0)
		return d
	}
	byID := map[string]course{}
	for i, o := range j.orders {
		byID[o.ID] = j.courses[i]
	}
	var wrong []string
	for _, c := range d.Changes {
		wrong = append(wrong, fmt.Sprintf("%s: the plan has %v again", byID[c.Order.ID].name, c.Actions))
	}
	j.fatal(wrong)
	return d
}
