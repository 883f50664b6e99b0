package state

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// stateVersion is the layout of the state file. Any member that an older gdfctl
// would lose by writing the file anew needs another number.
const stateVersion = 1

// stateHead is the state file but for its orders and its checksum.
type stateHead struct {
	Version  int         `json:"version"`
	Writer   string      `json:"gdfctl_version"`
	Lineage  string      `json:"lineage"`
	Serial   uint64      `json:"serial"`
	Folded   journalMark `json:"journal,omitzero"`
	Recorded auditMark   `json:"audit,omitzero"`
	Plans    []donePlan  `json:"plans,omitempty"`
}

// The file ends in its checksum: the SHA-256 of all bytes before this tail. It
// covers spaces and line ends too, so that there is one file for one state and
// no bit of it can change unseen.
const (
	checksumStart = "  \"checksum\": \"sha256:"
	checksumEnd   = "\"\n}\n"
	checksumSize  = len(checksumStart) + 2*sha256.Size + len(checksumEnd)
)

// image is a state file in memory.
type image struct {
	head, orders []byte
	checksum     string
}

// encodeHead makes the image of a file with that serial from orders that
// encodeOrders made.
func (s *State) encodeHead(serial uint64, writer string, orders []byte) (image, error) {
	head, err := json.MarshalIndent(stateHead{
		Version: stateVersion, Writer: writer, Lineage: s.lineage, Serial: serial,
		Folded: s.folded, Recorded: s.recorded, Plans: s.plans,
	}, "", "  ")
	if err != nil {
		return image{}, err
	}
	im := image{head: bytes.TrimSuffix(head, []byte("\n}")), orders: orders}
	im.checksum = checksumOf(im.head, im.orders)
	return im, nil
}

func checksumOf(parts ...[]byte) string {
	sum := sha256.New()
	for _, part := range parts {
		sum.Write(part)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (im image) write(w io.Writer) error {
	for _, part := range [][]byte{im.head, im.orders, []byte(checksumStart + im.checksum + checksumEnd)} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// decodeState reads a state file. The error says what is wrong with it, or is a
// *NewerError without a path.
func decodeState(data []byte, closed *closedOrders) (*State, error) {
	if len(data) == 0 {
		return nil, fmt.Errorf("it is empty")
	}
	checksum, err := verifyChecksum(data)
	if err != nil {
		if newer := sniffNewer(data); newer != nil {
			return nil, newer
		}
		return nil, err
	}
	body := data[:len(data)-checksumSize]
	headText, orders, ok := bytes.Cut(body, []byte(ordersStart))
	if !ok {
		return nil, fmt.Errorf("it is no state file: it has no orders")
	}
	var head stateHead
	if err := json.Unmarshal(append(bytes.Clone(headText), '}'), &head); err != nil {
		return nil, fmt.Errorf("it is no state file: %w", err)
	}
	if head.Version > stateVersion {
		return nil, &NewerError{Version: head.Version, Known: stateVersion, Writer: head.Writer}
	}
	if head.Version != stateVersion || head.Lineage == "" {
		return nil, fmt.Errorf("its version %d is none that any gdfctl wrote", head.Version)
	}
	entries, err := decodeOrders(orders)
	if err != nil {
		return nil, fmt.Errorf("it is no state file: %w", err)
	}
	s := newState(closed)
	s.entries = make(map[Key]*Entry, len(entries))
	for _, e := range entries {
		s.put(e)
	}
	s.lineage, s.serial, s.plans = head.Lineage, head.Serial, head.Plans
	s.folded, s.recorded = head.Folded, head.Recorded
	s.writer, s.checksum = head.Writer, checksum
	return s, nil
}

func verifyChecksum(data []byte) (string, error) {
	body := data[:max(len(data)-checksumSize, 0)]
	tail := string(data[len(body):])
	if !strings.HasPrefix(tail, checksumStart) || !strings.HasSuffix(tail, checksumEnd) {
		return "", fmt.Errorf("it is cut short, or was changed by something other than gdfctl")
	}
	checksum := checksumOf(body)
	if tail != checksumStart+checksum+checksumEnd {
		return "", fmt.Errorf("its checksum does not fit its content: it is damaged, or was changed by something other than gdfctl")
	}
	return checksum, nil
}

// sniffNewer looks for a version from the future in a file whose layout need
// not be known. The version is the first member in all of them.
func sniffNewer(data []byte) error {
	tokens := json.NewDecoder(bytes.NewReader(data))
	for _, want := range []json.Token{json.Delim('{'), "version"} {
		if got, err := tokens.Token(); err != nil || got != want {
			return nil
		}
	}
	var version int
	if err := tokens.Decode(&version); err != nil || version <= stateVersion {
		return nil
	}
	return &NewerError{Version: version, Known: stateVersion}
}

// damagedState is the error for a state file that can't be used.
func damagedState(files FS, paths Paths, reason error) error {
	newer := &NewerError{}
	if errors.As(reason, &newer) {
		newer.Path = paths.State
		return newer
	}
	e := &DamagedError{Path: paths.State, Reason: reason.Error()}
	if exists(files, paths.Backup()) {
		e.Backup = paths.Backup()
	}
	e.Remedy = "Nothing was changed. " + cmp.Or(restoreFrom(e.Backup, paths.State),
		"There is no backup beside it: put back the copy that you keep elsewhere. To begin with an empty state instead, move "+
			paths.State+" away; orders are then looked up again, and calls whose outcome was unknown are forgotten.")
	return e
}

func restoreFrom(backup, path string) string {
	if backup == "" {
		return ""
	}
	return fmt.Sprintf("The version before it is %s; put it back with: cp %s %s. What happened since is read from the journal and from the API again.",
		backup, backup, path)
}
