package checkout

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// LastWords is what git said itself, in one line.
func LastWords(stderr string) string {
	last := ""
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "fatal:") || strings.HasPrefix(line, "error:") || last == "" && !strings.HasPrefix(line, "remote:") {
			last = line
		}
	}
	return safetext.Message(Shown(last))
}

// FullDisk says whose disk is full, if one is. git's last words are about what it could
// not do then, such as "unpack-objects failed".
func FullDisk(stderr string) string {
	for line := range strings.Lines(stderr) {
		if !strings.Contains(line, "No space left on device") && !strings.Contains(line, "Disk quota exceeded") {
			continue
		}
		if strings.HasPrefix(line, "remote:") {
			return "the server's disk is full"
		}
		return "the disk of this machine is full"
	}
	return ""
}
