package shared

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// What a process keeps in the state's folder a later one believes, and the folder is in a
// repository, in which others can put files: merging overwrites files that are ignored.
// So a file of outcomes begins with a line that only this machine can make, from a
// secret that is kept elsewhere and the file's own name.

// proof is that line.
type proof struct {
	Machine string `json:"machine"`
}

// processKey is the secret of a process that is given none: it believes itself alone.
var processKey = sync.OnceValue(func() []byte {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails
	return key[:]
})

// prove is the first line of a file of outcomes.
func (b *Backend) prove(path string) ([]byte, error) {
	line, err := json.Marshal(proof{hex.EncodeToString(b.sign(path))})
	return append(line, '\n'), err
}

// begin begins a file of outcomes. The line is durable with the first of them.
func (b *Backend) begin(file disk.Writer, path string) error {
	first, err := b.prove(path)
	if err == nil {
		_, err = file.Write(first)
	}
	if err == nil {
		err = disk.OS{}.SyncDir(filepath.Dir(path))
	}
	return err
}

func (b *Backend) sign(path string) []byte {
	var key []byte
	if b.opts.Key != nil {
		key = b.opts.Key()
	}
	if len(key) == 0 {
		key = processKey()
	}
	mac := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(mac, "outcomes of the state %s in %s", b.opts.Lineage, filepath.Base(path)) // never fails
	return mac.Sum(nil)
}

// proved returns what is behind the first line of a file of outcomes, if this machine
// wrote that line.
func (b *Backend) proved(path string, text []byte) (rest []byte, ok bool) {
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	var p proof
	if json.Unmarshal(first, &p) != nil {
		return nil, false
	}
	said, err := hex.DecodeString(p.Machine)
	return rest, err == nil && hmac.Equal(said, b.sign(path))
}

// doubted is what people are told of a file that this machine can't have written.
func doubted(path string) string {
	return fmt.Sprintf("nothing proves that this machine wrote %s, which holds outcomes of a run: it was not used. "+
		"If it came with the repository, remove it there. If this machine's key was lost since, the orders of open calls are read again: remove the file", path)
}
