package state

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state/local"
)

// A parcel is remembered from when it was first noticed, until a read shows the order as
// not canceled, or nobody noticed it for long; meanwhile its order is not closed.
func TestAParcelIsRemembered(t *testing.T) {
	at := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	k := Key{Endpoint: "https://api.example", Account: "main", ID: "o1"}
	ref := order.Ref{ID: "o1", Source: "Amazon", SourceNumber: "112-1"}
	parcel := order.Parcel{Tracking: "1Z999AA10123456784", Carrier: "UPS"}
	read := func(status order.Status, after time.Duration) Observation {
		return Observation{Key: k, Ref: ref, Observed: Observed{Values: order.Values{Status: status}, At: at.Add(after)}, Closed: &order.Values{Status: status}}
	}
	for name, c := range map[string]struct {
		change func(*State)
		want   *Pull
	}{
		"noticed twice":       {func(s *State) { s.pull(k, ref, parcel, at.Add(time.Hour)) }, &Pull{parcel, at, at.Add(time.Hour)}},
		"another parcel":      {func(s *State) { s.pull(k, ref, order.Parcel{Tracking: "9400"}, at.Add(time.Hour)) }, &Pull{order.Parcel{Tracking: "9400"}, at.Add(time.Hour), at.Add(time.Hour)}},
		"read as canceled":    {func(s *State) { s.observe(read(order.Cancelled, time.Hour)) }, &Pull{parcel, at, at}},
		"read as open":        {func(s *State) { s.observe(read(order.New, time.Hour)) }, nil},
		"read a week later":   {func(s *State) { s.observe(read(order.Cancelled, PullFor+time.Second)) }, nil},
		"closed a week later": {func(s *State) { s.observe(read(order.Cancelled, PullFor)) }, &Pull{parcel, at, at}},
	} {
		t.Run(name, func(t *testing.T) {
			closed, _, err := openClosed(local.NewOn(newCrashFS(), "gdfctl.state.json"))
			if err != nil {
				t.Fatal(err)
			}
			s := newState(closed)
			s.pull(k, ref, parcel, at)
			c.change(s)
			var got *Pull
			if e, ok := s.Entry(k); ok {
				stored := storeEntry(e)
				got = stored.entry(k).Pull
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
