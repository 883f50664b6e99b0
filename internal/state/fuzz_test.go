package state

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/state/local"
)

// What is read is read the same way again after it was written.
func FuzzDecodeState(f *testing.F) {
	f.Add(imageOf(f, sampleState()))
	f.Add(imageOf(f, &State{lineage: "empty"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := decoded(resealed(data))
		if err != nil {
			return
		}
		again, err := decoded(imageOf(t, s))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s.entries, again.entries); diff != "" {
			t.Fatal(diff)
		}
	})
}

// resealed gives data a checksum that fits, so that fuzzing gets past it.
func resealed(data []byte) []byte {
	if i := bytes.LastIndex(data, []byte(checksumStart)); i >= 0 {
		data = data[:i]
	}
	return append(bytes.Clone(data), fmt.Sprintf("%s%x%s", checksumStart, sha256.Sum256(data), checksumEnd)...)
}

// A journal is read, or refused, or cut by its last line; whatever is read can
// be folded in twice with the same result.
func FuzzDecodeJournal(f *testing.F) {
	_, journal := journalOf(f)
	f.Add(journal)
	f.Add(journal[:len(journal)/2])
	f.Fuzz(func(t *testing.T, data []byte) {
		journal, err := decodeJournal(resealedLines(data))
		if err != nil || journal == nil {
			return
		}
		once := &folded{state: newState(&closedOrders{backend: local.NewOn(newCrashFS(), "gdfctl.state.json")}), journal: journal}
		once.state.closed.forgetPending()
		if once.fold() != nil {
			return
		}
		twice := &folded{state: once.state, journal: journal}
		before := imageOf(t, once.state)
		if err := twice.fold(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(before, imageOf(t, twice.state)) {
			t.Fatal("folded in again, the state differs")
		}
	})
}

// resealedLines does for a journal what resealed does for a state.
func resealedLines(data []byte) []byte {
	var out []byte
	for line := range bytes.Lines(data) {
		body, ended := bytes.CutSuffix(line, []byte("\n"))
		if i := bytes.LastIndex(body, []byte(sumStart)); ended && i >= 0 {
			line = append(appendSum(bytes.Clone(body[:i]), body[:i]), '\n')
		}
		out = append(out, line...)
	}
	return out
}
