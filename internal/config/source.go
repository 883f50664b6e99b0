package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/table"
)

// maxFile is the most that one HCL file may hold. A configuration is written
// by people; what is larger belongs into a table.
const maxFile = 64 << 20

// mostFaulty is how much of a file is parsed to tell what is wrong with it.
const mostFaulty = 1 << 20

// source is one file of the configuration. Its syntax takes 25 times as much
// memory as its text, so it is made for one part after the other, and let go.
type source struct {
	name  string
	text  []byte
	parts []lang.Part
	args  map[string]bool // arguments at the top level, where none may stand
}

// newSource checks a file and cuts it into parts.
func newSource(text []byte, name string, partSize int) (*source, hcl.Diagnostics) {
	parts, diags := lang.Split(text, name, partSize)
	if diags.HasErrors() {
		return nil, diags
	}
	return &source{name: name, text: text, parts: parts, args: map[string]bool{}}, nil
}

// read takes a file in.
func (l *loader) read(name string) hcl.Diagnostics {
	text, err := readAll(l.cfg.root, name)
	if err != nil {
		return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "The file can't be read", Detail: fmt.Sprintf("%s: %s", name, reason(err))}}
	}
	l.cfg.Files[name] = &diag.Source{Text: text}
	s, diags := newSource(text, name, l.partSize)
	if diags.HasErrors() {
		return diags
	}
	l.sources = append(l.sources, s)
	return append(l.weigh(s), lineEnds(text, name)...)
}

// mostOfAnOrder is how many tokens one order may hold. Several are
// parsed at a time, so a few that are huge would take all memory.
const mostOfAnOrder = 20_000

// weigh refuses what would take too much memory as syntax: an order, or all other
// blocks together, since those are held all at once.
func (l *loader) weigh(s *source) hcl.Diagnostics {
	for _, p := range s.parts {
		at := hcl.Range{Filename: s.name, Start: p.Start, End: p.Start}
		switch {
		case p.Kind != "order":
			if l.held += p.Tokens; l.held > lang.MaxTokens {
				return errorAt(at, "Configuration too large",
					fmt.Sprintf("All blocks but orders may hold at most %d tokens together. Large data belongs in a table that a batch reads row by row.", lang.MaxTokens))
			}
		case p.Tokens > mostOfAnOrder:
			return errorAt(at, "Order too large", fmt.Sprintf("An order may hold at most %d tokens.", mostOfAnOrder))
		}
	}
	return nil
}

// CheckSyntax is the parts of a file, or what is wrong with its syntax. However
// large it is, it is never held as syntax in whole.
func CheckSyntax(text []byte, name string) ([]lang.Part, diag.List) {
	s, diags := newSource(text, name, lang.PartSize)
	if diags.HasErrors() {
		return nil, lang.Plain(diags)
	}
	l := loader{sources: []*source{s}}
	if !l.eachPart(func(string) bool { return true }, func(*hclsyntax.Body) {}) {
		return nil, lang.Plain(l.faults())
	}
	return s.parts, nil
}

// eachPart parses the parts of the wanted kinds, several at a time, and hands
// them on in the order of the files. It stops at the first fault and returns
// false.
func (l *loader) eachPart(wanted func(kind string) bool, use func(*hclsyntax.Body)) bool {
	type syntax struct {
		source *source
		body   *hclsyntax.Body // nil if something is wrong with it
	}
	queue := make(chan chan syntax, runtime.GOMAXPROCS(0)) // what is parsed ahead takes memory
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		defer close(queue)
		for _, s := range l.sources {
			for _, p := range s.parts {
				if !wanted(p.Kind) {
					continue
				}
				parsed := make(chan syntax, 1)
				select {
				case queue <- parsed:
				case <-stop:
					return
				}
				go func() { parsed <- syntax{s, s.parse(p)} }()
			}
		}
	}()
	for parsed := range queue {
		part := <-parsed
		if part.body == nil || part.source.setTwice(part.body) {
			return false
		}
		use(part.body)
	}
	return true
}

// parse makes the syntax of one part, or returns nil if something is wrong with
// it.
func (s *source) parse(p lang.Part) *hclsyntax.Body {
	file, diags := hclsyntax.ParseConfig(p.Source, s.name, p.Start)
	if len(diags) > 0 {
		return nil
	}
	return file.Body.(*hclsyntax.Body)
}

// setTwice reports whether an argument was set in another part of the file. It
// is a fault of syntax that no part shows.
func (s *source) setTwice(body *hclsyntax.Body) bool {
	for name := range body.Attributes {
		if s.args[name] {
			return true
		}
		s.args[name] = true
	}
	return false
}

// faults is what HCL's parser has to say of the files.
func (l *loader) faults() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, s := range l.sources {
		diags = append(diags, s.faults()...)
	}
	return diags
}

// faults parses in one go what the first fault stands in and what comes after
// it: the parser keeps still about faults that are the consequence of another.
// An argument at the top level is no fault of syntax before it is set again.
func (s *source) faults() hcl.Diagnostics {
	for _, p := range s.parts {
		file, diags := hclsyntax.ParseConfig(p.Source, s.name, p.Start)
		switch {
		case len(diags) > 0 && len(p.Source) >= mostFaulty:
			return diags
		case len(diags) > 0, len(file.Body.(*hclsyntax.Body).Attributes) > 0:
			return s.faultsFrom(p.Start)
		}
	}
	return nil
}

func (s *source) faultsFrom(start hcl.Pos) hcl.Diagnostics {
	for most := mostFaulty; ; most *= 2 {
		end := start.Byte
		for _, p := range s.parts {
			if p.Start.Byte < start.Byte+most {
				end = p.Start.Byte + len(p.Source)
			}
		}
		if _, diags := hclsyntax.ParseConfig(s.text[start.Byte:end], s.name, start); len(diags) > 0 || end == len(s.text) {
			return diags
		}
	}
}

// navigator names the block that an offset stands in, for messages.
type navigator struct {
	source *source
	part   lang.Part
	inPart interface{ ContextString(offset int) string } // of part, nil at first
}

// block is the header of the top-level block around an offset, or "".
func (n *navigator) block(offset int) string {
	parts := n.source.parts
	i := sort.Search(len(parts), func(i int) bool { return parts[i].Start.Byte > offset }) - 1
	if i < 0 {
		return ""
	}
	if n.inPart == nil || n.part.Start != parts[i].Start {
		file, _ := hclsyntax.ParseConfig(parts[i].Source, n.source.name, parts[i].Start)
		n.part, n.inPart = parts[i], file.Nav.(interface{ ContextString(offset int) string })
	}
	return n.inPart.ContextString(offset)
}

func readAll(root *os.Root, name string) ([]byte, error) {
	// what is wrong with a file is told with its lines
	if err := table.Reserved(root, name); err != nil {
		return nil, err
	}
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	// opening a named pipe would wait for its writer
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := bytes.NewBuffer(make([]byte, 0, min(info.Size(), maxFile)+bytes.MinRead))
	_, err = b.ReadFrom(io.LimitReader(f, maxFile+1))
	if err == nil && b.Len() > maxFile {
		err = fmt.Errorf("larger than %d MiB", maxFile>>20)
	}
	return b.Bytes(), err
}
