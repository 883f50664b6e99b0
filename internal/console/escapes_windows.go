package console

import (
	"os"

	"golang.org/x/sys/windows"
)

// UnderstandsEscapes reports whether a console carries out escape sequences,
// which Windows has to be asked for. Consoles before Windows 10 don't.
func UnderstandsEscapes(f *os.File) bool {
	console := windows.Handle(f.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(console, &mode); err != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_PROCESSED_OUTPUT|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
