package disk

import "fmt"

// DamagedError says that a file can't be used as it is, and how to go on.
type DamagedError struct {
	Path   string
	Backup string // empty if there is none
	Reason string // what is wrong
	Remedy string // the way back
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s can't be used: %s. %s", e.Path, e.Reason, e.Remedy)
}
