package godatafeed

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestA429ReachesAllMachines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		place := &farPlace{Place: NewPlace(time.Now)}
		one, other := near(place), near(place)
		take(t, one, 4)
		one.Penalise(time.Minute)
		one.Close() // what it held was in the bucket before that was full
		if level := other.Level(); level != 50 {
			t.Errorf("level %g, expected 50", level)
		}
		if waited, err := other.Wait(t.Context()); waited != time.Minute || err != nil {
			t.Errorf("waited %s, %v, expected 1m0s", waited, err)
		}
		if share, _ := other.Slowed(); share > 0.81 { // 0.5, and a minute of 5 % each 10 s
			t.Errorf("share %g", share)
		}
		// A 429 while the place is away is told as soon as it is back.
		place.set(&PlaceError{Reason: "the connection failed"})
		one.Penalise(time.Minute)
		place.set(nil)
		if waited, err := one.Wait(t.Context()); waited != time.Minute || err != nil {
			t.Errorf("waited %s, %v, expected 1m0s", waited, err)
		}
		other.Close()
		one.Close()
	})
}

// What was taken before a 429 filled the bucket is not in it any more, and can't be given
// back.
func TestA429FillsTheBucketWhoeverGivesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		place := NewPlace(time.Now)
		one, other := near(place), near(place)
		take(t, one, 4)
		time.Sleep(time.Millisecond)
		other.Penalise(0)
		one.Close()
		if level := other.Level(); level != 50 {
			t.Errorf("level %g, expected 50", level)
		}
	})
}

// Calls that were taken long before the answer came are made when those that were taken
// meanwhile are.
func TestAnswersThatComeLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &serverBucket{at: time.Now(), burst: 50, perSecond: 2}
		place := NewPlace(time.Now)
		far := NewLimiter(LimiterOptions{Shared: lateAnswers{place, 2 * time.Second}})
		var wg sync.WaitGroup
		far.turn <- struct{}{}
		for range mostTaken {
			wg.Go(func() {
				_, _ = far.Wait(t.Context())
				_, _ = server.RoundTrip(nil)
			})
		}
		synctest.Wait() // they stand in the queue
		<-far.turn
		time.Sleep(1999 * time.Millisecond)
		for range takeNow(t, near(place), 100) {
			wg.Go(func() { _, _ = server.RoundTrip(nil) })
		}
		wg.Wait()
		if server.refused > 0 || server.calls < 40 {
			t.Errorf("%d of %d calls overflowed the bucket", server.refused, server.calls)
		}
		// Answers that come later still are of no use.
		never := NewLimiter(LimiterOptions{Shared: lateAnswers{NewPlace(time.Now), 3 * time.Second}})
		_, err := never.Wait(t.Context())
		if err == nil || !strings.Contains(err.Error(), "it answers only after 3s") {
			t.Errorf("error %v", err)
		}
	})
}

func TestAPlaceThatIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		place := &farPlace{Place: NewPlace(time.Now)}
		l := near(place)
		take(t, l, 4) // and holds 3
		place.set(&PlaceError{Reason: "the connection failed"})
		if waited, err := l.Wait(t.Context()); waited != 0 || err != nil {
			t.Errorf("%s, %v: what is held is made", waited, err)
		}
		time.Sleep(3 * time.Second)
		time.AfterFunc(20*time.Second, func() { place.set(nil) })
		var told []string
		ctx := OnWait(t.Context(), func(w Wait) { told = append(told, w.String()) })
		if waited, err := l.Wait(ctx); err != nil || waited < 20*time.Second || waited > 25*time.Second {
			t.Errorf("waited %s, %v, expected that it goes on", waited, err)
		}
		if len(told) != 1 || !strings.Contains(told[0], "the connection failed") {
			t.Errorf("told %q", told)
		}
		place.set(&PlaceError{Reason: "the connection failed"})
		c := clientOf(t, (&serverBucket{at: time.Now(), burst: 50}).RoundTrip, func(o *Options) { o.Limiter = l })
		l.Close()
		sent := false
		err := c.Ship(t.Context(), "id", Shipment{}, func() error { sent = true; return nil })
		unlimited, ok := errors.AsType[*UnlimitedError](err)
		if !ok || sent || OutcomeOf(err) != NotExecuted || !strings.Contains(err.Error(), "the connection failed") {
			t.Errorf("error %v (%v), sent %t", err, unlimited, sent)
		}
		place.set(&PlaceError{Reason: "the server refused the login", Final: true})
		if waited, err := l.Wait(t.Context()); waited != 0 || err == nil {
			t.Errorf("waited %s, %v", waited, err)
		}
	})
}

// A run that begins while a place is away that others of the program have used waits for it,
// like one that has used it.
func TestAPlaceThatOthersHaveUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		place := &farPlace{Place: NewPlace(time.Now)}
		for known, least := range map[bool]time.Duration{false: 0, true: 20 * time.Second} {
			place.set(&PlaceError{Reason: "the server did not answer in time", Known: known})
			time.AfterFunc(20*time.Second, func() { place.set(nil) })
			waited, err := near(place).Wait(t.Context())
			if (err == nil) != known || waited < least {
				t.Errorf("known %t: waited %s, %v", known, waited, err)
			}
			time.Sleep(time.Minute)
		}
	})
}

func TestAPlaceWithoutLevels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := near(&farPlace{Place: NewPlace(time.Now), down: &PlaceError{Reason: "no tables", Absent: true}})
		l.Penalise(0)
		if level := l.Level(); level != 50 {
			t.Errorf("level %g, expected 50: the 429 was forgotten", level)
		}
		take(t, l, 1)
		if shared, why := l.Shared(); shared || why == nil || why.Reason != "no tables" {
			t.Errorf("%t, %v", shared, why)
		}
	})
}
