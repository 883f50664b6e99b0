//go:build !windows

package console

import "os"

// UnderstandsEscapes reports whether a terminal carries out escape sequences.
func UnderstandsEscapes(*os.File) bool { return true }
