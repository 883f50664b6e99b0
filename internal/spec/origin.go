package spec

// Origin is the block that a wish comes from.
type Origin struct {
	Kind    string // "order", "batch", "new_orders" or KindStanding
	Name    string
	Account *Account

	Combining *Combining // nil for an order block that replaces nothing
}

// Combining says how the wishes of one block are combined with others about the
// same orders, and counts the rows of a batch by outcome.
type Combining struct {
	Address       string // of the block
	Replaces      string // the address of the block whose wishes these take out
	Latest        Latest
	MultipleFirst bool        // of two numbers for one order in one file, the first stands
	Count         *BatchCount // nil for an order block

	void voidNumbers
}

// Latest is what makes one row of a batch later than another one.
type Latest byte

// The ways to say which row is later.
const (
	LatestUnsaid  Latest = iota // rows that differ are a conflict
	LatestByFile                // the one in the later file
	LatestByValue               // the one with the larger value of latest_by
)

// String is the block's address: order["label"], batch.NAME or standing.NAME.
func (o *Origin) String() string {
	if o.Kind == "order" {
		return `order["` + escapeKey(o.Name) + `"]`
	}
	return o.Kind + "." + o.Name
}

// address is String, made once where the origin is a block of the configuration.
func (o *Origin) address() string {
	if o.Combining != nil {
		return o.Combining.Address
	}
	return o.String()
}
