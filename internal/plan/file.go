package plan

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// A saved plan is JSON Lines: a header, one line for each change, held order
// and so on, and a trailer with the number of lines before it and the SHA-256
// of their bytes, which is the plan's hash. It is written and read line by
// line, so that its size costs no memory beyond the plan itself.

// FileVersion is the version of the saved plan that this program writes, and
// the only one that it reads.
const FileVersion = 1

type fileHeader struct {
	Format     string        `json:"format"` // "gdfctl-plan"
	FileVer    int           `json:"file_version"`
	Version    string        `json:"gdfctl_version"`
	CreatedAt  time.Time     `json:"created_at"`
	Lineage    string        `json:"lineage"`
	Serial     uint64        `json:"serial"`
	ConfigHash string        `json:"config_hash"`
	Accounts   []fileAccount `json:"accounts"`
	NoOp       int           `json:"no_op"`
	Orders     int           `json:"orders"`
}

type fileAccount struct {
	AccountPlan
	ETA time.Duration `json:"eta_ns"`
}

// fileLine holds exactly one of its fields.
type fileLine struct {
	Change   *Change           `json:"change,omitempty"`
	Held     *Held             `json:"held,omitempty"`
	Pending  *Pending          `json:"pending,omitempty"`
	Finding  *Finding          `json:"finding,omitempty"`
	Replaced *spec.Replacement `json:"replaced,omitempty"`
}

type fileTrailer struct {
	Lines  int    `json:"lines"`
	SHA256 string `json:"sha256"`
}

const fileFormat = "gdfctl-plan"

// Hash identifies the plan: the SHA-256 of its saved form, in hex.
func (p *Plan) Hash() (string, error) { return p.Encode(io.Discard) }

// Encode writes the plan in its saved form and returns its hash.
func (p *Plan) Encode(w io.Writer) (string, error) {
	e := &fileEncoder{sum: sha256.New()}
	e.out = bufio.NewWriterSize(io.MultiWriter(w, e.sum), 64<<10)
	header := fileHeader{
		Format: fileFormat, FileVer: FileVersion, Version: p.Version, CreatedAt: p.CreatedAt, Lineage: p.Lineage,
		Serial: p.Serial, ConfigHash: p.ConfigHash, NoOp: p.NoOp, Orders: p.Orders,
	}
	for _, a := range p.Accounts {
		header.Accounts = append(header.Accounts, fileAccount{a, a.ETA})
	}
	e.line(header)
	for i := range p.Changes {
		e.line(fileLine{Change: &p.Changes[i]})
	}
	for i := range p.Held {
		e.line(fileLine{Held: &p.Held[i]})
	}
	for i := range p.Pending {
		e.line(fileLine{Pending: &p.Pending[i]})
	}
	for i := range p.Findings {
		e.line(fileLine{Finding: &p.Findings[i]})
	}
	for i := range p.Replaced {
		e.line(fileLine{Replaced: &p.Replaced[i]})
	}
	if e.err == nil {
		e.err = e.out.Flush()
	}
	digest := hex.EncodeToString(e.sum.Sum(nil))
	e.line(fileTrailer{Lines: e.lines, SHA256: digest})
	if e.err == nil {
		e.err = e.out.Flush()
	}
	return digest, e.err
}

type fileEncoder struct {
	out   *bufio.Writer
	sum   hash.Hash
	lines int
	err   error
}

func (e *fileEncoder) line(v any) {
	if e.err != nil {
		return
	}
	b, err := json.Marshal(v)
	if err != nil {
		e.err = err
		return
	}
	e.lines++
	e.out.Write(b)
	e.err = e.out.WriteByte('\n')
}

// fileBegin is how every saved plan begins. What begins otherwise is not looked
// for the end of a line, which could be anywhere.
const fileBegin = `{"format":"` + fileFormat + `"`

var errNoPlan = errors.New("this is no saved plan: make one with `gdfctl plan --out FILE`")

// Decode reads a saved plan and returns it with its hash. A file that was cut,
// altered or written by another version is an error that says so.
func Decode(r io.Reader) (*Plan, string, error) {
	d := &fileDecoder{sum: sha256.New(), plan: &Plan{}}
	in := bufio.NewReaderSize(r, 64<<10)
	if begin, err := in.Peek(len(fileBegin)); err == nil && string(begin) != fileBegin {
		return nil, "", errNoPlan
	}
	var line []byte
	for {
		var err error
		if line, err = readLine(in, line[:0]); err != nil && !errors.Is(err, io.EOF) {
			return nil, "", fmt.Errorf("the plan file can't be read: %w", err)
		}
		if len(line) == 0 {
			break
		}
		if err := d.line(line); err != nil {
			return nil, "", err
		}
	}
	if d.hash == "" {
		return nil, "", fmt.Errorf("the plan file is cut off: its last line is missing. Make a new plan")
	}
	return d.plan, d.hash, nil
}

// readLine appends the next line, of any length, to into: with its end, which
// the hash covers too.
func readLine(in *bufio.Reader, into []byte) ([]byte, error) {
	for {
		part, err := in.ReadSlice('\n')
		into = append(into, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return into, err
		}
	}
}

type fileDecoder struct {
	sum   hash.Hash
	plan  *Plan
	lines int
	hash  string
}

func (d *fileDecoder) line(line []byte) error {
	if d.hash != "" {
		return fmt.Errorf("the plan file was altered: there is more behind its last line. Make a new plan")
	}
	if d.lines == 0 {
		if err := d.header(line); err != nil {
			return err
		}
	} else if bytes.HasPrefix(line, []byte(`{"lines":`)) {
		return d.trailer(line)
	} else if err := d.entry(line); err != nil {
		return err
	}
	d.lines++
	d.sum.Write(line)
	return nil
}

func (d *fileDecoder) header(line []byte) error {
	var h fileHeader
	if err := json.Unmarshal(line, &h); err != nil || h.Format != fileFormat {
		return errNoPlan
	}
	if h.FileVer != FileVersion {
		return fmt.Errorf("the plan was saved by gdfctl %s in format %d, and this version reads format %d: make a new plan", h.Version, h.FileVer, FileVersion)
	}
	p := d.plan
	p.Version, p.CreatedAt, p.Lineage, p.Serial, p.ConfigHash, p.NoOp, p.Orders = h.Version, h.CreatedAt, h.Lineage, h.Serial, h.ConfigHash, h.NoOp, h.Orders
	for _, a := range h.Accounts {
		a.AccountPlan.ETA = a.ETA
		p.Accounts = append(p.Accounts, a.AccountPlan)
	}
	return nil
}

func (d *fileDecoder) entry(line []byte) error {
	var l fileLine
	if err := json.Unmarshal(line, &l); err != nil {
		return fmt.Errorf("the plan file was altered or is damaged at line %d. Make a new plan", d.lines+1)
	}
	p := d.plan
	switch {
	case l.Change != nil && len(l.Change.Actions) > 0:
		p.Changes = append(p.Changes, *l.Change)
	case l.Held != nil:
		p.Held = append(p.Held, *l.Held)
	case l.Pending != nil:
		p.Pending = append(p.Pending, *l.Pending)
	case l.Finding != nil:
		p.Findings = append(p.Findings, *l.Finding)
	case l.Replaced != nil:
		p.Replaced = append(p.Replaced, *l.Replaced)
	default:
		return fmt.Errorf("the plan file was altered: nothing is known of line %d. Make a new plan", d.lines+1)
	}
	return nil
}

func (d *fileDecoder) trailer(line []byte) error {
	// To the letter: a line that only means the same was altered too.
	sum := hex.EncodeToString(d.sum.Sum(nil))
	if want, err := json.Marshal(fileTrailer{Lines: d.lines, SHA256: sum}); err != nil || string(line) != string(want)+"\n" {
		return fmt.Errorf("the plan file was altered after it was saved: its contents don't match its checksum. Make a new plan")
	}
	d.hash = sum
	return nil
}
