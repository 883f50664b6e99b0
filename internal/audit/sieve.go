package audit

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

// sieve passes by most lines that are not chosen without decoding them,
// which takes fifteen times as long. It compares letters and digits alone, without
// case: tracking numbers are written with spaces and hyphens, or without.
type sieve struct {
	marks [][]byte // every chosen line holds one; nil: all lines are decoded
	plain []byte   // of a line, used again
}

// mostMarks is how many texts are looked for in each line.
const mostMarks = 32

// marksOf are what a line with one of these words holds: the letters and digits of the
// last part, and of a tracking number what it is compared by. There are none where a
// word could be written otherwise in JSON.
func marksOf(words []string) [][]byte {
	var marks [][]byte
	for _, word := range words {
		word = word[strings.LastIndexAny(word, " /")+1:]
		mark, ok := plainOf(nil, []byte(carrier.NumberKey(word)))
		if !ok || len(mark) == 0 || strings.ContainsAny(word, `<>&"\`) {
			return nil
		}
		marks = append(marks, mark)
	}
	return marks
}

// also adds texts that stand as they are in a line.
func (v *sieve) also(texts []string) {
	for _, text := range texts {
		more := marksOf([]string{text})
		if v.marks = append(v.marks, more...); more == nil || len(v.marks) > mostMarks {
			v.marks = nil
			return
		}
	}
}

func (v *sieve) mayHold(text []byte) bool {
	if len(v.marks) == 0 {
		return true
	}
	var ok bool
	if v.plain, ok = plainOf(v.plain[:0], text); !ok {
		return true // two letters beyond ASCII are k and s in another case
	}
	for _, mark := range v.marks {
		if bytes.Contains(v.plain, mark) {
			return true
		}
	}
	return false
}

// plainOf appends the letters and digits of a text, in lower case. It stops at what is
// not ASCII.
func plainOf(to, text []byte) ([]byte, bool) {
	for _, b := range text {
		switch {
		case b >= utf8.RuneSelf:
			return to, false
		case 'A' <= b && b <= 'Z':
			to = append(to, b+'a'-'A')
		case 'a' <= b && b <= 'z' || '0' <= b && b <= '9':
			to = append(to, b)
		}
	}
	return to, true
}
