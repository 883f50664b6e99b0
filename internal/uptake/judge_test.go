package uptake_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const takeTime = time.Hour

var (
	fresh        = order.Values{Status: order.New}
	shipped      = order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "UPS"}
	corrected    = order.Values{Status: order.Shipped, Tracking: "1Z2", Carrier: "UPS"}
	foreign      = order.Values{Status: order.Shipped, Tracking: "1Z9", Carrier: "UPS"}
	acknowledged = order.Values{Status: order.Processing, OrderNumber: "O1"}
	cancelled    = order.Values{Status: order.Cancelled}
)

// A row of the table: a change of noon, and what a read so long after it shows.
type row struct {
	action        order.Action
	before, after order.Values
	shows         order.Values
	source        order.Status
	errorBefore   string
	errorFirst    string
	error         string
	earlier       []order.Values
	shownBefore   bool
	age           time.Duration
	confirms      uptake.Confirms
	word          uptake.Word
	by            uptake.Witness
	done, final   bool
}

func TestJudge(t *testing.T) {
	const day = uptake.FinalAfter
	ship := func(r row) row {
		r.action, r.before, r.after = order.Ship, fresh, shipped
		if r.shows == (order.Values{}) {
			r.shows = shipped
		}
		return r
	}
	correct := func(r row) row {
		r.action, r.before, r.after = order.Correct, shipped, corrected
		return r
	}
	acknowledge := func(r row) row {
		r.action, r.before, r.after = order.Acknowledge, fresh, acknowledged
		return r
	}
	for name, r := range map[string]row{
		"a read of before it":                       ship(row{age: -time.Second, source: order.Shipped, word: uptake.Pending}),
		"not shown at the last moment":              ship(row{age: takeTime, shows: fresh, word: uptake.Pending}),
		"an error of before it":                     ship(row{age: -time.Second, shows: foreign, error: "e", word: uptake.Pending}),
		"not shown yet":                             ship(row{age: takeTime - 1, shows: fresh, word: uptake.Pending}),
		"not shown in time":                         ship(row{age: takeTime + 1, shows: fresh, word: uptake.NotTaken}),
		"shown too early":                           ship(row{age: takeTime - 1, source: order.Shipped, word: uptake.Pending}),
		"shown":                                     ship(row{age: takeTime, source: order.New, word: uptake.Shown, by: uptake.GoDataFeed}),
		"shown for a day":                           ship(row{age: day, source: order.New, word: uptake.Shown, by: uptake.GoDataFeed}),
		"shown where it is known to say":            ship(row{age: day, confirms: uptake.DoesConfirm, word: uptake.Shown, by: uptake.GoDataFeed}),
		"shown, and it never says":                  ship(row{age: takeTime, source: order.New, confirms: uptake.DoesntConfirm, word: uptake.Shown, by: uptake.GoDataFeed, done: true}),
		"shown for a day, and never says":           ship(row{age: day, source: order.New, confirms: uptake.DoesntConfirm, word: uptake.Shown, by: uptake.GoDataFeed, done: true, final: true}),
		"it has no word at all":                     ship(row{age: day, word: uptake.Shown, by: uptake.GoDataFeed, done: true, final: true}),
		"a word that nobody knows":                  ship(row{age: day, source: "unknown:Odd", word: uptake.Shown, by: uptake.GoDataFeed}),
		"verified":                                  ship(row{age: takeTime, source: order.Shipped, word: uptake.Verified, by: uptake.Marketplace, done: true}),
		"verified for a second short of a day":      ship(row{age: day - 1, source: order.Shipped, word: uptake.Verified, by: uptake.Marketplace, done: true}),
		"verified for a day":                        ship(row{age: day, source: order.Shipped, word: uptake.Verified, by: uptake.Marketplace, done: true, final: true}),
		"refused":                                   ship(row{age: time.Minute, shows: fresh, error: "e", word: uptake.RefusedLater}),
		"refused though it shows":                   ship(row{age: 2 * day, source: order.Shipped, error: "e", word: uptake.RefusedLater}),
		"refused for another reason":                ship(row{age: time.Minute, errorBefore: "old", errorFirst: "old", error: "e", word: uptake.RefusedLater}),
		"an old error":                              ship(row{age: day, source: order.Shipped, errorBefore: "old", errorFirst: "old", error: "old", word: uptake.Verified, by: uptake.Marketplace, done: true, final: true}),
		"the error that it was to mend":             correct(row{age: takeTime - 1, shows: corrected, errorBefore: "e", error: "e", word: uptake.Pending}),
		"it did not mend the error":                 correct(row{age: takeTime, shows: corrected, source: order.Shipped, errorBefore: "e", error: "e", word: uptake.RefusedLater}),
		"it mended the error":                       correct(row{age: takeTime, shows: corrected, source: order.Shipped, errorBefore: "e", word: uptake.Verified, by: uptake.Marketplace, done: true}),
		"not corrected":                             correct(row{age: takeTime + 1, shows: shipped, source: order.Shipped, word: uptake.NotTaken}),
		"a number of before":                        correct(row{age: takeTime + 1, shows: foreign, earlier: []order.Values{foreign}, word: uptake.NotTaken}),
		"the number of before, though it was shown": correct(row{age: takeTime + 1, shows: shipped, shownBefore: true, word: uptake.Drifted}),
		"zeros that it did not have before":         {action: order.Correct, before: order.Values{Status: order.Shipped, Tracking: "12345678"}, after: order.Values{Status: order.Shipped, Tracking: "0012345678"}, shows: order.Values{Status: order.Shipped, Tracking: "12345678"}, source: order.Shipped, age: takeTime + 1, word: uptake.NotTaken},
		"another number":                            correct(row{age: time.Minute, shows: foreign, word: uptake.Drifted}),
		"canceled by others":                        ship(row{age: time.Minute, shows: cancelled, word: uptake.Drifted}),
		"only its zeros are gone":                   {action: order.Ship, before: fresh, after: order.Values{Status: order.Shipped, Tracking: "0012345678"}, shows: order.Values{Status: order.Shipped, Tracking: "12345678"}, source: order.Shipped, age: takeTime, word: uptake.Verified, by: uptake.Marketplace, done: true},
		"acknowledged":                              acknowledge(row{age: takeTime, shows: acknowledged, source: order.New, word: uptake.Verified, by: uptake.GoDataFeed, done: true}),
		"acknowledged, it says":                     acknowledge(row{age: takeTime, shows: acknowledged, source: order.Processing, word: uptake.Verified, by: uptake.Marketplace, done: true}),
		"acknowledged, canceled since":              acknowledge(row{age: takeTime, shows: order.Values{Status: order.Cancelled, OrderNumber: "O1"}, word: uptake.Verified, by: uptake.GoDataFeed, done: true}),
		"another order number":                      acknowledge(row{age: time.Minute, shows: order.Values{Status: order.Processing, OrderNumber: "O2"}, word: uptake.Drifted}),
		"without its order number":                  acknowledge(row{age: takeTime + 1, shows: order.Values{Status: order.Processing}, word: uptake.NotTaken}),
		"canceled":                                  {action: order.Cancel, before: fresh, after: cancelled, shows: cancelled, source: order.Cancelled, age: takeTime, word: uptake.Verified, by: uptake.Marketplace, done: true},
		"canceled, it says nothing":                 {action: order.Cancel, before: fresh, after: cancelled, shows: cancelled, source: order.New, age: takeTime, word: uptake.Shown, by: uptake.GoDataFeed},
		"inserted, and not listed yet":              {action: order.Insert, after: fresh, age: takeTime, word: uptake.Pending},
		"inserted, and not listed in time":          {action: order.Insert, after: fresh, age: takeTime + 1, word: uptake.NotTaken},
		"inserted and listed":                       {action: order.Insert, after: fresh, shows: fresh, source: order.New, age: time.Second, word: uptake.Verified, by: uptake.GoDataFeed, done: true},
		"inserted, and canceled since":              {action: order.Insert, after: fresh, shows: cancelled, age: day, word: uptake.Verified, by: uptake.GoDataFeed, done: true, final: true},
		"not canceled":                              {action: order.Cancel, before: fresh, after: cancelled, shows: shipped, age: takeTime + 1, word: uptake.NotTaken},
	} {
		at := noon.Add(r.age)
		v := uptake.Judge(uptake.Change{
			Action: r.action, Before: r.before, After: r.after, At: noon, Earlier: r.earlier, ErrorBefore: r.errorBefore, ErrorFirst: r.errorFirst, ShownBefore: r.shownBefore,
		}, uptake.Sight{Values: r.shows, Source: r.source, Error: r.error, At: at}, uptake.Settings{TakeTime: takeTime, Confirms: r.confirms}, at)
		if v.Word != r.word || v.By != r.by || v.Done != r.done || v.Final != r.final {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// What holds of every change and every read.
func TestEveryResult(t *testing.T) {
	status := rapid.SampledFrom([]order.Status{order.New, order.Processing, order.Shipped, order.Cancelled, "unknown:Odd", ""})
	number := rapid.SampledFrom([]string{"", "1Z1", "1Z2", "1Z9"})
	values := rapid.Custom(func(t *rapid.T) order.Values {
		return order.Values{Status: status.Draw(t, "status"), OrderNumber: number.Draw(t, "order number"), Tracking: number.Draw(t, "tracking"), Carrier: number.Draw(t, "carrier")}
	})
	hash := rapid.SampledFrom([]string{"", "a", "b"})
	rapid.Check(t, func(t *rapid.T) {
		c := uptake.Change{
			Action: rapid.SampledFrom([]order.Action{order.Acknowledge, order.Ship, order.Correct, order.Cancel, order.Insert}).Draw(t, "action"),
			Before: values.Draw(t, "before"), After: values.Draw(t, "after"), At: noon, Earlier: rapid.SliceOfN(values, 0, 2).Draw(t, "earlier"),
			ErrorBefore: hash.Draw(t, "error before"), ErrorFirst: hash.Draw(t, "error first"),
			ShownBefore: rapid.Bool().Draw(t, "shown before"),
		}
		s := uptake.Sight{Values: values.Draw(t, "seen"), Source: status.Draw(t, "source"), Error: hash.Draw(t, "error"), At: noon.Add(time.Duration(rapid.IntRange(-60, 3000).Draw(t, "minutes")) * time.Minute)}
		with := uptake.Settings{
			TakeTime: time.Duration(rapid.IntRange(0, 300).Draw(t, "take time")) * time.Minute,
			Confirms: rapid.SampledFrom([]uptake.Confirms{uptake.NotKnown, uptake.DoesConfirm, uptake.DoesntConfirm}).Draw(t, "confirms"),
		}
		now := s.At.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "later")) * time.Minute)
		v := uptake.Judge(c, s, with, now)
		after, old := s.At.After(noon), s.Error == c.ErrorFirst
		switch {
		case !after && v.Word != uptake.Pending:
			t.Errorf("a read from before the change decides: %+v", v)
		case v.Final && (s.At.Sub(noon) < 24*time.Hour || !v.Done || !v.Next.IsZero()):
			t.Errorf("final too early: %+v", v)
		case (v.By != "") != (v.Word == uptake.Shown || v.Word == uptake.Verified):
			t.Errorf("nobody says so, or nothing is said: %+v", v)
		case v.Word == uptake.RefusedLater && (s.Error == "" || old):
			t.Errorf("an old error is news: %+v", v)
		case after && s.Error != "" && !old && s.Error != c.ErrorBefore && v.Word != uptake.RefusedLater:
			t.Errorf("a new error is not told: %+v", v)
		case v.Word.NeedsPerson() != (v.Next.IsZero() && !v.Final):
			t.Errorf("nobody acts: %+v", v)
		case !v.Next.IsZero() && !v.Next.After(s.At):
			t.Errorf("it is to be read when it was read: %+v", v)
		case v.Done && v.Word == uptake.Shown && with.Confirms == uptake.DoesConfirm:
			t.Errorf("its marketplace is not waited for: %+v", v)
		}
	})
}

func TestErrorHash(t *testing.T) {
	same := [][2]string{{"", " "}, {"carrier is not valid", " carrier is not valid\n"}, {"failed at 10:03", "failed at 11:47"}}
	other := [][2]string{{"", "x"}, {"carrier is not valid", "carrier is missing"}, {"carrier UPSS is not valid", "carrier UPPS is not valid"}}
	for _, pair := range same {
		if uptake.ErrorHash(pair[0]) != uptake.ErrorHash(pair[1]) {
			t.Errorf("%q and %q differ", pair[0], pair[1])
		}
	}
	for _, pair := range other {
		if uptake.ErrorHash(pair[0]) == uptake.ErrorHash(pair[1]) {
			t.Errorf("%q and %q are the same", pair[0], pair[1])
		}
	}
	if h := uptake.ErrorHash("Zoë Quorvath"); len(h) != 14 {
		t.Errorf("the hash is %q", h)
	}
}
