package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"maps"
	"slices"
	"time"
)

// Memory is what is known of each notify block, by its name: what it was sent
// and what is still to be delivered.
type Memory map[string]*Sent

// Sent is the memory of one block.
type Sent struct {
	// Standing holds what is wrong and was sent, or is about to be: by scope
	// and hashed subject, since when.
	Standing    map[string]map[string]time.Time `json:"standing,omitempty"`
	Undelivered []Waiting                       `json:"undelivered,omitempty"` // the oldest first
	// SendingUntil is set while a process delivers, so that another one does
	// not do the same. A process that died holds it no longer than that.
	SendingUntil time.Time `json:"sending_until,omitzero"`
}

// Waiting is an event that is not delivered yet.
type Waiting struct {
	Subject string `json:"subject"` // hashed
	Event   Event  `json:"event"`
}

// State is what a look showed of a subject.
type State int

// The states.
const (
	NotKnown State = iota // changes nothing: neither wrong nor right again
	Wrong
	Right
)

// Sight is one subject as a look showed it.
type Sight struct {
	Subject string // what was looked at: the same at every look
	State   State
	// Event is sent if the state is a change; one with an empty Type is not.
	Event Event
}

// Look is all that a command saw of one kind of thing.
type Look struct {
	Scope  string // of the subjects: those of another one are not touched
	Sights []Sight
	// Whole says that there are no more subjects than those seen: what stands
	// and was not seen is forgotten, without a word.
	Whole bool
}

// observe compares a look with what a block was told, and puts what is new, and
// of a kind in on, among the undelivered.
func (m Memory) observe(block string, on []Kind, look Look) {
	t := m[block]
	if t == nil {
		t = &Sent{}
		m[block] = t
	}
	before := t.Standing[look.Scope]
	now := map[string]time.Time{}
	if !look.Whole {
		maps.Copy(now, before)
	}
	var news []Waiting
	for subject, s := range look.bySubject() {
		since, stood := before[subject]
		changed := false
		switch {
		case s.State == Right:
			changed = stood
			delete(now, subject)
		case stood:
			now[subject] = since
		case s.State == Wrong:
			changed = true
			now[subject] = s.Event.At
		}
		if changed && slices.Contains(on, s.Event.Type) {
			s.Event.identify(subject)
			news = append(news, Waiting{subject, s.Event})
		}
	}
	t.wait(news)
	if t.Standing == nil {
		t.Standing = map[string]map[string]time.Time{}
	}
	t.Standing[look.Scope] = now
}

// bySubject yields each subject once, hashed, in the order in which they were
// seen. One that was seen several times is as wrong as it was at worst.
func (l Look) bySubject() iter.Seq2[string, Sight] {
	worst := map[string]int{}
	var order []string
	for i := range l.Sights {
		subject := hashed(l.Sights[i].Subject)
		known, seen := worst[subject]
		if !seen {
			order = append(order, subject)
		}
		if !seen || l.Sights[known].State.betterThan(l.Sights[i].State) {
			worst[subject] = i
		}
	}
	return func(yield func(string, Sight) bool) {
		for _, subject := range order {
			if !yield(subject, l.Sights[worst[subject]]) {
				return
			}
		}
	}
}

// betterThan puts Right before NotKnown before Wrong.
func (s State) betterThan(t State) bool {
	return s != t && (s == Right || t == Wrong)
}

// wait puts events among the undelivered. Of two of a kind about one subject
// the later one is enough: so what waits for a webhook that is down for weeks
// has a bound.
func (t *Sent) wait(news []Waiting) {
	replaced := map[[2]string]bool{}
	for i := range news {
		replaced[news[i].about()] = true
	}
	t.Undelivered = slices.DeleteFunc(t.Undelivered, func(w Waiting) bool { return replaced[w.about()] })
	t.Undelivered = append(t.Undelivered, news...)
}

func (w *Waiting) about() [2]string { return [2]string{string(w.Event.Type), w.Subject} }

// claimed is how long a process may take to deliver and to remember it.
const claimed = TotalTimeout + 15*time.Second

// claim takes what a block is to be told, unless another process is telling it.
func (m Memory) claim(block string, now time.Time) []Event {
	t := m[block]
	// A claim of the far future is that of a clock that was wrong.
	if t == nil || len(t.Undelivered) == 0 || (now.Before(t.SendingUntil) && t.SendingUntil.Before(now.Add(2*claimed))) {
		return nil
	}
	t.SendingUntil = now.Add(claimed)
	events := make([]Event, len(t.Undelivered))
	for i := range t.Undelivered {
		events[i] = t.Undelivered[i].Event
	}
	return events
}

// release ends a claim; what was delivered is taken out.
func (m Memory) release(block string, delivered []Event) {
	t := m[block]
	if t == nil { // another configuration was at work meanwhile
		return
	}
	t.SendingUntil = time.Time{}
	ids := map[string]bool{}
	for i := range delivered {
		ids[delivered[i].ID] = true
	}
	t.Undelivered = slices.DeleteFunc(t.Undelivered, func(w Waiting) bool { return ids[w.Event.ID] })
}

// hashed keeps the file small and free of names: subjects are only compared.
func hashed(subject string) string {
	sum := sha256.Sum256([]byte(subject))
	return hex.EncodeToString(sum[:12])
}
