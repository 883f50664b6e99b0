package spec

// Wishes is the result once all tables are read.
type Wishes struct {
	Orders   []*Wish     // sorted by address
	New      []*NewOrder // that must exist, sorted by address
	Dropped  []*Wish     // one for each order of which nothing is wanted after all: its rows are void
	Replaced []Replacement
	Released []Release
	Empty    []string // batches whose tables have no row
	Rows     int      // rows read, those that `where` leaves out included
	badToo   []*Wish  // bad rows that don't stand because another bad row of their order does
	// Standing are the wishes about orders that are only known once they are read,
	// sorted by address.
	Standing []*Standing
	// Batches accounts for the rows of each batch, in the order of addresses.
	Batches []*BatchCount
	Buyers  []BuyerTable // tables that identify buyers, as far as they were looked at
	// Hash identifies what is wanted: it is the same for the same wishes and
	// releases, whatever the files and blocks are called that contain them.
	Hash string
}

// BuyerTable is a table with columns that identify buyers.
type BuyerTable struct {
	File     string
	Copyable bool     // a copy with the columns that its batch reads would be enough
	Place    Place    // where the configuration names it
	Named    []string // columns that identify buyers by their names
	Filled   []string // and by what is in them
}
