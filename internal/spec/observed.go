package spec

import "time"

// Observed is what the rules of a watch are about.
type Observed struct {
	Feed     FeedValues
	Previous *FeedValues    // what an earlier look showed; nil: this is the first one
	Content  *ContentValues // nil: the file could not be looked at
	Now      time.Time
}

// FeedValues are a feed's values as a rule sees them. Times are zero and counts
// nil where they are not known.
type FeedValues struct {
	ID, Name, Status, FileName        string
	CompiledAt, SubmittedAt, PulledAt time.Time
	Total, Valid, Warnings, Errors    *int
	Score                             float64 // 0 where it is not known
}

// ContentValues are counts of a feed's file. Those that are not asked for in
// the content block are nil.
type ContentValues struct {
	Rows, Columns, Ragged                          int
	Duplicates, Blank, BadGTIN, BadPrice, NotHTTPS *int
}

// RuleOutcome is the result of a custom rule for one feed.
type RuleOutcome struct {
	Applies bool // false: its `when` is not met, and the rest says nothing
	Known   bool // false: Message says what is missing
	Met     bool
	Value   string // the values that the condition names
	Message string // where it is known and not met, the rule's own words
}
