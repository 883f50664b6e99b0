package audit

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/ordername"
	"github.com/gdfctl/gdfctl/internal/provenance"
)

// What the sieve passes by, no filter chooses.
func TestTheSievePassesWhatIsChosen(t *testing.T) {
	name := rapid.StringMatching(`[ aAkKsS1#"<\\Kſé_-]{0,4}`)
	rapid.Check(t, func(t *rapid.T) {
		r := Entry{
			Order:  &Order{Ref: order.Ref{ID: name.Draw(t, "id"), Source: name.Draw(t, "source"), SourceNumber: name.Draw(t, "number")}, OrderNumber: name.Draw(t, "own")},
			Before: &order.Values{Tracking: name.Draw(t, "before")}, After: &order.Values{Tracking: name.Draw(t, "after")},
		}
		o := r.Order
		for _, own := range []string{o.ID, o.SourceNumber, o.OrderNumber, o.Ref.String(), o.Source + "/" + o.SourceNumber, r.Before.Tracking, r.After.Tracking, name.Draw(t, "another")} {
			asked := ordername.Parse(rapid.SampledFrom([]string{own, strings.ToUpper(own), strings.ToLower(own), " " + own, own + "- "}).Draw(t, "asked for"))
			line, _, err := Head{}.chain(r)
			if err != nil {
				t.Fatal(err)
			}
			sieve := sieve{marks: marksOf(asked.Words())}
			if r.named(asked) && !sieve.mayHold(line) {
				t.Fatalf("%q is not found in %s", asked.Words(), line)
			}
		}
	})
}

func TestParseAuditHead(t *testing.T) {
	hash := strings.Repeat("ab", 32)
	if h, err := ParseHead(" " + strings.ToUpper(hash) + "@12\n"); err != nil || h != (Head{Hash: hash, Lines: 12}) {
		t.Errorf("%+v, %v", h, err)
	}
	for _, s := range []string{"", "@", hash, hash + "@", hash + "@0", hash + "@x", hash[2:] + "@1", strings.Repeat("xy", 32) + "@1"} {
		if h, err := ParseHead(s); err == nil {
			t.Errorf("%q: %+v", s, h)
		}
	}
}

// An entry is found by the block that wanted it, its plan, its pull request and its commit.
func TestWhatAFilterChooses(t *testing.T) {
	e := Entry{Address: `batch.shop["Amazon/112-1"]`, PlanHash: "37637a124fb3", Provenance: provenance.Provenance{PullRequest: "https://github.example/o/r/pull/17", Commit: "ab12cd3", Merge: "fedc"}}
	e.Head = "0123ab"
	for chosen, filters := range map[bool][]Filter{
		true: {
			{},
			{Address: "batch.shop"},
			{Address: e.Address},
			{PlanHash: "3763"},
			{PullRequest: "17"},
			{PullRequest: "#17"},
			{PullRequest: e.PullRequest + "/"},
			{Commit: "ab12"},
			{Commit: "0123"},
			{Commit: "fedc"},
			{Address: "batch.shop", PullRequest: "!17"},
		},
		false: {
			{Address: "batch.sho"},
			{Address: "batch"},
			{PlanHash: "7637"},
			{PullRequest: "7"},
			{PullRequest: "117"},
			{PullRequest: "https://github.example/o/other/pull/17"},
			{Commit: "b12c"},
			{Address: "batch.shop", PullRequest: "18"},
		},
	} {
		for _, f := range filters {
			if f.chooses(&e) != chosen {
				t.Errorf("%+v: %v", f, !chosen)
			}
		}
	}
	if by := (Filter{PullRequest: "17"}); !by.chooses(&Entry{Provenance: provenance.Provenance{PullRequest: "17"}}) || by.chooses(&Entry{}) {
		t.Error("a number is not that pull request, or none is")
	}
}

// All entries of an order are found by each number that it ever had, and none of
// another order: not of one with the same number at the marketplace, once an ID is named.
func TestAFamilyOfEntries(t *testing.T) {
	storage := &inMemory{}
	log, _, err := Open(storage, nil)
	must(t, err)
	ref := order.Ref{ID: "x1", Source: "Amazon", SourceNumber: "112-1"}
	twin := order.Ref{ID: "x2", Source: "Amazon", SourceNumber: "112-1"}
	entry := func(ref order.Ref, own, tracking, before string) Entry {
		return Entry{
			Account: "main", Order: &Order{Ref: ref, OrderNumber: own, Tracking: tracking}, Action: string(order.Ship), Result: order.Done,
			Before: &order.Values{Tracking: before}, After: &order.Values{OrderNumber: own, Tracking: tracking},
		}
	}
	other := order.Ref{ID: "y", Source: "Walmart", SourceNumber: "200"}
	made := order.Ref{Source: "Phone", SourceNumber: "P-7"}
	// The lines are counted from 1, in the order that they stand in here.
	for _, e := range []Entry{
		entry(ref, "SO-1", "", ""),
		entry(other, "SO-9", "1Z999AA10123456784", ""),
		entry(ref, "", "9400 1118 9922 3857 1020 40", ""),
		entry(ref, "", "1Z5", "9400111899223857102040"),
		entry(twin, "SO-2", "1Z6", ""),
		{Action: Unlock},
		entry(made, "SO-7", "", ""),
		entry(order.Ref{ID: "z", Source: "phone", SourceNumber: "p-7"}, "", "1Z8", ""),
	} {
		must(t, log.Append(e))
	}
	must(t, errors.Join(log.Sync(), log.Close()))
	for name, want := range map[string][]int{
		"SO-1": {1, 3, 4}, "so-1": {1, 3, 4}, "x1": {1, 3, 4}, "420902109400111899223857102040": {1, 3, 4}, "1Z5": {1, 3, 4}, "1z-5": {1, 3, 4},
		"112-1": {1, 3, 4, 5}, "amazon 112-1": {1, 3, 4, 5}, "1Z6": {5}, `batch.b["Amazon/112-1"]`: {1, 3, 4, 5},
		"SO-7": {7, 8}, "1Z8": {7, 8}, "z": {7, 8}, "Z": nil, "112": nil, "1Z": nil, "": {1, 2, 3, 4, 5, 6, 7, 8},
	} {
		var got []int
		for e, err := range List(storage, Filter{Any: name}) {
			must(t, err)
			got = append(got, e.Line)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: lines %v, want %v", name, got, want)
		}
	}
}
