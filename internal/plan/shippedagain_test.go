package plan

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/rules"
)

// The table of corrections, row by row, and what lies between its rows.
func TestTableOfCorrections(t *testing.T) {
	const a, b, c, typo = "1Z999AA10123456784", "1Z999AA10123456793", "9400111206206407628746", "1Z999AA10123456785"
	bad := &rules.Finding{Rule: "SHIP18", Severity: rules.Error, Message: "is a placeholder"}
	const keep, correct = "keep", "correct"
	for _, tt := range []struct {
		name string
		a    again
		want string // keep, correct or the code under which it is held
		note string
	}{
		{"the live one", again{wanted: a, live: a}, keep, ""},
		{"the live one, with spaces", again{wanted: a, live: "1Z 999 AA1 01 2345 6784"}, keep, ""},
		{"the live one, with a ZIP code before it", again{wanted: c, live: "42078745" + c}, keep, ""},
		{"the live one, though it can't be sent", again{wanted: a + "-", live: a, bad: bad}, keep, ""},
		{"the live one, though it was replaced", again{wanted: a, live: a, sent: []string{a, b}}, keep, ""},
		{"none", again{live: a}, keep, ""},
		{"none, and none is there", again{}, keep, ""},
		{"none is wanted, and gdfctl sent another", again{live: a, sent: []string{b}}, keep, ""},

		{"one of several, and another is there", again{wanted: a, live: b, others: []string{c, b}}, keep, ""},
		{"one of several, and gdfctl sent the other", again{wanted: a, live: b, others: []string{b}, sent: []string{b}}, keep, ""},
		{"one of several, and none of them is there", again{wanted: a, live: c, others: []string{b}}, correct, "SHIP21"},
		{"one of several, and nothing is there", again{wanted: a, others: []string{b, ""}}, correct, ""},

		{"leading zeros are missing", again{wanted: "12345678", live: "0012345678"}, keep, "leading_zeros"},
		{"leading zeros are there", again{wanted: "0012345678", live: "12345678", sent: []string{"12345678"}}, keep, "leading_zeros"},
		{"leading zeros of a number that can't be sent", again{wanted: "12345678", live: "0012345678", bad: bad}, keep, "leading_zeros"},
		{"leading zeros, with a raised attempt", again{wanted: "12345678", live: "0012345678", raised: true}, keep, "leading_zeros"},

		{"it can't be sent", again{wanted: "TBD", live: a, bad: bad}, keep, "tracking_not_compared"},
		{"it can't be sent, and gdfctl sent the live one", again{wanted: "TBD", live: a, bad: bad, sent: []string{a}}, keep, "tracking_not_compared"},
		{"it can't be sent, with a raised attempt", again{wanted: "TBD", live: a, bad: bad, raised: true}, keep, "tracking_not_compared"},
		{"it can't be sent, and nothing is there", again{wanted: "TBD", bad: bad}, "bad_tracking", ""},
		{"it can't be sent, nothing is there, with a raised attempt", again{wanted: "TBD", bad: bad, raised: true}, "bad_tracking", ""},

		{"nothing is there", again{wanted: a}, correct, ""},
		{"nothing is there any more", again{wanted: a, sent: []string{a}}, correct, ""},
		{"nothing is there, and it was replaced", again{wanted: a, sent: []string{a, b}}, correct, ""},
		{"nothing is there, and its check digit is wrong", again{wanted: typo}, correct, ""},

		{"its check digit is wrong, and the live one's right", again{wanted: typo, live: a, doubtful: true}, "bad_tracking", ""},
		{"the same, and gdfctl sent the live one", again{wanted: typo, live: a, doubtful: true, sent: []string{a}}, "bad_tracking", ""},
		{"the same, with a raised attempt", again{wanted: typo, live: a, doubtful: true, raised: true}, correct, "SHIP21"},
		{"the same, of a number that gdfctl sent", again{wanted: typo, live: a, doubtful: true, raised: true, sent: []string{a}}, correct, "SHIP17"},

		{"somebody changed it", again{wanted: a, live: b, sent: []string{a}}, keep, "drifted"},
		{"somebody changed it, later", again{wanted: b, live: c, sent: []string{a, b}}, keep, "drifted"},
		{"somebody changed it back", again{wanted: b, live: a, sent: []string{a, b}}, keep, "drifted"},
		{"somebody changed it, with a raised attempt", again{wanted: a, live: b, sent: []string{a}, raised: true}, correct, "SHIP21"},
		{"it never showed, with a raised attempt", again{wanted: b, live: a, sent: []string{a, b}, raised: true}, correct, "SHIP17"},

		{"an older number", again{wanted: a, live: b, sent: []string{a, b}}, "older_number", ""},
		{"an older number in other letters", again{wanted: strings.ToLower(a), live: b, sent: []string{a, b}}, "older_number", ""},
		{"an older number, and somebody changed it", again{wanted: a, live: c, sent: []string{a, b}}, "older_number", ""},
		{"an older number, with a raised attempt", again{wanted: a, live: b, sent: []string{a, b}, raised: true}, correct, "SHIP17"},

		{"a new number", again{wanted: b, live: a, sent: []string{a}}, correct, "SHIP17"},
		{"a new number, of an order that was changed often", again{wanted: c, live: b, sent: []string{a, b}}, correct, "SHIP17"},
		{"a new number, and an older one is there again", again{wanted: c, live: a, sent: []string{a, b}}, correct, "SHIP17"},
		{"a new number, and gdfctl sent none", again{wanted: b, live: a}, correct, "SHIP21"},
		{"a new number, and somebody changed it", again{wanted: c, live: b, sent: []string{a}}, correct, "SHIP21"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := tt.a.judge()
			got := keep
			switch {
			case v.held != "":
				got = string(v.held)
			case v.correct:
				got = correct
			}
			note := ""
			if v.note != nil {
				note = v.note.Rule
				if v.note.Severity != rules.Warn {
					t.Errorf("severity %s", v.note.Severity)
				}
			}
			if got != tt.want || note != tt.note {
				t.Errorf("%s with the note %q, want %s with %q", got, note, tt.want, tt.note)
			}
			if (v.held != "") != (v.message != "") {
				t.Errorf("held as %q with the message %q", v.held, v.message)
			}
		})
	}
}

func TestWhatIsSaidOfACorrection(t *testing.T) {
	for _, tt := range []struct {
		a    again
		says string
	}{
		{again{wanted: "2B", live: "1A", sent: []string{"1A"}, sentAgo: 75 * time.Hour}, "replaces 1A, sent 3 days ago; if this is a second parcel, keep the first number"},
		{again{wanted: "2B", live: "1A", sent: []string{"1A"}, sentAgo: time.Hour}, "replaces 1A, sent 1 hour ago;"},
		{again{wanted: "2B", live: "1A", sent: []string{"1A"}, sentAgo: time.Second}, "sent less than a minute ago;"},
		{again{wanted: "2B", live: "1A", sent: []string{"1A"}}, "replaces 1A, sent before;"},
		{again{wanted: "2B", live: "1A"}, "gdfctl did not send the present number"},
		{again{wanted: "1A", live: "2B", sent: []string{"1A"}}, "somebody changed it to 2B; gdfctl does not change it back"},
	} {
		if v := tt.a.judge(); !strings.Contains(v.note.Message, tt.says) {
			t.Errorf("%q does not say %q", v.note.Message, tt.says)
		}
	}
}

// Without being asked by a raised attempt, no number is sent twice, none that
// can't be right, and none instead of one that somebody else chose.
func TestCorrectionsAreSafe(t *testing.T) {
	number := rapid.SampledFrom([]string{"", "1A", "2B", "3C", "03C"})
	rapid.Check(t, func(t *rapid.T) {
		sent := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"1A", "2B", "3C"}), 0, 3, rapid.ID).Draw(t, "sent")
		a := again{wanted: number.Draw(t, "wanted"), live: number.Draw(t, "live"), sent: sent, doubtful: rapid.Bool().Draw(t, "doubtful")}
		if rapid.Bool().Draw(t, "bad") {
			a.bad = &rules.Finding{Rule: "SHIP18", Message: "bad"}
		}
		v := a.judge()
		if !v.correct {
			return
		}
		if carrier.SameNumber(a.wanted, a.live) || a.bad != nil || a.wanted == "" {
			t.Fatalf("%+v is corrected", a)
		}
		for _, n := range sent {
			if a.live != "" && carrier.SameNumber(n, a.wanted) {
				t.Fatalf("%+v: %s is sent again", a, n)
			}
		}
		// Sent, it is as wanted.
		a.sent, a.live = append(sent, a.wanted), a.wanted
		if v := a.judge(); v.correct || v.held != "" {
			t.Fatalf("sent, it is judged %+v", v)
		}
	})
}
