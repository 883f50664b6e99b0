package spec

// Wishes is the result once all tables are read.
type Wishes struct {
	Orders   []*Wish // sorted by address
	Dropped  []*Wish // one for each order of which nothing is wanted after all: its rows are void
	Replaced []Replacement
	Released []Release
	Empty    []string // batches whose tables have no row
	Rows     int      // rows read, those that `where` leaves out included
	badToo   []*Wish  // bad rows that don't stand because another bad row of their order does
	// Batches accounts for the rows of each batch, in the order of addresses.
	Batches []*BatchCount
	// Hash identifies what is wanted: it is the same for the same wishes and
	// releases, whatever the files and blocks are called that contain them.
	Hash string
}
