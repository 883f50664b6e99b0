package forge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/words"
)

// approvedBefore is whether somebody approved what a comment has shown since a
// time.
type approvedBefore struct {
	since time.Time
	yes   bool
}

// note says in a new comment how a plan differs from one that was approved. What
// was approved goes on in the mark until it is said.
func (w *writing) note(ctx context.Context, t *thread, last ownComment, m *Mark) error {
	if m.Shown.Changes == "" || last.mark.Shown.Changes == "" || w.done.Noted != "" {
		return nil
	}
	if m.Approved = last.mark.Approved; last.mark.Shown.Changes != m.Shown.Changes || m.Approved.Changes == "" {
		switch yes, err := w.approvedSince(ctx, t.number, last.shownAt); {
		case errors.Is(err, errAgain):
			return err
		case err != nil:
			w.problem(fmt.Errorf("who approved the earlier plan can't be read: %w", err))
		case yes:
			m.Approved = last.mark.Shown
		}
	}
	if m.Approved.Changes == "" || m.Approved.Changes == m.Shown.Changes {
		return nil
	}
	text := fmt.Sprintf("Plan `%s` differs from the plan that was approved: %s.\n", shortHash(m.Hash), m.Shown.against(m.Approved))
	switch err := w.host.create(ctx, t, text); {
	case errors.Is(err, errAgain):
		return err
	case err != nil:
		w.problem(err)
	default:
		w.done.Noted, m.Approved = text, Shown{}
	}
	return nil
}

// approvedSince asks the forge once, however many passes there are.
func (w *writing) approvedSince(ctx context.Context, number int, since time.Time) (bool, error) {
	if w.approved == nil || !w.approved.since.Equal(since) {
		yes, err := w.host.approvedSince(ctx, number, since)
		if err != nil {
			return false, err
		}
		w.approved = &approvedBefore{since, yes}
	}
	return w.approved.yes, nil
}

// Plus is what two plans would do together. The hash of their changes is the
// caller's to know.
func (s Shown) Plus(o Shown) Shown {
	return Shown{Acknowledge: s.Acknowledge + o.Acknowledge, Ship: s.Ship + o.Ship, Correct: s.Correct + o.Correct, Cancel: s.Cancel + o.Cancel, Insert: s.Insert + o.Insert}
}

// against says how a plan differs from an earlier one.
func (s Shown) against(earlier Shown) string {
	return cmp.Or(s.More(earlier), "as many changes, but not the same ones")
}

// More says how many more and fewer changes there are than in an earlier plan, what
// can't be undone first: "2 more cancels, 1 ship fewer". It is empty if there are as many.
func (s Shown) More(earlier Shown) string {
	var parts []string
	for _, k := range []struct {
		now, then int
		one, many string
	}{
		{s.Cancel, earlier.Cancel, "cancel", "cancels"},
		{s.Correct, earlier.Correct, "correction", "corrections"},
		{s.Insert, earlier.Insert, "insert", "inserts"},
		{s.Ship, earlier.Ship, "ship", "ships"},
		{s.Acknowledge, earlier.Acknowledge, "acknowledgment", "acknowledgments"},
	} {
		switch more := k.now - k.then; {
		case more > 0:
			parts = append(parts, words.Count(more, "more "+k.one, "more "+k.many))
		case more < 0:
			parts = append(parts, words.Count(-more, k.one, k.many)+" fewer")
		}
	}
	return strings.Join(parts, ", ")
}
