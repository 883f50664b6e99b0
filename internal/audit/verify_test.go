package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

// rechained makes the lines from number on follow from the ones before, as
// somebody would who can compute hashes.
func rechained(t testing.TB, lines [][]byte, number int, change func(*Entry)) [][]byte {
	t.Helper()
	var at Head
	var out [][]byte
	for i, line := range lines {
		if i+1 >= number {
			var r Entry
			must(t, json.Unmarshal(line, &r))
			if i+1 == number {
				change(&r)
			}
			var err error
			line, _, err = at.chain(r)
			must(t, err)
		}
		link, _ := readLink(bytes.TrimSuffix(line, []byte("\n")))
		at = link.head()
		out = append(out, line)
	}
	return out
}

// headOf is the head of a record that ends with this line.
func headOf(t testing.TB, line []byte) Head {
	t.Helper()
	link, ok := readLink(bytes.TrimSuffix(line, []byte("\n")))
	if !ok {
		t.Fatalf("no line of a record: %s", line)
	}
	return link.head()
}

// tampered is a record that somebody has been at, and what there is to say of
// it: to whoever has nothing but the record, and to whoever knows a head.
type tampered struct {
	name  string
	lines [][]byte
	alone string // "" where the chain shows nothing
	known string
}

// tamperings does each kind of thing at the first, a middle and the last line
// of six.
func tamperings(t *testing.T, lines [][]byte) []tampered {
	forge := func(r *Entry) { r.Message = "nothing happened" }
	// put is the record with other lines in the place of line number.
	put := func(number int, others ...[]byte) [][]byte {
		return slices.Concat(lines[:number-1], others, lines[number:])
	}
	line := func(number int) []byte { return lines[number-1] }
	letter := func(number int) []byte { return bytes.Replace(line(number), []byte(`"ship"`), []byte(`"shop"`), 1) }
	forged := func(number int) []byte { return rechained(t, lines, number, forge)[number-1] }
	rubbish := []byte("{}\n")
	return []tampered{
		{"a letter of the first", put(1, letter(1)), "line 1 was changed", "line 1 was changed"},
		{"a letter of the middle", put(3, letter(3)), "line 3 was changed", "line 3 was changed"},
		{"a letter of the last", put(6, letter(6)), "line 6 was changed", "line 6 was changed"},
		{"the first, hash and all", put(1, forged(1)), "line 1 was changed", "line 1 was changed"},
		{"the middle, hash and all", put(3, forged(3)), "line 3 was changed", "line 3 was changed"},
		{"the last, hash and all", put(6, forged(6)), "", "line 6 was rewritten"},
		{"the first becomes rubbish", put(1, rubbish), "line 1 was changed", "line 1 was changed"},
		{"the middle becomes rubbish", put(3, rubbish), "line 3 was changed", "line 3 was changed"},
		{"the last becomes rubbish", put(6, rubbish), "line 6 was changed", "line 6 was changed"},

		{"the first removed", put(1), "line 1 was removed", "line 1 was removed"},
		{"the middle removed", slices.Concat(lines[:2], lines[4:]), "lines 3 to 4 were removed", "lines 3 to 4 were removed"},
		{"the last removed", put(6), "", "line 6 was removed"},
		{"the last two removed", lines[:4], "", "lines 5 to 6 were removed"},
		{"all removed", nil, "", "lines 1 to 6 were removed"},

		{"rubbish before the first", put(1, rubbish, line(1)), "line 1 was inserted", "line 1 was inserted"},
		{"rubbish in the middle", put(3, rubbish, line(3)), "line 3 was inserted", "line 3 was inserted"},
		{"rubbish after the last", put(6, line(6), rubbish), "line 7 was changed", "line 7 was changed"},
		{"a good line before the first", put(1, forged(1), line(1)), "line 1 was inserted", "line 1 was inserted"},
		{"a good line in the middle", put(3, forged(3), line(3)), "line 3 was inserted", "line 3 was inserted"},
		{"a good line before the last", put(6, forged(6), line(6)), "line 7 was inserted", "line 6 was inserted"},
		{"the first again in the middle", put(4, line(4), line(1)), "line 5 was inserted", "line 5 was inserted"},
		{"the last again", put(6, line(6), line(6)), "line 7 was inserted", "line 7 was inserted"},

		{"the first two swapped", slices.Concat([][]byte{line(2), line(1)}, lines[2:]), "line 1 was reordered", "line 1 was reordered"},
		{"two in the middle swapped", slices.Concat(lines[:2], [][]byte{line(4), line(3)}, lines[4:]), "line 3 was reordered", "line 3 was reordered"},
		{"the last two swapped", slices.Concat(lines[:4], [][]byte{line(6), line(5)}), "line 5 was reordered", "line 5 was reordered"},
		{"the first at the end", slices.Concat(lines[1:], lines[:1]), "line 1 was reordered", "line 1 was reordered"},
		{"the last at the beginning", slices.Concat(lines[5:], lines[:5]), "line 1 was reordered", "line 1 was reordered"},

		{"all from the first on made again", rechained(t, lines, 1, forge), "", "line 6 was rewritten"},
		{"all from the middle on made again", rechained(t, lines, 4, forge), "", "line 6 was rewritten"},
		{"one left out, the rest made again", rechained(t, put(3), 3, forge), "", "line 6 was removed"},
	}
}

func TestVerifyNamesTheFault(t *testing.T) {
	_, lines := logOf(t, 6)
	head := headOf(t, lines[5])
	check := func(t *testing.T, storage Storage, given Head, want string) {
		t.Helper()
		var e *ChainError
		switch _, err := Verify(storage, given, Head{}); {
		case want == "" && err != nil:
			t.Errorf("head %v: %v, want nothing", given, err)
		case want != "" && (!errors.As(err, &e) || !strings.HasPrefix(e.Error(), "the log: "+want+": ")):
			t.Errorf("head %v: %v, want %q", given, err, want)
		}
	}
	for _, test := range tamperings(t, lines) {
		t.Run(test.name, func(t *testing.T) {
			storage := &inMemory{data: bytes.Join(test.lines, nil)}
			check(t, storage, Head{}, test.alone)
			check(t, storage, head, test.known)
		})
	}
}

// The state remembers the end of the log, so that most of what the chain can't
// show is seen without a head from elsewhere.
func TestVerifyAsksTheState(t *testing.T) {
	_, lines := logOf(t, 6)
	for _, test := range tamperings(t, lines) {
		t.Run(test.name, func(t *testing.T) {
			want := test.known
			if test.name == "rubbish after the last" {
				want = "line 7 was inserted" // it knows that there were six
			}
			_, err := Verify(&inMemory{data: bytes.Join(test.lines, nil)}, Head{}, headOf(t, lines[5]))
			if err == nil || !strings.Contains(err.Error(), want+": ") {
				t.Errorf("%v, want %q", err, want)
			}
		})
	}
}

// A head that was taken earlier proves what was there then, and no more.
func TestVerifyWithAnOlderHead(t *testing.T) {
	_, lines := logOf(t, 6)
	third := headOf(t, lines[2])
	forge := func(r *Entry) { r.Message = "nothing happened" }
	for name, test := range map[string]struct {
		lines  [][]byte
		want   string
		proven int
	}{
		"the record has grown":        {lines, "", 0},
		"a line after it was changed": {slices.Concat(lines[:4], [][]byte{[]byte("{}\n")}, lines[5:]), "line 5 was changed", 3},
		"the line after it does not follow": {
			slices.Concat(lines[:3], rechained(t, rechained(t, lines, 1, forge), 4, forge)[3:]), "line 4 was changed: it does not follow from line 3, which is as it was written", 3,
		},
		"its line was changed": {slices.Concat(lines[:2], rechained(t, lines, 3, forge)[2:3], lines[3:]), "line 3 was changed", 0},
		"made again before it": {rechained(t, lines, 2, forge), "line 3 was rewritten: the head was taken at line 3 with the hash ", 0},
		"made again after it":  {rechained(t, lines, 4, forge), "", 0},
		"cut off before it":    {lines[:1], "lines 2 to 3 were removed: the record has 1 line, the head was taken at line 3: lines were removed at the end", 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Verify(&inMemory{data: bytes.Join(test.lines, nil)}, third, Head{})
			if test.want == "" {
				must(t, err)
				return
			}
			var e *ChainError
			if !errors.As(err, &e) || !strings.Contains(e.Error(), test.want) || e.Proven != test.proven {
				t.Errorf("%v (%+v), want %q, proven to line %d", err, e, test.want, test.proven)
			}
		})
	}
}
