package state

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
)

// stateVersion is the newest layout of the state file. Any member that an older
// gdfctl would lose by writing the file anew needs another number.
const stateVersion = 4

// oldestVersion is the first layout. It lacks what changes replaced and, as all before
// the fourth, what marketplaces said of orders, which only means that less is known of
// the orders in it: an error from before a change shows once as news.
const oldestVersion = 1

// stateHead is the state file but for its orders and its checksum.
type stateHead struct {
	Version  int         `json:"version"`
	Writer   string      `json:"gdfctl_version"`
	Lineage  string      `json:"lineage"`
	Serial   uint64      `json:"serial"`
	Folded   journalMark `json:"journal,omitzero"`
	Recorded audit.Head  `json:"audit,omitzero"`
	Size     int64       `json:"audit_size,omitempty"`
	Plans    []donePlan  `json:"plans,omitempty"`
	Commits  Commits     `json:"commits,omitzero"`

	// Unrecorded are lines of the audit log that could not be written when
	// the state was saved. The next session writes them.
	Unrecorded []audit.Entry `json:"unrecorded,omitempty"`
}

// The file ends in its checksum: the SHA-256 of all bytes before this tail. It
// covers spaces and line ends too, so that there is one file for one state and
// no bit of it can change unseen.
const (
	checksumStart = "  \"checksum\": \"sha256:"
	checksumEnd   = "\"\n}\n"
	checksumSize  = int64(len(checksumStart) + 2*sha256.Size + len(checksumEnd))
)

// headLocked makes the head of a file with that serial.
func (s *State) headLocked(serial uint64, writer string) ([]byte, error) {
	head, err := json.MarshalIndent(stateHead{
		Version: stateVersion, Writer: writer, Lineage: s.lineage, Serial: serial,
		Folded: s.folded, Recorded: s.recorded.Head, Size: s.recorded.Size, Plans: s.plans, Commits: s.commits, Unrecorded: s.unrecorded,
	}, "", "  ")
	return bytes.TrimSuffix(head, []byte("\n}")), err
}

// errSame ends the writing of a state that says nothing but what is there.
var errSame = errors.New("nothing changed")

// encodeStateLocked writes a state file with the next serial and returns its checksum.
// It returns errSame if with the present serial and writer the file would be the
// one that the state was read from. The file is never in memory as a whole.
func (s *State) encodeStateLocked(w io.Writer, writer string) (checksum string, err error) {
	present, err := s.headLocked(s.serial, s.writer)
	if err != nil {
		return "", err
	}
	next, err := s.headLocked(s.serial+1, writer)
	if err != nil {
		return "", err
	}
	same, sum := sha256.New(), sha256.New()
	same.Write(present)
	sum.Write(next)
	if _, err := w.Write(next); err != nil {
		return "", err
	}
	if err := encodeOrders(io.MultiWriter(w, sum, same), s.sortedLocked()); err != nil {
		return "", err
	}
	if s.checksum == hex.EncodeToString(same.Sum(nil)) {
		return "", errSame
	}
	checksum = hex.EncodeToString(sum.Sum(nil))
	_, err = io.WriteString(w, checksumStart+checksum+checksumEnd)
	return checksum, err
}

// decodeState reads a state file. The error says what is wrong with it, or is a
// *NewerError without a path.
func decodeState(file io.ReaderAt, size int64, closed *closedOrders) (*State, error) {
	head, orders, checksum, err := decodeHead(file, size)
	if err != nil {
		return nil, err
	}
	entries, err := decodeOrders(orders)
	if err != nil {
		return nil, fmt.Errorf("it is not a state file: %w", err)
	}
	s := newState(closed)
	s.entries = make(map[Key]*Entry, len(entries))
	for _, e := range entries {
		s.putLocked(e)
	}
	s.lineage, s.serial, s.plans, s.commits = head.Lineage, head.Serial, head.Plans, head.Commits
	s.folded, s.unrecorded = head.Folded, head.Unrecorded
	s.recorded = audit.Position{Head: head.Recorded, Size: head.Size}
	s.writer, s.checksum = head.Writer, checksum
	return s, nil
}

// decodeHead verifies a state file, and reads all of it but the orders.
func decodeHead(file io.ReaderAt, size int64) (head stateHead, orders *bufio.Reader, checksum string, err error) {
	if size == 0 {
		return head, nil, "", fmt.Errorf("it is empty")
	}
	if checksum, err = verifyChecksum(file, size); err != nil {
		if newer := sniffNewer(io.NewSectionReader(file, 0, size)); newer != nil {
			return head, nil, "", newer
		}
		return head, nil, "", err
	}
	lines := bufio.NewReaderSize(io.NewSectionReader(file, 0, size-checksumSize), 1<<16)
	text, err := readHead(lines)
	if err != nil {
		return head, nil, "", fmt.Errorf("it is not a state file: %w", err)
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return head, nil, "", fmt.Errorf("it is not a state file: %w", err)
	}
	if head.Version > stateVersion {
		return head, nil, "", &NewerError{Version: head.Version, Known: stateVersion, Writer: head.Writer}
	}
	if head.Version < oldestVersion || head.Lineage == "" {
		return head, nil, "", fmt.Errorf("its version %d is none that any gdfctl wrote", head.Version)
	}
	return head, lines, checksum, nil
}

// readHead reads up to the line that begins the orders.
func readHead(lines *bufio.Reader) ([]byte, error) {
	var head []byte
	for {
		line, err := disk.ReadLine(lines)
		head = append(head, line...)
		if text, ok := bytes.CutSuffix(head, []byte(ordersStart+"\n")); ok {
			return append(text, '}'), nil
		}
		if text, ok := bytes.CutSuffix(head, []byte(ordersStart+"},\n")); ok {
			return append(text, '}'), nil
		}
		if err != nil {
			return nil, errors.New("it has no orders")
		}
	}
}

func verifyChecksum(file io.ReaderAt, size int64) (string, error) {
	body := max(size-checksumSize, 0)
	tail := make([]byte, size-body)
	if _, err := file.ReadAt(tail, body); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if !bytes.HasPrefix(tail, []byte(checksumStart)) || !bytes.HasSuffix(tail, []byte(checksumEnd)) {
		return "", fmt.Errorf("it is cut short, or was changed by something other than gdfctl")
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(file, 0, body)); err != nil {
		return "", err
	}
	checksum := hex.EncodeToString(sum.Sum(nil))
	if string(tail) != checksumStart+checksum+checksumEnd {
		return "", fmt.Errorf("its checksum does not fit its content: it is damaged, or was changed by something other than gdfctl")
	}
	return checksum, nil
}

// sniffNewer looks for a version from the future in a file whose layout need
// not be known. The version is the first member in all of them.
func sniffNewer(file io.Reader) error {
	tokens := json.NewDecoder(file)
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
