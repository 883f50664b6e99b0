package lang

import (
	"bytes"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Part is a piece of a file that can be parsed alone: whole top-level blocks of
// one kind, with the comments and arguments before them.
type Part struct {
	Kind   string  // the type of its blocks, "" where it has none
	Start  hcl.Pos // of Source in the file; what is parsed from there has its true place
	Source []byte  // shares its memory with the file
}

// PartSize is a good size for Split. HCL takes up to 80 times as many bytes to
// lex and parse: of a small part they stay in the processor's cache, which makes
// it twice as quick as parts of 64 KiB.
const PartSize = 4 << 10

// CheckNesting refuses source that is nested beyond MaxNesting or chained beyond
// MaxOperators. It must pass before the source is parsed: HCL's parser and its
// evaluation recurse, and Go can't recover from a stack that is used up. It goes
// by tokens and never recurses itself. Other faults are left to the parser.
func CheckNesting(src []byte, filename string) hcl.Diagnostics {
	_, diags := Split(src, filename, PartSize)
	return diags
}

// Split checks a file as CheckNesting does, and cuts it into parts of about size
// bytes, or of one block where that is larger. Parsed one after the other they
// give the blocks, with the ranges, that the whole file gives, at a fraction of
// the memory. Only faults can differ: an argument that is set again in another
// part is one, and the parser keeps still about some that come after others.
func Split(src []byte, filename string, size int) ([]Part, hcl.Diagnostics) {
	s := splitter{src: src, cut: hcl.InitialPos, part: Part{Start: hcl.InitialPos}}
	for window := size; ; {
		start := s.cut
		end := min(start.Byte+window, len(src))
		// The lexer's own diagnostics come again from the parser.
		tokens, _ := hclsyntax.LexConfig(src[start.Byte:end], filename, start)
		if end < len(src) {
			tokens = certain(tokens)
		}
		if diags := s.read(tokens); diags.HasErrors() {
			return nil, diags
		}
		if end == len(src) {
			s.cut.Byte = len(src)
			s.close()
			return s.parts, nil
		}
		s.close()
		if window *= 4; s.cut != start {
			window = size
		}
	}
}

// certain leaves out the tokens that the lexer might have read differently if
// it had seen the rest of the file: the last ones, and everything behind /*,
// which it takes for two operators where the comment does not end.
func certain(tokens hclsyntax.Tokens) hclsyntax.Tokens {
	const uncertain = 8 // <<-WORD without its newline is four, 1e+ three
	tokens = tokens[:max(0, len(tokens)-uncertain)]
	for i, t := range tokens {
		if t.Type == hclsyntax.TokenSlash && i+1 < len(tokens) &&
			tokens[i+1].Type == hclsyntax.TokenStar && tokens[i+1].Range.Start.Byte == t.Range.End.Byte {
			return tokens[:i]
		}
	}
	return tokens
}

// splitter follows a file's top level. A cut is the end of a line in which a
// block ends: parser and lexer begin anew there.
type splitter struct {
	src   []byte
	parts []Part
	part  Part    // the one that is being read, without its source
	cut   hcl.Pos // the last place where it can end
}

// read goes through the tokens of a piece that begins at the last cut.
func (s *splitter) read(tokens hclsyntax.Tokens) hcl.Diagnostics {
	n := nesting{levels: []level{{}}}
	first, block := true, false
	for i, t := range tokens {
		if first && t.Type == hclsyntax.TokenIdent {
			block = i+1 < len(tokens) && tokens[i+1].Type != hclsyntax.TokenEqual
			if block {
				s.begin(t.Bytes)
			}
		}
		n.token(t)
		switch {
		case n.depth > MaxNesting:
			return tooDeep(t, "Nesting too deep", fmt.Sprintf("Brackets, blocks and templates may be nested at most %d deep.", MaxNesting))
		case n.operators > MaxOperators:
			return tooDeep(t, "Expression too long", fmt.Sprintf("One expression may hold at most %d operators. Split it into locals, or write a list and use a function of lists (contains, sum, join).", MaxOperators))
		}
		if len(n.levels) > 1 || !endsLine(t) {
			first = first && t.Type == hclsyntax.TokenComment
			continue
		}
		if block && !bytes.HasPrefix(s.src[t.Range.End.Byte:], byteOrderMark) {
			s.cut = t.Range.End
		}
		first, block = true, false
	}
	return nil
}

// byteOrderMark is dropped by the lexer where it begins, and a fault elsewhere.
var byteOrderMark = []byte("\ufeff")

// begin notes the block that follows, in a part of its own if its kind differs.
func (s *splitter) begin(kind []byte) {
	if s.part.Kind != "" && s.part.Kind != string(kind) {
		s.close()
	}
	if s.part.Kind == "" {
		s.part.Kind = string(kind)
	}
}

// close ends the part at the last cut.
func (s *splitter) close() {
	if s.part.Start.Byte < s.cut.Byte {
		s.part.Source = s.src[s.part.Start.Byte:s.cut.Byte]
		s.parts = append(s.parts, s.part)
	}
	s.part = Part{Start: s.cut}
}

// endsLine reports whether a token is the end of a line; a comment up to there
// holds it.
func endsLine(t hclsyntax.Token) bool {
	return t.Type == hclsyntax.TokenNewline || t.Type == hclsyntax.TokenComment && bytes.HasSuffix(t.Bytes, []byte("\n"))
}

func tooDeep(t hclsyntax.Token, summary, detail string) hcl.Diagnostics {
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: t.Range.Ptr()}}
}
