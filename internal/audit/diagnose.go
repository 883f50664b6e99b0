package audit

import (
	"slices"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// diagnose tells what was done to the first line that is not as it was written,
// from what comes after it.
func (v *verifier) diagnose() error {
	number := v.at.Lines + 1 // of the first line that is of interest
	var lines []link         // it and all after it; empty where a line is no whole one
	before := ""             // the file that it says it continues
	count := 0
	if v.hasOtherLineEnds() {
		return v.fault(number, LineChanged, "%s: %s", disk.LineEndsChanged, disk.PutLineEndsBack(v.source.String()))
	}
	if _, err := eachLine(v.source, func(text []byte) error {
		if count++; count >= number {
			l, ok := readLink(text)
			if !ok {
				l = link{}
			}
			if ok && len(lines) == 0 {
				before = continued(text)
			}
			lines = append(lines, l)
		}
		return nil
	}); err != nil {
		return err
	}
	switch {
	case v.denied != nil:
		return v.rewritten(*v.denied, lines)
	case len(lines) == 0: // the file changed while it was read
		return v.fault(number, LineChanged, "it changed while it was verified")
	}
	e := v.unlinked(number, lines)
	if e.Fault == LinesRemoved && before != "" {
		e.Detail += ", which continues the file " + before + ": put that file back beside it"
	}
	return e
}

// rewritten tells what was done to the last line of the chain, which a witness
// knows otherwise, from the lines after it.
func (v *verifier) rewritten(w witness, after []link) *ChainError {
	number := v.at.Lines
	if len(after) > 0 {
		switch next := after[0]; {
		case next.hash == w.Hash:
			return v.fault(number, LineInserted, "the line that stood there, %s, comes after it", w.Hash)
		case next.hash != "" && next.Line == number+1 && next.Prev == w.Hash:
			return v.fault(number, LineChanged, "the line after it follows from the one that stood there, %s", w.Hash)
		}
	}
	return v.fault(number, LineRewritten, "%s line %d with the hash %s, and it has %s: it or a line before it was changed, and the hashes from there on were made again",
		w.says, w.Lines, w.Hash, v.at.Hash)
}

// unlinked tells what was done to line number, the first of lines, which does
// not follow from the last line of the chain.
func (v *verifier) unlinked(number int, lines []link) *ChainError {
	first := lines[0]
	if first.hash != "" && slices.ContainsFunc(lines, func(l link) bool { return l.hash == first.Prev }) {
		return v.fault(number, LineReordered, "it is line %d, which is before the one that it follows from", first.Line)
	}
	if len(lines) > 1 && lines[1].follows(v.at) {
		return v.fault(number, LineInserted, "the line after it follows from the one before it")
	}
	switch {
	case first.Line > number:
		e := v.fault(number, LinesRemoved, "it is line %d", first.Line)
		e.Last = first.Line - 1
		return e
	case first.hash != "" && first.Line < number:
		if len(lines) > 1 && lines[1].follows(first.head()) {
			return v.fault(first.Line, LineInserted, "the next line has the same number, and it is from that one that the rest follows")
		}
		return v.fault(number, LineInserted, "it calls itself line %d", first.Line)
	case number > 1 && number-1 == v.remembered.Lines:
		return v.fault(number, LineInserted, "it does not follow from the line before it, with which the record ended when the state was saved")
	case first.hash == "":
		return v.fault(number, LineChanged, "it does not fit its own hash")
	case number == 1:
		return v.fault(number, LineChanged, "the first line follows from no other")
	case number-1 == v.proven:
		return v.fault(number, LineChanged, "it does not follow from line %d, which is as it was written", number-1)
	}
	return v.fault(number-1, LineChanged, "line %d does not follow from it", number)
}

func (v *verifier) hasOtherLineEnds() bool {
	r, _, err := v.source.Open()
	if err != nil {
		return false
	}
	defer r.Close() //nolint:errcheck // only read
	return disk.HasOtherLineEnds(r)
}
