package plan

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"time"

	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// A saved plan is JSON Lines: a header, one line for each change, held order
// and so on, and a trailer with the number of lines before it and the SHA-256
// of their bytes, which is the plan's hash. It is written and read line by
// line, so that its size costs no memory beyond the plan itself.

// FileVersion is the version of the saved plan that this program writes, and
// the only one that it reads.
const FileVersion = 2

type fileHeader struct {
	Format     string             `json:"format"` // "gdfctl-plan"
	FileVer    int                `json:"file_version"`
	Version    string             `json:"gdfctl_version"`
	CreatedAt  time.Time          `json:"created_at"`
	Lineage    string             `json:"lineage"`
	Serial     uint64             `json:"serial"`
	ConfigHash string             `json:"config_hash"`
	Position   *backend.Position  `json:"position,omitempty"`
	Partial    []string           `json:"partial,omitempty"`
	MadeWith   []string           `json:"made_with,omitempty"`
	Accounts   []fileAccount      `json:"accounts"`
	Missing    []MissingAccount   `json:"missing_accounts,omitempty"`
	NoOp       int                `json:"no_op"`
	Released   int                `json:"released"`
	Orders     int                `json:"orders"`
	Batches    []*spec.BatchCount `json:"batches,omitempty"`
	Standing   []*StandingCount   `json:"standing,omitempty"`
}

type fileAccount struct {
	AccountPlan
	EndpointHash string        `json:"endpoint_hash"`
	ETA          time.Duration `json:"eta_ns"`
}

// fileLine holds exactly one of its fields.
type fileLine struct {
	Change    *Change           `json:"change,omitempty"`
	Held      *Held             `json:"held_back,omitempty"`
	Pending   *Pending          `json:"pending,omitempty"`
	Unsettled *Unsettled        `json:"unsettled,omitempty"`
	Deferred  *Deferred         `json:"deferred,omitempty"`
	Finding   *Finding          `json:"finding,omitempty"`
	Replaced  *spec.Replacement `json:"replaced,omitempty"`
	Stopped   *StoppedBatch     `json:"stopped,omitempty"`
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
	e.json = json.NewEncoder(e.out)
	header := fileHeader{
		Format: fileFormat, FileVer: FileVersion, Version: p.Version, CreatedAt: p.CreatedAt, Lineage: p.Lineage,
		Serial: p.Serial, ConfigHash: p.ConfigHash, Position: p.Position, Partial: p.Partial, MadeWith: p.MadeWith, Missing: p.Missing, NoOp: p.NoOp, Released: p.Released, Orders: p.Orders, Batches: p.Batches, Standing: p.Standing,
	}
	for _, a := range p.Accounts {
		header.Accounts = append(header.Accounts, fileAccount{a, a.EndpointHash, a.ETA})
	}
	e.line(header)
	for i := range p.Changes {
		e.entry(fileLine{Change: &p.Changes[i]})
	}
	for i := range p.Held {
		e.entry(fileLine{Held: &p.Held[i]})
	}
	for i := range p.Pending {
		e.entry(fileLine{Pending: &p.Pending[i]})
	}
	for i := range p.Unsettled {
		e.entry(fileLine{Unsettled: &p.Unsettled[i]})
	}
	for i := range p.Deferred {
		e.entry(fileLine{Deferred: &p.Deferred[i]})
	}
	for i := range p.Findings {
		e.entry(fileLine{Finding: &p.Findings[i]})
	}
	for i := range p.Replaced {
		e.entry(fileLine{Replaced: &p.Replaced[i]})
	}
	for i := range p.Stopped {
		e.entry(fileLine{Stopped: &p.Stopped[i]})
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
	json  *json.Encoder // into out; it ends each value with a line break
	sum   hash.Hash
	lines int
	err   error

	shared fileLine // one for all entries: a plan has a hundred thousand
}

func (e *fileEncoder) entry(l fileLine) {
	e.shared = l
	e.line(&e.shared)
}

func (e *fileEncoder) line(v any) {
	if e.err != nil {
		return
	}
	e.lines++
	e.err = e.json.Encode(v)
}
