package memory

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// lines are notes that somebody else may add to first.
type lines struct {
	text  []byte
	whole int // how often they were put in the place of all
	first func()
	err   error
}

func (l *lines) Read() ([]byte, error) { return l.text, l.err }

func (l *lines) Note(build func(now []byte) ([]byte, bool, error)) error {
	if l.err != nil {
		return l.err
	}
	for {
		now := l.text
		add, whole, err := build(now)
		if err != nil {
			return err
		}
		if first := l.first; first != nil {
			l.first = nil
			if first(); !bytes.Equal(now, l.text) {
				continue
			}
		}
		if whole {
			l.text, l.whole = add, l.whole+1
		} else {
			l.text = append(l.text, add...)
		}
		return nil
	}
}

func texts(m members) map[string]string {
	all := map[string]string{}
	for name, value := range m {
		var plain bytes.Buffer
		_ = json.Compact(&plain, value)
		all[name] = plain.String()
	}
	return all
}

func TestNobodysNotesAreLost(t *testing.T) {
	notes := &lines{}
	m := Log("log", notes)
	observe := func(id string) {
		must(t, m.UpdateFeedHistory(func(h *FeedHistory) { h.Account("e", "a").Record(id).Observe(observation(0, 1)) }))
	}
	notes.first = func() { observe("another's") }
	observe("mine")
	h, err := m.FeedHistory()
	if got := len(h.Account("e", "a").Feeds); got != 2 || err != nil {
		t.Errorf("%d feeds, %v", got, err)
	}
}

func TestALogThatCannotBeRead(t *testing.T) {
	notes := &lines{text: []byte(`{"learned":` + "\n")}
	m := Log("the branch", notes)
	if _, err := m.FeedHistory(); err == nil || !strings.HasPrefix(err.Error(), "the branch: the history of feeds can't be read and begins again: line 1") {
		t.Errorf("damaged: %v", err)
	}
	must(t, m.UpdateLearned(func(l *Learned) { l.SetAccount("e", "a", LearnedAccount{PageCap: 7}) }))
	if l, err := m.Learned(); err != nil || l.accounts["e"]["a"].PageCap != 7 || notes.whole != 1 {
		t.Errorf("it does not begin again: %v %v %d", l, err, notes.whole)
	}
	notes.err = errors.New("away")
	if err := m.UpdateLearned(func(*Learned) {}); !errors.Is(err, notes.err) {
		t.Errorf("a place that is away: %v", err)
	}
	if _, err := m.Learned(); !errors.Is(err, notes.err) {
		t.Errorf("a place that is away: %v", err)
	}
}

// What other machines found out later goes, but for the clock, which is this machine's.
func TestLearnedByOthers(t *testing.T) {
	own := LearnedAccount{PageCap: 5, ClockOffset: time.Minute, At: noon}
	others := LearnedAccount{PageCap: 7, ListOrder: NewestFirst, ClockOffset: time.Hour, At: noon.Add(time.Second)}
	want := LearnedAccount{PageCap: 7, ListOrder: NewestFirst, ClockOffset: time.Minute, At: others.At}
	if got := own.With(others); !cmp.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := others.With(own); !cmp.Equal(got, others) {
		t.Errorf("%+v", got)
	}
	// What they know of marketplaces goes together.
	own.Confirms, others.Confirms = map[string]bool{"amazon": true, "ebay": true}, map[string]bool{"ebay": false, "walmart": true}
	want.Confirms = map[string]bool{"amazon": true, "ebay": false, "walmart": true}
	if got := own.With(others); !cmp.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if !others.OfAll().SaysAll(LearnedAccount{PageCap: 7, ListOrder: NewestFirst, ClockOffset: 3, Confirms: others.Confirms}) || others.OfAll().SaysAll(own) {
		t.Error("what is said already is not known")
	}
}
