package spec

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
)

// hash identifies what is wanted of which orders. What a block is called and
// where a row stands is no part of it: the digests of the wishes are sorted.
// They are made in the order of reading, in which the wishes lie in memory: by
// address it takes twice the time.
func (g *Gathering) hash() string {
	digests := make([][sha256.Size]byte, 0, len(g.out.Orders)+len(g.out.Released))
	var f fieldHash
	add := func(w *Wish) {
		f.account(w.Origin.Account)
		f.find(g.canonical(w.Find))
		if w.Problem != nil {
			f.texts(w.Problem.Code) // nothing is done for it, whatever it wants
		} else {
			f.wanted(w.wanted(), w.Reason)
		}
		digests = append(digests, f.sum())
	}
	for w := range g.candidates() {
		if w.fate == stands {
			add(w)
		}
	}
	for _, w := range g.made {
		add(w)
	}
	for i := range g.out.Released {
		r := &g.out.Released[i]
		f.texts("release", r.Reason)
		f.account(r.Account)
		f.find(g.canonical(r.Find))
		digests = append(digests, f.sum())
	}
	for _, s := range g.out.Standing {
		f.addStanding(s)
		digests = append(digests, f.sum())
	}
	slices.SortFunc(digests, func(a, b [sha256.Size]byte) int { return bytes.Compare(a[:], b[:]) })
	h := sha256.New()
	for i := range digests {
		h.Write(digests[i][:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// fieldHash hashes fields so that no two lists of them look the same.
type fieldHash struct{ b []byte }

func (f *fieldHash) texts(fields ...string) {
	for _, s := range fields {
		f.number(int64(len(s)))
		f.b = append(f.b, s...)
	}
}

func (f *fieldHash) number(n int64) { f.b = binary.AppendVarint(f.b, n) }

func (f *fieldHash) wanted(w wanted, reason string) {
	f.texts(string(w.status), w.number, w.tracking, w.carrier, reason)
	f.number(w.shipped)
	f.number(int64(w.shippedOn))
	f.number(int64(w.attempt))
	if w.noTracking {
		f.texts("no_tracking")
	}
}

func (f *fieldHash) account(a *Account) { f.texts(a.Name, a.Endpoint) }

// find takes a canonical Find.
func (f *fieldHash) find(find Find) {
	f.texts(find.ID, find.Source, find.Number, find.OrderNumber)
}

func (f *fieldHash) sum() [sha256.Size]byte {
	s := sha256.Sum256(f.b)
	f.b = f.b[:0]
	return s
}
