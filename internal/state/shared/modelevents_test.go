package shared

import (
	"io"
	"slices"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// events are what can happen now.
func (w *world) events() []event {
	var all []event
	add := func(name string, do func()) { all = append(all, event{name, do}) }
	for i, r := range w.runs {
		if r.pc != ended && !r.stopped() && (i == 0 || w.runs[0].pc > waiting && !w.left[inBetween]) { // A is the first, by name
			r.events(add)
		}
	}
	for _, p := range w.store.Parked() {
		if w.parked {
			add("the record that had no answer is appended", func() {
				w.parked = false
				_ = p.Execute()
			})
			break
		}
	}
	w.faultEvents(add)
	if w.runs[0].pc == ended && w.runs[1].pc == ended {
		return nil
	}
	add("30 s pass", func() { time.Sleep(tick) })
	add("2 min 30 s pass", func() { time.Sleep(5 * tick) })
	return all
}

// events are what the run can do next.
func (r *run) events(add func(string, func())) {
	switch r.pc {
	case idle:
		add(r.name+" locks", r.lock)
	case holding:
		r.steps(add)
	case intended:
		if r.lease.Held() == nil {
			add(r.name+" sends", r.send)
		}
		if r.lease.gone() != nil {
			r.finish()
		}
	case called:
		s := r.w.calls[len(r.w.calls)-1]
		if time.Since(s.at) >= modelCall {
			add(r.name+" has no answer, and ends", r.finish)
		} else if s.by == r && s.effect != never {
			add(r.name+" has the answer", func() {
				s.effect = executed
				r.pc = learned
			})
		}
	case learned:
		add(r.name+" records the outcome", func() {
			if r.write("outcome\ndone\n") {
				r.finish()
			}
		})
	}
}

func (r *run) send() {
	r.w.calls = append(r.w.calls, &sent{by: r, at: time.Now()})
	r.pc = called
}

// steps are what a holder does that has sent nothing yet: it reads the order.
func (r *run) steps(add func(string, func())) {
	since := r.backend.clock.Steady().Sub(r.lease.terms.Acquired)
	if r.known {
		add(r.name+" finds the order done", r.finish)
		return
	}
	if since < r.lease.terms.Quiet || r.foreign && since < r.lease.terms.Settle {
		return // it waits
	}
	open := slices.IndexFunc(r.w.calls, func(s *sent) bool { return s.effect == undecided })
	if r.w.shipped() || open >= 0 {
		add(r.name+" reads the order: shipped", func() {
			if !r.w.shipped() {
				r.w.calls[open].effect = executed
			}
			if !r.foreign || r.write("outcome\ndone\n") {
				r.finish()
			}
		})
	}
	if r.w.shipped() {
		return
	}
	add(r.name+" reads the order as before, and records its intent", func() {
		for _, s := range r.w.calls {
			if s.effect == undecided && s.late() {
				s.effect = never
			}
		}
		text := "intent\n"
		if r.foreign {
			text = "outcome\n" + text
		}
		if r.write(text) && r.pc == holding {
			r.pc = intended
		}
	})
}

// faultEvents are the faults that can still happen. Those of a run happen to A.
func (w *world) faultEvents(add func(string, func())) {
	a, b := w.runs[0], w.runs[1]
	once := func(f fault, able bool, name string, do func()) {
		if w.left[f] && able {
			add(name, func() {
				w.left[f] = false
				do()
			})
		}
	}
	holds := a.pc == holding || a.pc == intended
	once(killed, a.pc >= holding && a.pc < ended, "A is killed", a.kill)
	once(stopped, holds, "A is stopped", func() { w.stop(a) })
	once(suspended, holds, "the machine of A is suspended", func() { w.suspend(a) })
	once(suspendedBack, holds, "the machine of A is suspended, and its clock set back", func() {
		a.set(-time.Hour)
		w.suspend(a)
	})
	if a.stopped() && a.pc != ended {
		add("A goes on", func() {
			w.wake(a)
			if a.pc == intended && a.lease.Held() == nil { // before anything else of it runs
				a.send()
			}
		})
	}
	once(answerLost, holds, "the answer to the next record of A will be lost", func() {
		w.arm(a, memlog.Fault{Lost: memlog.AnswerLost, After: time.Second})
	})
	once(appendedLate, holds, "the next record of A will be appended late", func() {
		w.parked = true
		w.arm(a, memlog.Fault{Lost: memlog.ExecutedLate, After: time.Second})
	})
	once(appendsSlowly, holds, "the answer to the next record of A will take long", func() {
		w.arm(a, memlog.Fault{After: 25 * time.Second})
	})
	once(unlocked, a.pc == intended || a.pc == holding, "a person breaks the lease", func() {
		person := New(w.store.Place("person"), Options{Dir: w.dir, Lineage: w.lineage})
		defer person.Close()
		if _, err := person.Break(w.t.Context(), backend.Holder{ID: "person"}, "", "in a hurry"); err != nil {
			w.t.Fatal(err)
		}
	})
	once(goesOn, a.pc == intended, "A releases the lease, and goes on", func() {
		a.released = true
		go a.lease.Release()
		synctest.Wait()
	})
	once(waiterForward, b.pc == waiting, "the clock of B is set forward", func() { b.set(time.Hour) })
	once(holderBack, holds, "the clock of A is set back", func() { a.set(-time.Hour) })
	once(failover, len(w.store.Records()) > 3, "another server takes over without the last record", func() { w.store.Failover(1) })
	once(forgotten, holds, "another server takes over, without any record of A", func() { w.store.Failover(len(w.store.Records()) - 2) })
	once(rolledBack, a.pc == intended || a.pc == called, "the last record is lost", func() { w.store.Rollback(1) })
	once(inBetween, b.pc == idle && a.pc >= holding, "another run acquires the lease and releases it at once", func() {
		w.third = w.newRun("C")
		w.third.pc = ended
		l, _, err := w.third.backend.Lock(w.t.Context(), backend.Request{Holder: backend.Holder{ID: "C"}, Call: modelCall, Settle: w.scenario.settle})
		if err == nil {
			_ = l.Release()
		}
	})
}

func writes(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}
