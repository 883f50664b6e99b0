package disk

import "time"

// patience is how long gdfctl waits for another program to let go of a file.
const patience = 2 * time.Second

// patiently does something, and tries again for as long as it fails only
// because another program has the file open at that moment.
func patiently(inUse func(error) bool, do func() error) error {
	began := time.Now()
	for wait := 5 * time.Millisecond; ; wait = min(2*wait, 200*time.Millisecond) {
		err := do()
		if err == nil || !inUse(err) || time.Since(began) >= patience {
			return err
		}
		<-time.After(wait)
	}
}
