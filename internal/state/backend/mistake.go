package backend

// Mistake is what is wrong with the attributes of a backend block. Its texts
// quote no value: that can come from a file that nobody meant to print.
type Mistake struct {
	Attribute string // the one it is about; where it is missing, the block is shown
	Summary   string
	Detail    string // what to do about it
}
