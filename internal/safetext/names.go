package safetext

import (
	"fmt"
	"strconv"
)

// Quoted quotes the first names of a list from outside, and says how many more there
// are: a header can have a thousand.
func Quoted(names []string, most int) []string {
	var quoted []string
	for _, name := range names[:min(len(names), most)] {
		quoted = append(quoted, strconv.Quote(Line(name)))
	}
	if more := len(names) - most; more > 0 {
		quoted = append(quoted, fmt.Sprintf("and %d more", more))
	}
	return quoted
}
