package shared

import (
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// A holder is stopped while its record is on the way. Others take over, save, and trim
// all that it knows. Its record arrives then, and goes into the log no more; it sends
// nothing, and writes nothing.
func TestAHolderThatIsStoppedPastItsLease(t *testing.T) {
	for name, lost := range map[string]memlog.Fault{
		"its record is late":        {Lost: memlog.ExecutedLate},
		"its record was in the log": {Lost: memlog.AnswerLost},
		"its record was lost":       {Lost: memlog.RequestLost},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t)
				ma := s.machine(t, "A", newClocks())
				l := locked(t, ma, backend.Request{})
				r, err := l.Create(backend.Journal)
				fatal(t, err)
				goes := make(chan struct{})
				once := lost
				s.SetFaults(func(c memlog.Call) memlog.Fault {
					if c.Machine != "A" {
						return memlog.Fault{}
					}
					if c.Method == "Append" && once != (memlog.Fault{}) {
						f := once
						once = memlog.Fault{}
						return f
					}
					<-goes // it is stopped
					return memlog.Fault{}
				})
				_, err = io.WriteString(r, "intent\n")
				fatal(t, errors.Join(err, r.Keep()))
				time.Sleep(time.Minute)
				if l.Held() == nil {
					t.Error("it may send while its record has no answer")
				}
				time.Sleep(5 * time.Minute)
				b := s.machine(t, "B", newClocks())
				other := locked(t, b, backend.Request{Holder: backend.Holder{ID: "B"}, Wait: time.Hour})
				if got := content(t, b, backend.Journal); (got != "") != (lost.Lost == memlog.AnswerLost) {
					t.Errorf("who takes over finds the journal %q", got)
				}
				fatal(t, other.Together(func() error {
					return errors.Join(other.Replace(backend.Snapshot, writes("orders\n")), other.Remove(backend.Journal))
				}))
				fatal(t, other.Release())
				for range 4 { // until it is trimmed
					time.Sleep(4 * 24 * time.Hour)
					commits(t, b, 2)
				}
				records := s.Records()
				if records[1].N < 10 {
					t.Fatalf("nothing was trimmed: record %d", records[1].N)
				}
				for _, p := range s.Parked() {
					if p.Execute() == nil {
						t.Error("its record of then is appended")
					}
				}
				if l.Held() == nil {
					t.Error("it may send, weeks later")
				}
				close(goes)
				time.Sleep(time.Minute)
				fenced := (*backend.FencedError)(nil)
				if err := r.Sync(); !errors.As(err, &fenced) {
					t.Errorf("it writes: %v", err)
				}
				if err := l.Held(); !errors.As(err, &fenced) {
					t.Errorf("it does not know that it lost the lease: %v", err)
				}
				if now := s.Records(); len(now) != len(records) {
					t.Errorf("%d records, before it went on %d", len(now), len(records))
				}
				_ = l.Release()
				// What it wrote is recorded late, once more at worst: what was trimmed nobody
				// can compare, and readers know a line by its run and number.
				if now := s.Records(); len(now) != len(records)+1 || s.kinds(sharedlog.Late) != 1 {
					t.Errorf("%d records, before its end %d", len(now), len(records))
				}
			})
		})
	}
}
