package plan

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"runtime"
	"slices"
	"sync"
)

// fileBegin is how every saved plan begins. What begins otherwise is not looked
// for the end of a line, which could be anywhere.
const fileBegin = `{"format":"` + fileFormat + `"`

var errNoPlan = errors.New("this is not a saved plan: make one with `gdfctl plan --out FILE`")

// Decode reads a saved plan and returns it with its hash. A file that was cut,
// altered or written by another version is an error that says so.
func Decode(r io.Reader) (*Plan, string, error) {
	d := &fileDecoder{sum: sha256.New(), plan: &Plan{}, work: make(chan *filePiece)}
	// Whoever shows a plan waits for this: all processors decode.
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for p := range d.work {
				p.decode()
			}
		})
	}
	err := d.read(bufio.NewReaderSize(r, 64<<10))
	close(d.work)
	workers.Wait()
	if err := cmp.Or(d.join(), err); err != nil { // what is wrong with a line comes before what follows it
		return nil, "", err
	}
	return d.plan, d.hash, nil
}

// fileDecoder reads the file in order and gives its lines away to be decoded, in
// pieces.
type fileDecoder struct {
	sum    hash.Hash
	plan   *Plan
	lines  int
	hash   string
	piece  *filePiece // that lines are added to
	pieces []*filePiece
	work   chan *filePiece
}

func (d *fileDecoder) read(in *bufio.Reader) error {
	if begin, err := in.Peek(len(fileBegin)); err == nil && string(begin) != fileBegin {
		return errNoPlan
	}
	defer d.handOver()
	var line []byte
	for {
		var err error
		if line, err = readLine(in, line[:0]); err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("the plan file can't be read: %w", err)
		}
		if len(line) == 0 {
			break
		}
		if err := d.line(line); err != nil {
			return err
		}
	}
	if d.hash == "" {
		return fmt.Errorf("the plan file is cut off: its last line is missing. Make a new plan")
	}
	return nil
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

func (d *fileDecoder) line(line []byte) error {
	switch {
	case bytes.HasSuffix(line, []byte("\r\n")):
		return fmt.Errorf("the plan file's line ends were changed to CR LF, as git's autocrlf does: copy it as it is, or make a new plan")
	case d.hash != "":
		return fmt.Errorf("the plan file was altered: there is more after its last line. Make a new plan")
	case d.lines == 0:
		if err := d.header(line); err != nil {
			return err
		}
	case bytes.HasPrefix(line, []byte(`{"lines":`)):
		return d.trailer(line)
	default:
		d.entry(line)
	}
	d.lines++
	d.sum.Write(line)
	return nil
}

// entry adds a line to the piece that is handed over when it is large enough.
func (d *fileDecoder) entry(line []byte) {
	if d.piece == nil {
		d.piece = &filePiece{first: d.lines + 1, text: make([]byte, 0, filePieceSize+4<<10)}
	}
	d.piece.text = append(d.piece.text, line...)
	if len(d.piece.text) >= filePieceSize {
		d.handOver()
	}
}

func (d *fileDecoder) handOver() {
	if d.piece != nil {
		d.pieces = append(d.pieces, d.piece)
		d.work <- d.piece
		d.piece = nil
	}
}

// join puts together what was decoded. The error is that of the first line that
// has one.
func (d *fileDecoder) join() error {
	changes := 0
	for _, p := range d.pieces {
		if p.err != nil {
			return p.err
		}
		changes += len(p.plan.Changes)
	}
	all := d.plan
	all.Changes = slices.Grow(all.Changes, changes)
	for i, p := range d.pieces {
		all.Changes = append(all.Changes, p.plan.Changes...)
		all.Held = append(all.Held, p.plan.Held...)
		all.Pending = append(all.Pending, p.plan.Pending...)
		all.Unsettled = append(all.Unsettled, p.plan.Unsettled...)
		all.Deferred = append(all.Deferred, p.plan.Deferred...)
		all.Findings = append(all.Findings, p.plan.Findings...)
		all.Replaced = append(all.Replaced, p.plan.Replaced...)
		all.Stopped = append(all.Stopped, p.plan.Stopped...)
		d.pieces[i] = nil
	}
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
	p.Version, p.CreatedAt, p.Lineage, p.Serial, p.ConfigHash, p.NoOp, p.Released, p.Orders = h.Version, h.CreatedAt, h.Lineage, h.Serial, h.ConfigHash, h.NoOp, h.Released, h.Orders
	p.MadeWith, p.Missing, p.Position, p.Partial = h.MadeWith, h.Missing, h.Position, h.Partial
	p.Batches, p.Standing = h.Batches, h.Standing
	for _, a := range h.Accounts {
		a.AccountPlan.EndpointHash, a.AccountPlan.ETA = a.EndpointHash, a.ETA
		p.Accounts = append(p.Accounts, a.AccountPlan)
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

// filePieceSize is how much text of a plan one goroutine decodes at a time.
const filePieceSize = 256 << 10

// filePiece is some lines of the file, not decoded yet and then decoded.
type filePiece struct {
	first int // the number of its first line
	text  []byte
	plan  Plan
	err   error
}

func (p *filePiece) decode() {
	// As many as there are: a list that grows is copied, and the whole is joined from these.
	p.plan.Changes = make([]Change, 0, bytes.Count(p.text, []byte(`{"change":`)))
	p.plan.Findings = make([]Finding, 0, bytes.Count(p.text, []byte(`{"finding":`)))
	number := p.first
	for line := range bytes.Lines(p.text) {
		if p.err = p.plan.addLine(line, number); p.err != nil {
			p.plan = Plan{} // a damaged file can ask for much room
			return
		}
		number++
	}
	p.text = nil
}

// addLine adds what one line holds.
func (p *Plan) addLine(line []byte, number int) error {
	var l fileLine
	if err := json.Unmarshal(line, &l); err != nil {
		return fmt.Errorf("the plan file was altered or is damaged at line %d. Make a new plan", number)
	}
	switch {
	case l.Change != nil && len(l.Change.Actions) > 0:
		p.Changes = append(p.Changes, *l.Change)
	case l.Held != nil:
		p.Held = append(p.Held, *l.Held)
	case l.Pending != nil:
		p.Pending = append(p.Pending, *l.Pending)
	case l.Unsettled != nil:
		p.Unsettled = append(p.Unsettled, *l.Unsettled)
	case l.Deferred != nil:
		p.Deferred = append(p.Deferred, *l.Deferred)
	case l.Finding != nil:
		p.Findings = append(p.Findings, *l.Finding)
	case l.Replaced != nil:
		p.Replaced = append(p.Replaced, *l.Replaced)
	case l.Stopped != nil:
		p.Stopped = append(p.Stopped, *l.Stopped)
	default:
		return fmt.Errorf("the plan file was altered: line %d is not recognized. Make a new plan", number)
	}
	return nil
}
