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
	Tokens int     // of Source: what its syntax takes of memory goes by them
}

// PartSize is a good size for Split. HCL takes up to 80 times as many bytes to
// lex and parse: of a small part they stay in the processor's cache, which makes
// it twice as quick as parts of 64 KiB.
const PartSize = 4 << 10

// CheckNesting refuses source that is nested beyond MaxNesting, chained beyond
// MaxOperators, or larger than a Size allows. It must pass before the source is
// parsed: HCL's parser and its evaluation recurse, and Go can't recover from a
// stack that is used up, nor from memory that is. It goes by tokens, holds few of
// them at a time, and never recurses itself. Other faults are left to the parser.
func CheckNesting(src []byte, filename string) hcl.Diagnostics {
	_, diags := Split(src, filename, PartSize)
	return diags
}

// Split checks a file as CheckNesting does, and cuts it into parts of about size
// bytes, or of one block where that is larger. Parsed one after the other they
// give the blocks, with the ranges, that the whole file gives, at a fraction of
// the memory. Only faults can differ: an argument that is set again in another
// part is none, and a fault can hide some that come after others.
func Split(src []byte, filename string, size int) ([]Part, hcl.Diagnostics) {
	s := splitter{src: src, size: size, part: Part{Start: hcl.InitialPos}, cut: hcl.InitialPos, first: true, nesting: nesting{levels: []level{{}}}}
	for at, window := hcl.InitialPos, size; ; {
		end := min(s.behindComment(at.Byte)+window, len(src))
		// The lexer's own diagnostics come again from the parser.
		tokens, _ := hclsyntax.LexConfig(src[at.Byte:end], filename, at)
		if end < len(src) {
			whole := tokens
			tokens = s.certain(tokens)
			if len(tokens) == 0 || tokens[len(tokens)-1].Range.End.Byte == at.Byte {
				if diags := tooLongToLex(whole, window); diags.HasErrors() {
					return nil, diags
				}
				window = max(window, min(window*4, maxLexed))
				continue
			}
		}
		if diags := s.read(tokens); diags.HasErrors() {
			return nil, diags
		}
		if end == len(src) {
			s.cut.Byte = len(src)
			s.close()
			return s.parts, nil
		}
		at, window = tokens[len(tokens)-1].Range.End, size
	}
}

// behindComment is where a window begins to grow that starts at an offset: behind
// the comment that begins there. Cut off, its text would be lexed as if it were
// none.
func (s *splitter) behindComment(at int) int {
	text := bytes.TrimLeft(s.src[at:], " \t\r\n")
	if s.unclosed || !bytes.HasPrefix(text, []byte("/*")) {
		return at
	}
	length := bytes.Index(text[2:], []byte("*/"))
	if length < 0 {
		s.unclosed = true
		return at
	}
	return len(s.src) - len(text) + 2 + length + 2
}

// certain leaves out the tokens that the lexer might have read differently if
// it had seen the rest of the file: the last ones, and everything behind /*,
// which it takes for two operators where the comment does not end. It also leaves
// out those of a quoted text that does not end, since the lexer can't begin anew
// within one.
func (s *splitter) certain(tokens hclsyntax.Tokens) hclsyntax.Tokens {
	const uncertain = 8 // <<-WORD without its newline is four, 1e+ three
	texts, outside, last := 0, 0, 0
	for i, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenSlash:
			if !s.unclosed && bytes.HasPrefix(s.src[t.Range.Start.Byte:], []byte("/*")) {
				return tokens[:outside] // what stands before it was seen whole
			}
		case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			texts++
		case hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			texts = max(0, texts-1)
		}
		if texts == 0 && t.Range.End.Byte < len(s.src) && !bytes.HasPrefix(s.src[t.Range.End.Byte:], byteOrderMark) {
			outside = i + 1
		}
		if i < len(tokens)-uncertain {
			last = outside
		}
	}
	return tokens[:last]
}

// splitter follows a file's top level. A cut is the end of a line in which a
// block ends: parser and lexer begin anew there.
type splitter struct {
	src      []byte
	size     int
	parts    []Part
	part     Part    // the one that is being read, without its source
	cut      hcl.Pos // the last place where it can end
	unclosed bool    // no comment ends behind what was read

	nesting nesting
	weight  weight
	first   bool // only comments were seen in this line of the top level
	block   bool // a block began in it
}

// read goes through the tokens behind those that it was given before.
func (s *splitter) read(tokens hclsyntax.Tokens) hcl.Diagnostics {
	n := &s.nesting
	for i, t := range tokens {
		if s.first && t.Type == hclsyntax.TokenIdent {
			s.block = s.isBlock(tokens[i+1:], t)
			if s.block {
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
		s.part.Tokens++
		if diags := s.weight.token(t, len(n.levels), t.Range.End.Byte-s.cut.Byte); diags.HasErrors() {
			return diags
		}
		if len(n.levels) > 1 || !endsLine(t) {
			s.first = s.first && t.Type == hclsyntax.TokenComment
			continue
		}
		if s.block && !bytes.HasPrefix(s.src[t.Range.End.Byte:], byteOrderMark) {
			s.cut = t.Range.End
			s.weight.tokens = 0
			if s.cut.Byte-s.part.Start.Byte >= s.size {
				s.close()
			}
		}
		s.first, s.block = true, false
	}
	return nil
}

// isBlock reports whether the line that begins with a word begins a block: it
// does not set an argument.
func (s *splitter) isBlock(next hclsyntax.Tokens, word hclsyntax.Token) bool {
	if len(next) > 0 {
		return next[0].Type != hclsyntax.TokenEqual
	}
	// The word is the last token of its window: the lexer says what follows.
	rest := s.src[word.Range.End.Byte:]
	tokens, _ := hclsyntax.LexConfig(rest[:min(len(rest), 1<<10)], "", hcl.InitialPos)
	return tokens[0].Type != hclsyntax.TokenEqual
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
