// Package carrier knows carriers: what they are called, what their tracking
// numbers look like, which check digits these have, who hands parcels over to
// whom, which names marketplaces take, and where a parcel can be followed,
// and when two spellings of a number are those of one parcel (samenumber.go).
//
// All of it is one table of plain data, in the files table_*.go; code stands
// only where data can't say it: check digits, and how names are written. A
// number can fit several carriers, so that detection returns a set. What the
// table does not know is never wrong: freight, local and new formats fit
// nothing, and the functions say so instead of guessing.
//
// The package does no I/O. Read carrier.go first, then pattern.go.
package carrier
