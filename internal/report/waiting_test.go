package report

import (
	"strings"
	"testing"
	"time"
)

// A run that waits says for whom and until when, as far as that is known.
func TestWaiting(t *testing.T) {
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	holder := &LockHolder{ID: "1", Who: "ann", Since: &now}
	w := NewWaiting(holder, "ann@laptop (apply, since 2026-11-27T09:00:00Z)", now.Add(3*time.Minute), now)
	if w.Until == nil || !strings.Contains(w.Message, "held by ann@laptop (apply, since 2026-11-27T09:00:00Z); it is taken over in 3 min") {
		t.Errorf("%+v", w)
	}
	if w := NewWaiting(holder, "ann", now.Add(-time.Minute), now); !strings.Contains(w.Message, "in 1 s") {
		t.Errorf("%+v", w)
	}
	if w := NewWaiting(holder, "ann", time.Time{}, now); w.Until != nil || strings.Contains(w.Message, "taken over") {
		t.Errorf("%+v", w)
	}
}
