package acceptance

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// stalls is a record of how long the machine kept work waiting: for a core, for its disk, or because the host gave
// the cores to others. A promise of time is about the program, so that what began and ended late is judged without it.
// Where the kernel does not tell it, nothing is subtracted.
type stalls struct {
	read func() time.Duration // since the machine started

	mu      sync.Mutex // guards what is below
	samples []stallSample
}

type stallSample struct {
	at    time.Time
	total time.Duration
}

// stallSampleEvery is short against the intervals of schedules in tests.
const stallSampleEvery = 50 * time.Millisecond

// machine is the record of this machine, from the first call on.
var machine = sync.OnceValue(func() *stalls {
	s := &stalls{read: stalledSinceBoot}
	s.sample()
	go func() {
		for range time.Tick(stallSampleEvery) {
			s.sample()
		}
	}()
	return s
})

func (s *stalls) sample() {
	now := stallSample{at: time.Now(), total: s.read()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.samples = append(s.samples, now)
}

// between is how long work was kept waiting from one time to another. It is never longer than that.
func (s *stalls) between(from, to time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.samples) == 0 || !from.Before(to) {
		return 0
	}
	before, after := s.samples[0], s.samples[0]
	for _, sample := range s.samples {
		if !sample.at.After(from) {
			before = sample
		}
		after = sample
		if sample.at.After(to) {
			break
		}
	}
	return min(after.total-before.total, to.Sub(from))
}

// stalledSinceBoot adds up what the kernel says of cores, of disks and of the host.
func stalledSinceBoot() (total time.Duration) {
	for _, file := range []string{"/proc/pressure/cpu", "/proc/pressure/io"} {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if _, micros, found := strings.Cut(strings.SplitN(string(text), "\n", 2)[0], "total="); found {
			var n int64
			if _, err := fmt.Sscan(micros, &n); err == nil {
				total += time.Duration(n) * time.Microsecond
			}
		}
	}
	if text, err := os.ReadFile("/proc/stat"); err == nil {
		var user, nice, system, idle, iowait, irq, softirq, steal int64
		if _, err := fmt.Sscanf(string(text), "cpu %d %d %d %d %d %d %d %d", &user, &nice, &system, &idle, &iowait, &irq, &softirq, &steal); err == nil {
			total += time.Duration(steal) * 10 * time.Millisecond // hundredths of a second on each Linux
		}
	}
	return total
}

// tookAtMost fails the test if something took longer than that, without what the machine kept waiting.
func tookAtMost(t *testing.T, what string, from, to time.Time, most time.Duration) {
	t.Helper()
	if took, stalled := to.Sub(from), machine().between(from, to); took > most+stalled {
		t.Errorf("%s took %s, and %s are allowed, with %s for the machine", what, took, most, stalled)
	}
}

func TestOnlyWhatTheMachineKeptWaitingIsSubtracted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var waited time.Duration
		s := &stalls{read: func() time.Duration { return waited }}
		began := time.Now()
		for _, more := range []time.Duration{0, 2 * time.Second, 0, 9 * time.Second} {
			waited += more
			s.sample()
			time.Sleep(4 * time.Second)
		}
		for _, row := range []struct{ from, to, want int }{ // in seconds
			{0, 4, 2}, {0, 2, 2}, {4, 6, 0}, {0, 9, 9}, {5, 5, 0}, {12, 16, 0}, {8, 11, 3},
		} {
			seconds := func(n int) time.Duration { return time.Duration(n) * time.Second }
			if got := s.between(began.Add(seconds(row.from)), began.Add(seconds(row.to))); got != seconds(row.want) {
				t.Errorf("from %d s to %d s the machine kept work waiting for %s, want %d s", row.from, row.to, got, row.want)
			}
		}
	})
}
