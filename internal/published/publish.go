package published

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// A plan is cut at the ends of lines into pieces of this size, so that no single
// object is large.
const (
	pieceSize  = 1 << 20
	mostPieces = 1 << 8
)

// Publish keeps a saved plan: its bytes, and what its publisher says of it. A
// plan that was published before is published again, with what is said now.
func (s *Store) Publish(ctx context.Context, e Entry, saved []byte) error {
	e.Values, e.At, e.Made = nil, s.now().UTC().Truncate(time.Second), e.Made.UTC().Truncate(time.Second)
	for _, piece := range pieces(saved) {
		hash := sharedlog.HashOf(piece)
		if err := s.place.Put(ctx, hash, piece); err != nil {
			return fmt.Errorf("the plan can't be published at %s: %w", s.place, err)
		}
		e.Values = append(e.Values, hash)
	}
	if !e.usable() {
		return fmt.Errorf("the plan can't be published: it is empty, or larger than %d MB", mostPieces*pieceSize>>20)
	}
	return s.append(ctx, func(*folded) *record { return &record{Kind: kindPlan, Plan: &e} })
}

// pieces cuts a text at ends of lines. A line that is longer than a piece is one.
func pieces(text []byte) [][]byte {
	var all [][]byte
	for len(text) > 0 {
		n := len(text)
		if n > pieceSize {
			n = pieceSize
			if end := bytes.LastIndexByte(text[:n], '\n'); end >= 0 {
				n = end + 1
			} else if end = bytes.IndexByte(text, '\n'); end >= 0 {
				n = end + 1
			} else {
				n = len(text)
			}
		}
		all, text = append(all, text[:n]), text[n:]
	}
	return all
}

// Open reads the saved plan of an entry. What is returned are the bytes that its
// pieces are named after; that they are a plan, and the one of this hash, is for
// the reader to find out.
func (s *Store) Open(ctx context.Context, e Entry) ([]byte, error) {
	var saved []byte
	for _, hash := range e.Values {
		piece, err := s.place.Get(ctx, hash)
		if err == nil && sharedlog.HashOf(piece) != hash {
			err = errors.New("it is not what it was when it was published")
		}
		if err != nil {
			return nil, fmt.Errorf("a piece of the published plan %.12s can't be read from %s: %w", e.Hash, s.place, err)
		}
		saved = append(saved, piece...)
	}
	return saved, nil
}

// Discard takes a plan out of what is published, and reports whether it was
// there.
func (s *Store) Discard(ctx context.Context, hash, who, reason string) (bool, error) {
	there := false
	err := s.append(ctx, func(f *folded) *record {
		if !slices.ContainsFunc(f.plans, func(e Entry) bool { return e.Hash == hash }) {
			return nil
		}
		there = true
		return &record{Kind: kindDiscard, Hash: hash, Who: who, Reason: reason}
	})
	return there, err
}
