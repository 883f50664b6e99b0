package gitlog

import "testing"

// A full disk is said to be one, in other words than git's, and whose it is.
func TestAFullDiskIsSaid(t *testing.T) {
	for want, stderr := range map[string]string{
		"git fetch: the disk of this machine is full": "error: file write error: No space left on device\nfatal: unpack-objects failed\n",
		"git fetch: the server's disk is full":        "remote: fatal: write error: No space left on device        \nerror: remote unpack failed: index-pack abnormal exit\n",
		"git fetch: fatal: unpack-objects failed":     "fatal: unpack-objects failed\n",
	} {
		if got := (&failure{verb: "fetch", stderr: stderr}).Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
